package io.naru.coordinator.group.state;

/**
 * How groups of the classic protocol behave.
 *
 * @param sessionTimeoutMinMs     shortest session a member may ask for ({@code group.min.session.timeout.ms})
 * @param sessionTimeoutMaxMs     longest ({@code group.max.session.timeout.ms})
 * @param initialRebalanceDelayMs how long an empty group waits for more members after the first has come, and again after each further
 *                                one ({@code group.initial.rebalance.delay.ms})
 * @param newcomerTimeoutMs       a member that has not been told its id cannot send heartbeats; it is dropped when its first rebalance
 *                                takes longer than this
 */
public record ClassicSettings(
        int sessionTimeoutMinMs, int sessionTimeoutMaxMs, int initialRebalanceDelayMs, int newcomerTimeoutMs) {

    /** Refuses what cannot work. */
    public ClassicSettings {
        if (sessionTimeoutMinMs < 1 || sessionTimeoutMaxMs < sessionTimeoutMinMs) {
            throw new IllegalArgumentException("session timeouts from " + sessionTimeoutMinMs + " to "
                    + sessionTimeoutMaxMs + " ms leave nothing to choose");
        }
        if (initialRebalanceDelayMs < 0 || newcomerTimeoutMs < 1) {
            throw new IllegalArgumentException("group delays must not be negative");
        }
    }

    /** Kafka's defaults. */
    public static ClassicSettings defaults() {
        return new ClassicSettings(6_000, 1_800_000, 3_000, 300_000);
    }
}
