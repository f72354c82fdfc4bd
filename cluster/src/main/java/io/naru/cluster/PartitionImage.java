package io.naru.cluster;

import java.util.List;

/**
 * One partition of a topic.
 *
 * @param partition      index, ≥ 0
 * @param replicas       broker ids, preferred leader first
 * @param isr            in-sync replicas, a subset of {@code replicas}
 * @param leader         leading broker, or {@link #NO_LEADER}
 * @param leaderEpoch    grows whenever the leader changes
 * @param partitionEpoch grows with every change of this record; what AlterPartition compares and sets
 */
public record PartitionImage(
        int partition, List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {

    /** No in-sync replica is alive. */
    public static final int NO_LEADER = -1;

    /** Copies the lists. */
    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }

    /** The same partition led by {@code newLeader}: both epochs move. */
    public PartitionImage withLeader(int newLeader) {
        return new PartitionImage(partition, replicas, isr, newLeader, leaderEpoch + 1, partitionEpoch + 1);
    }
}
