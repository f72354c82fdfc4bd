package io.naru.coordinator.record;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member owns. Each partition comes with the member epoch in which the member got it, so that a commit sent before a rebalance
 * and arriving after it still counts for partitions that were the member's all along (KIP-1251).
 *
 * @param memberEpoch         epoch the member has reached; 0 before its first assignment, −2 for a static member that is away
 * @param previousMemberEpoch the epoch before: a member whose last answer was lost still sends it
 * @param state               where it stands
 * @param assigned            partitions it may read
 * @param pendingRevocation   partitions it must give up, and owns until it says it has
 */
public record CurrentAssignment(
        int memberEpoch,
        int previousMemberEpoch,
        MemberState state,
        SortedMap<PartitionId, Integer> assigned,
        SortedMap<PartitionId, Integer> pendingRevocation) {

    /** A member that has just appeared. */
    public static final CurrentAssignment NONE =
            new CurrentAssignment(0, 0, MemberState.STABLE, new TreeMap<>(), new TreeMap<>());

    /** Copies the maps. */
    public CurrentAssignment {
        assigned = copy(assigned);
        pendingRevocation = copy(pendingRevocation);
    }

    private static SortedMap<PartitionId, Integer> copy(SortedMap<PartitionId, Integer> partitions) {
        return partitions.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    }
}
