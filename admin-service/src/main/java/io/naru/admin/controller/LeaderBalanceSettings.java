package io.naru.admin.controller;

/**
 * When leaderships go back to preferred replicas by themselves.
 *
 * @param enabled    whether they do
 * @param intervalMs how often it is looked at
 * @param percentage of the partitions that prefer a broker, how many may be led elsewhere
 */
public record LeaderBalanceSettings(boolean enabled, long intervalMs, int percentage) {

    /** As Kafka does by default: every five minutes, beyond ten percent. */
    public static final LeaderBalanceSettings DEFAULT = new LeaderBalanceSettings(true, 300_000, 10);
}
