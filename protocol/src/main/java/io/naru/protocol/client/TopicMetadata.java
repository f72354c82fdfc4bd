package io.naru.protocol.client;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A topic as a node last told.
 *
 * @param name       its name
 * @param topicId    its id, or {@link Uuid#ZERO_UUID} from nodes that do not tell
 * @param internal   whether it belongs to the system
 * @param partitions in order of their index
 */
public record TopicMetadata(String name, Uuid topicId, boolean internal, List<PartitionMetadata> partitions) {

    /** No leader is known. */
    public static final int NO_LEADER = -1;

    /** Copies the list. */
    public TopicMetadata {
        partitions = List.copyOf(partitions);
    }

    /**
     * One partition.
     *
     * @param partition   index
     * @param leader      node id, or {@link #NO_LEADER}
     * @param leaderEpoch epoch of that leader, or −1 when not told
     */
    public record PartitionMetadata(int partition, int leader, int leaderEpoch) {}
}
