package io.naru.coordinator.group.classic;

import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicPhase.Empty;
import io.naru.coordinator.group.state.ClassicPhase.Preparing;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;

/** Heartbeat: keeps a member's session, and tells it to join again when the group is being rebalanced. */
public final class ClassicHeartbeats {

    private final ClassicRebalances rebalances;

    ClassicHeartbeats(ClassicRebalances rebalances) {
        this.rebalances = rebalances;
    }

    /** Errors 22, 25, 82; 27 is the call to join again. */
    Errors beat(ClassicGroup group, HeartbeatRequestData request, long nowMs) {
        ClassicMember member = group.identify(request.memberId(), request.groupInstanceId());
        checkGeneration(group, request.generationId());
        if (group.phase() instanceof Empty) {
            throw group.unknown(member.memberId());
        }
        boolean preparing = group.phase() instanceof Preparing;
        if (!(group.phase() instanceof Preparing p && p.awaits(member.memberId()))) {
            rebalances.startSession(group, member, nowMs);
        }
        return preparing ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    public static void checkGeneration(ClassicGroup group, int generation) {
        if (generation != group.generation()) {
            throw Errors.ILLEGAL_GENERATION.exception(
                    "group " + group.groupId() + " is at generation " + group.generation() + ", not " + generation);
        }
    }
}
