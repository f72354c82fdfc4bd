package io.naru.coordinator.record;

import org.apache.kafka.common.Uuid;

/**
 * What a group has committed for one partition.
 *
 * @param offset            next offset to read, ≥ 0
 * @param leaderEpoch       leader epoch of the last record read, or {@link #NO_LEADER_EPOCH}
 * @param metadata          the client's own note, never null
 * @param commitTimestampMs when it was committed
 * @param expireTimestampMs when it lapses, or {@link #NO_EXPIRY}: only clients of before Kafka 2.1 say so themselves
 * @param topicId           the topic it was committed for, or {@link Uuid#ZERO_UUID} when that was not known
 */
public record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs, Uuid topicId) {

    /** The client did not tell a leader epoch. */
    public static final int NO_LEADER_EPOCH = -1;

    /** The offset lapses by the cluster's retention. */
    public static final long NO_EXPIRY = -1;
}
