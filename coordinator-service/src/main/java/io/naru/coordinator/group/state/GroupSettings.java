package io.naru.coordinator.group.state;

/**
 * How groups behave.
 *
 * @param sessionTimeoutMs       a member silent for so long is evicted ({@code group.consumer.session.timeout.ms})
 * @param heartbeatIntervalMs    how often members are told to call ({@code group.consumer.heartbeat.interval.ms})
 * @param membersMax             members of one group ({@code group.consumer.max.size})
 * @param offsetMetadataBytesMax note that goes with a committed offset ({@code offset.metadata.max.bytes})
 * @param offsetsRetentionMs     committed offsets of a group without members lapse after so long ({@code offsets.retention.minutes})
 * @param offsetsCheckIntervalMs how often that is looked at ({@code offsets.retention.check.interval.ms})
 * @param classic                groups of the classic protocol
 */
public record GroupSettings(
        int sessionTimeoutMs,
        int heartbeatIntervalMs,
        int membersMax,
        int offsetMetadataBytesMax,
        long offsetsRetentionMs,
        long offsetsCheckIntervalMs,
        ClassicSettings classic) {

    private static final int MEMBERS_MAX = 20_000;
    private static final long SEVEN_DAYS_MS = 7L * 24 * 60 * 60 * 1000;

    private static final long TEN_MINUTES_MS = 10L * 60 * 1000;

    /** Refuses what cannot work. */
    public GroupSettings {
        if (heartbeatIntervalMs < 1 || sessionTimeoutMs <= heartbeatIntervalMs) {
            throw new IllegalArgumentException("the session timeout (" + sessionTimeoutMs
                    + " ms) must be longer than the heartbeat interval (" + heartbeatIntervalMs + " ms)");
        }
        if (membersMax < 1 || offsetMetadataBytesMax < 0 || offsetsRetentionMs < 0 || offsetsCheckIntervalMs < 1) {
            throw new IllegalArgumentException("group limits must not be negative");
        }
    }

    /** Kafka's defaults, and a bound for members. */
    public static GroupSettings defaults() {
        return new GroupSettings(
                45_000, 5_000, MEMBERS_MAX, 4_096, SEVEN_DAYS_MS, TEN_MINUTES_MS, ClassicSettings.defaults());
    }
}
