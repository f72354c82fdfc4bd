package io.naru.admin.controller;

import io.naru.cluster.config.BrokerConfig;
import io.naru.cluster.config.BrokerConfigs;
import java.util.HashMap;
import java.util.Map;

/**
 * What the controller's decisions depend on beside its state.
 *
 * @param sessionTimeoutMs              silence after which a broker or coordinator is taken for dead
 * @param numPartitions                 partitions of a topic created without a count
 * @param defaultReplicationFactor      replicas of a topic created without a factor
 * @param offsetsTopic                  {@code __consumer_offsets}
 * @param maxPartitionsPerTopic         most partitions one topic may have
 * @param maxPartitions                 most partitions the cluster may have
 * @param leaderBalance                 when leaderships go back to preferred replicas
 */
public record ControllerSettings(
        long sessionTimeoutMs,
        int numPartitions,
        int defaultReplicationFactor,
        OffsetsTopicSettings offsetsTopic,
        int maxPartitionsPerTopic,
        int maxPartitions,
        LeaderBalanceSettings leaderBalance) {

    /**
     * How {@code __consumer_offsets} is made.
     *
     * @param partitions        which is as many group shards
     * @param replicationFactor replicas of each once there are as many brokers
     */
    public record OffsetsTopicSettings(int partitions, int replicationFactor) {}

    /** What of it are broker configs to Kafka, under its names, as far as they are not at their defaults. */
    Map<String, String> brokerConfigs() {
        Map<String, String> configs = new HashMap<>();
        configs.put("num.partitions", Integer.toString(numPartitions));
        configs.put("default.replication.factor", Integer.toString(defaultReplicationFactor));
        configs.put("offsets.topic.num.partitions", Integer.toString(offsetsTopic.partitions));
        configs.put("offsets.topic.replication.factor", Integer.toString(offsetsTopic.replicationFactor));
        configs.put("broker.session.timeout.ms", Long.toString(sessionTimeoutMs));
        configs.put("auto.leader.rebalance.enable", Boolean.toString(leaderBalance.enabled()));
        configs.put(
                "leader.imbalance.check.interval.seconds",
                Long.toString(Math.max(1, leaderBalance.intervalMs() / 1000)));
        configs.entrySet()
                .removeIf(config -> BrokerConfigs.find(config.getKey())
                        .map(BrokerConfig::defaultValue)
                        .filter(config.getValue()::equals)
                        .isPresent());
        return Map.copyOf(configs);
    }
}
