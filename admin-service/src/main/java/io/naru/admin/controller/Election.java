package io.naru.admin.controller;

import io.naru.cluster.PartitionImage;
import java.util.List;

/**
 * Who leads a partition and who is in sync, after whatever has happened to its replicas:
 *
 * <ol>
 *   <li>the leader stays while it is in sync and alive; else the first replica that is;
 *   <li>else the first eligible one (KIP-966). It alone is in sync then, and those who were are eligible;
 *   <li>else the leader, if it is shutting down and nobody can take over;
 *   <li>else, if the topic wants that rather than wait, any replica that is alive, with what it has (unclean);
 *   <li>else nobody.
 * </ol>
 *
 * Whoever is not alive leaves the ISR, as long as that leaves somebody. A reassignment ends once all of its target is in sync.
 */
final class Election {

    private Election() {}

    /** The partition with the rules kept; the very same when they were. */
    static PartitionImage settle(PartitionImage partition, TopicPolicy policy, LiveReplicas.Of replicas) {
        PartitionEdit edit = new PartitionEdit(partition);
        elect(partition, policy, replicas, edit);
        if (partition.reassigning()) {
            Reassignment.completeIfInSync(partition, replicas, edit);
        }
        return edit.done();
    }

    /** Whether it is plain that {@link #settle} would change nothing: so with nearly all partitions nearly always. */
    static boolean isSettled(PartitionImage partition, LiveReplicas.Of replicas) {
        return partition.elr().isEmpty()
                && !partition.reassigning()
                && partition.isr().contains(partition.leader())
                && replicas.allAlive(partition.isr());
    }

    private static void elect(
            PartitionImage partition, TopicPolicy policy, LiveReplicas.Of replicas, PartitionEdit edit) {
        int min = partition.minInSyncReplicas(policy.minInSyncReplicas());
        List<Integer> inSync = replicas.alive(partition.isr());
        if (!inSync.isEmpty()) {
            edit.isr(inSync, min);
            if (!inSync.contains(partition.leader())) {
                edit.leader(replicas.toLead(partition.replicas(), inSync));
            }
            return;
        }
        List<Integer> eligible = replicas.alive(partition.elr());
        if (!eligible.isEmpty()) {
            int leader = replicas.toLead(partition.replicas(), eligible);
            edit.isr(List.of(leader), min).leader(leader);
            return;
        }
        if (partition.isr().contains(partition.leader()) && replicas.serves(partition.leader())) {
            return;
        }
        if (policy.uncleanElection()) {
            unclean(partition, replicas, edit);
        } else {
            edit.leader(PartitionImage.NO_LEADER);
        }
    }

    /** Makes any live replica the leader, or nobody if there is none. */
    static void unclean(PartitionImage partition, LiveReplicas.Of replicas, PartitionEdit edit) {
        int leader = replicas.toLead(partition.replicas(), replicas.alive(partition.replicas()));
        edit.leader(leader);
        if (leader != PartitionImage.NO_LEADER) {
            edit.only(leader);
        }
    }
}
