package io.naru.cluster.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Begins and cancels reassignments (KIP-455): the new replicas are added, and once all of the target is in sync it alone is left. Answered
 * with {@link PartitionResults}: 3 no such partition; 39 the target makes no sense; 38 it changes the replication factor; 85 there is
 * nothing to cancel.
 *
 * @param partitions                    what to do
 * @param allowReplicationFactorChange  false refuses targets of another size (KIP-860)
 */
public record AlterReassignments(List<Reassignment> partitions, boolean allowReplicationFactorChange) {

    /**
     * One partition.
     *
     * @param partition which
     * @param replicas  broker ids, preferred leader first, in place of a target that it may have already; null cancels
     */
    public record Reassignment(
            PartitionName partition, @Nullable List<Integer> replicas) {}
}
