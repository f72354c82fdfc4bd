package io.naru.gateway.topic;

import org.apache.kafka.common.protocol.Errors;

/**
 * Where a partition begins and ends.
 *
 * @param earliest offset of its first record, or of the next one when it is empty
 * @param end      offset after its last record that readers can see
 * @param error    why neither is known; {@link Errors#NONE} when they are
 */
public record PartitionOffsets(long earliest, long end, Errors error) {

    /** Neither is known. */
    static PartitionOffsets unknown(Errors error) {
        return new PartitionOffsets(-1, -1, error);
    }

    /** Whether another leader may know. */
    boolean isStale() {
        return switch (error) {
            case NOT_LEADER_OR_FOLLOWER,
                    LEADER_NOT_AVAILABLE,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    OFFSET_NOT_AVAILABLE,
                    BROKER_NOT_AVAILABLE -> true;
            default -> false;
        };
    }
}
