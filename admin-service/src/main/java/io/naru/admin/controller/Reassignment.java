package io.naru.admin.controller;

import io.naru.cluster.PartitionImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Moves a partition to other replicas (KIP-455): the new ones are added to the old, and when all of the target is in sync the rest is
 * removed, the leadership moving first if it must.
 */
final class Reassignment {

    private Reassignment() {}

    /**
     * Begins to move {@code partition} to {@code target}, in place of where it may be moving now: whoever was only just being added, and
     * is not wanted any more, goes at once.
     */
    static PartitionEdit begin(PartitionImage partition, List<Integer> target) {
        List<Integer> original = partition.original();
        Set<Integer> replicas = new LinkedHashSet<>(target);
        replicas.addAll(original);
        return new PartitionEdit(partition)
                .reassign(new ArrayList<>(replicas), without(target, original), without(original, target));
    }

    private static List<Integer> without(List<Integer> all, List<Integer> some) {
        return all.stream().filter(id -> !some.contains(id)).toList();
    }

    /** Ends the reassignment under way if all of its target is in sync and alive. */
    static void completeIfInSync(PartitionImage partition, LiveReplicas.Of live, PartitionEdit edit) {
        List<Integer> target = partition.target();
        if (!edit.isr().containsAll(target) || !live.allAlive(target)) {
            return;
        }
        edit.reassign(target, List.of(), List.of());
        if (!target.contains(edit.leader())) {
            edit.leader(target.get(0));
        }
    }
}
