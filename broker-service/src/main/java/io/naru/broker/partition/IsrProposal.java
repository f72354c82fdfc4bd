package io.naru.broker.partition;

import io.naru.cluster.control.AlterPartitions.IsrMember;
import java.util.List;

/**
 * A change of the ISR that a leader wants.
 *
 * @param leaderEpoch    of the leadership in whose name it is asked
 * @param partitionEpoch what the change is based on
 * @param isr            who is to be in sync, the leader included
 */
public record IsrProposal(int leaderEpoch, int partitionEpoch, List<IsrMember> isr) {

    /** Copies the list. */
    public IsrProposal {
        isr = List.copyOf(isr);
    }
}
