package io.naru.cluster.control;

import io.naru.cluster.PartitionImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@link AlterPartitions}, in its order.
 *
 * @param partitions   one result each
 * @param imageVersion version of the image that first shows the changes
 */
public record AlteredPartitions(List<AlteredPartition> partitions, long imageVersion) {

    /** Copies the list. */
    public AlteredPartitions {
        partitions = List.copyOf(partitions);
    }

    /**
     * What became of one partition.
     *
     * @param errorCode 0; 100 no such topic, 3 no such partition; 41 its epochs are ahead of this controller's, which has been
     *                  replaced: ask again; 74 its leader epoch is old; 42 the asker does not lead it, or the ISR makes no sense (without
     *                  the leader, twice the same, no replica, the partition named twice); 95 its partition epoch is old
     *                  (INVALID_UPDATE_VERSION); 107 a replica may not join now (fenced, shutting down, offline or registered anew)
     * @param state     the partition as it is now, whether or not it changed; its ISR may be another than was asked for even without an
     *                  error, for a reassignment that is complete is finished at once. Null when there is no such partition
     */
    public record AlteredPartition(
            short errorCode, @Nullable PartitionImage state) {}
}
