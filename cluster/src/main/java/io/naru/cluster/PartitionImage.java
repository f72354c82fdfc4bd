package io.naru.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a topic.
 *
 * @param partition      index, ≥ 0
 * @param replicas       broker ids, preferred leader first; during a reassignment the old and the new ones together
 * @param isr            in-sync replicas, a subset of {@code replicas}, in its order. The last one stays even when it dies, for it alone
 *                       has every record; empty only when it came back without its disk, or unclean while the ELR has others
 * @param elr            eligible leader replicas (KIP-966): no longer in sync, but known to have every committed record, since the high
 *                       watermark does not move while the ISR is below {@code min.insync.replicas}; disjoint from {@code isr}
 * @param adding         replicas that a reassignment adds
 * @param removing       replicas that a reassignment takes away once those of {@code adding} are in sync
 * @param leader         leading broker, or {@link #NO_LEADER}
 * @param leaderEpoch    grows whenever the leader changes
 * @param partitionEpoch grows with every change of this record, by more than one at times; what AlterPartition compares and sets
 */
public record PartitionImage(
        int partition,
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        List<Integer> adding,
        List<Integer> removing,
        int leader,
        int leaderEpoch,
        int partitionEpoch) {

    /** No replica that has every committed record is alive. */
    public static final int NO_LEADER = -1;

    /** Copies the lists; those that are null are empty. */
    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = copy(elr);
        adding = copy(adding);
        removing = copy(removing);
    }

    /** A partition that is not being reassigned, and with nobody eligible beside its ISR. */
    public PartitionImage(
            int partition, List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {
        this(partition, replicas, isr, List.of(), List.of(), List.of(), leader, leaderEpoch, partitionEpoch);
    }

    /** Whether a reassignment is under way. */
    public boolean reassigning() {
        return !adding.isEmpty() || !removing.isEmpty();
    }

    /** The replicas once the reassignment under way is done; all of them when there is none. */
    public List<Integer> target() {
        return without(replicas, removing);
    }

    /** The replicas that a cancelled reassignment leaves; all of them when there is none. */
    public List<Integer> original() {
        return without(replicas, adding);
    }

    /**
     * How many in-sync replicas it takes for the high watermark to move and an acks=all produce to be taken. Controller and leader
     * must agree on it, since the ELR rests on it: replicas that a reassignment adds do not count before they are there.
     *
     * @param configured the topic's {@code min.insync.replicas}
     */
    public int minInSyncReplicas(int configured) {
        return Math.min(configured, replicas.size() - adding.size());
    }

    private static List<Integer> without(List<Integer> all, List<Integer> some) {
        return some.isEmpty()
                ? all
                : all.stream().filter(id -> !some.contains(id)).toList();
    }

    /** The same partition led by {@code newLeader}: both epochs move. */
    public PartitionImage withLeader(int newLeader) {
        return new PartitionImage(
                partition, replicas, isr, elr, adding, removing, newLeader, leaderEpoch + 1, partitionEpoch + 1);
    }

    private static List<Integer> copy(@Nullable List<Integer> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
