package io.naru.cluster.control;

import java.util.List;

/**
 * A leader asks for other in-sync replicas (AlterPartition, KIP-497). Each partition is compared and set on its own.
 *
 * @param brokerId    the leader that asks
 * @param brokerEpoch its epoch as registered; another is refused as a whole (77)
 * @param partitions  what it asks for
 */
public record AlterPartitions(int brokerId, long brokerEpoch, List<AlterPartition> partitions) {

    /** Copies the list. */
    public AlterPartitions {
        partitions = List.copyOf(partitions);
    }

    /**
     * One partition.
     *
     * @param replica        which
     * @param leaderEpoch    epoch of the leadership in whose name it asks
     * @param partitionEpoch what it believes the partition's epoch to be; nothing changes when it is another
     * @param isr            who is to be in sync, the leader included
     */
    public record AlterPartition(ReplicaName replica, int leaderEpoch, int partitionEpoch, List<IsrMember> isr) {

        /** Copies the list. */
        public AlterPartition {
            isr = List.copyOf(isr);
        }
    }

    /**
     * A replica as its leader knows it.
     *
     * @param brokerId    who
     * @param brokerEpoch registration in which it has caught up; when it has registered anew since, it may have lost records (KIP-903)
     */
    public record IsrMember(int brokerId, long brokerEpoch) {}
}
