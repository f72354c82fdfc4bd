package io.naru.coordinator.group.consumer;

import io.naru.coordinator.record.CurrentAssignment;
import io.naru.coordinator.record.MemberState;
import io.naru.coordinator.record.PartitionId;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Leads one member one step from what it owns to its target (KIP-848): first it gives up what the target takes away, and only then does
 * its epoch move to the target's; partitions that others have not given up yet come later, one by one, in the same epoch. A pure
 * function.
 *
 * @param targetEpoch epoch of the target
 * @param target      the member's part of it
 * @param owned       what the member says it owns, or null when it says nothing
 * @param free        whether no other member owns a partition
 */
record MemberReconciler(
        int targetEpoch, Set<PartitionId> target, @Nullable Set<PartitionId> owned, Predicate<PartitionId> free) {

    /** The next step, or {@code current} itself when there is none. */
    CurrentAssignment next(CurrentAssignment current) {
        return switch (current.state()) {
            case STABLE -> current.memberEpoch() == targetEpoch ? current : advance(current);
            case UNREVOKED_PARTITIONS -> holdsAny(current.pendingRevocation()) ? current : advance(current);
            case UNRELEASED_PARTITIONS -> advance(current);
            // Callers let such a member in only when it owns nothing.
            case UNKNOWN -> advance(current);
        };
    }

    private CurrentAssignment advance(CurrentAssignment current) {
        SortedMap<PartitionId, Integer> kept = new TreeMap<>();
        SortedMap<PartitionId, Integer> revoked = new TreeMap<>();
        current.assigned()
                .forEach((partition, epoch) -> (target.contains(partition) ? kept : revoked).put(partition, epoch));
        if (!revoked.isEmpty() && holdsAny(revoked)) {
            return new CurrentAssignment(
                    current.memberEpoch(),
                    current.previousMemberEpoch(),
                    MemberState.UNREVOKED_PARTITIONS,
                    kept,
                    revoked);
        }
        boolean waiting = false;
        for (PartitionId partition : target) {
            if (free.test(partition)) {
                kept.putIfAbsent(partition, targetEpoch);
            } else {
                waiting = true;
            }
        }
        CurrentAssignment next = new CurrentAssignment(
                targetEpoch,
                current.memberEpoch() == targetEpoch
                        ? current.previousMemberEpoch()
                        : Math.max(0, current.memberEpoch()),
                waiting ? MemberState.UNRELEASED_PARTITIONS : MemberState.STABLE,
                kept,
                new TreeMap<>());
        return next.equals(current) ? current : next;
    }

    /** A member that says nothing may still hold everything. */
    private boolean holdsAny(Map<PartitionId, Integer> partitions) {
        return owned == null || owned.stream().anyMatch(partitions::containsKey);
    }
}
