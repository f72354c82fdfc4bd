package io.naru.coordinator.group.classic;

import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** LeaveGroup: members go by themselves, or an administrator takes them out by their instance id (KIP-345). */
final class ClassicLeaves {

    private static final int REASON_MAX = 255;

    private final ClassicRebalances rebalances;

    ClassicLeaves(ClassicRebalances rebalances) {
        this.rebalances = rebalances;
    }

    /** One answer for each, in their order: 0, 25 or 82. */
    List<MemberResponse> leave(ClassicGroup group, List<MemberIdentity> leaving, Changes changes, long nowMs) {
        List<MemberResponse> answers = new ArrayList<>(leaving.size());
        String reason = null;
        for (MemberIdentity identity : leaving) {
            Errors error = Errors.NONE;
            try {
                reason = leave(group, identity, reason, changes);
            } catch (ApiException refused) {
                error = Errors.forException(refused);
            }
            answers.add(new MemberResponse()
                    .setMemberId(identity.memberId())
                    .setGroupInstanceId(identity.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        if (reason == null) {
            rebalances.settle(group, changes, nowMs);
        } else {
            rebalances.afterRemoval(group, reason, changes, nowMs);
        }
        return answers;
    }

    private @Nullable String leave(
            ClassicGroup group, MemberIdentity identity, @Nullable String reason, Changes changes) {
        if (group.pending().contains(identity.memberId())) {
            rebalances.takePending(group, identity.memberId());
            return reason;
        }
        String instanceId = identity.groupInstanceId();
        ClassicMember member = identity.memberId().isEmpty() && instanceId != null
                ? group.staticMember(instanceId).orElseThrow(() -> group.unknown(instanceId))
                : group.identify(identity.memberId(), instanceId);
        rebalances.take(group, member, changes);
        String why = identity.reason();
        return reason != null
                ? reason
                : "member " + member.memberId() + " left"
                        + (why == null || why.isEmpty()
                                ? ""
                                : ": " + why.substring(0, Math.min(why.length(), REASON_MAX)));
    }
}
