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
     * @param errorCode 0; 3 or 100 no such partition; 41 the asker is not the leader; 42 the request makes no sense; 74 the leader epoch is
     *                  old; 107 a replica may not join now (fenced, shutting down, offline or registered anew); 95 the partition
     *                  epoch is another (INVALID_UPDATE_VERSION)
     * @param state     the partition as it is now, whether or not it changed; null when there is none
     */
    public record AlteredPartition(
            short errorCode, @Nullable PartitionImage state) {}
}
