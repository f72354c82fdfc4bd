package io.naru.coordinator.group.consumer;

import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.record.MemberState;
import io.naru.coordinator.record.PartitionId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a heartbeat, and whether it may.
 *
 * @param group the group, new and empty if it does not exist yet
 * @param known the member as the group knows it; under another id if a static member comes back; null if it is new
 * @param owned what the sender says it owns, or null when it says nothing
 */
record HeartbeatMember(
        ConsumerGroup group,
        @Nullable ConsumerGroupMember known,
        @Nullable Set<PartitionId> owned) {

    /** Looks the sender up, and fences it if it has lost its place (KIP-848). */
    static HeartbeatMember of(ConsumerGroupHeartbeatRequestData request, ConsumerGroup group) {
        boolean joins = request.memberEpoch() == ConsumerGroupMember.JOIN_EPOCH;
        Set<PartitionId> owned = owned(request);
        ConsumerGroupMember known = request.instanceId() == null
                ? dynamicMember(request, group, joins)
                : staticMember(request.memberId(), request.instanceId(), group, joins);
        if (known != null && !joins) {
            checkEpoch(known, request.memberEpoch(), owned);
        }
        return new HeartbeatMember(group, known, owned);
    }

    /** The member that leaves. */
    static ConsumerGroupMember leaving(ConsumerGroupHeartbeatRequestData request, ConsumerGroup group) {
        ConsumerGroupMember member = request.instanceId() == null
                ? dynamicMember(request, group, false)
                : staticMember(request.memberId(), request.instanceId(), group, false);
        if (member == null) {
            throw unknown(request.memberId(), group);
        }
        return member;
    }

    private static @Nullable ConsumerGroupMember dynamicMember(
            ConsumerGroupHeartbeatRequestData request, ConsumerGroup group, boolean joins) {
        ConsumerGroupMember member = group.member(request.memberId()).orElse(null);
        if (member == null && !joins) {
            throw unknown(request.memberId(), group);
        }
        return member;
    }

    private static @Nullable ConsumerGroupMember staticMember(
            String memberId, String instanceId, ConsumerGroup group, boolean joins) {
        ConsumerGroupMember member = group.staticMember(instanceId).orElse(null);
        if (member == null) {
            if (!joins) {
                throw unknown(memberId, group);
            }
            return group.member(memberId).orElse(null);
        }
        boolean same = member.memberId().equals(memberId);
        // A classic member does not say that it goes away for its successor of the new protocol.
        boolean classic = member.subscription().classic() != null;
        if (joins && !same && !member.isAway() && !classic) {
            throw Errors.UNRELEASED_INSTANCE_ID.exception(
                    "instance " + instanceId + " of group " + group.groupId() + " is in use by another member");
        }
        if (!joins && !same) {
            throw Errors.FENCED_INSTANCE_ID.exception(
                    "instance " + instanceId + " of group " + group.groupId() + " is another member now");
        }
        return member;
    }

    /**
     * A member that did not get its last answer still has the epoch before. It may go on if it owns nothing that it was not given: then
     * it cannot hold what is another's by now.
     */
    private static void checkEpoch(ConsumerGroupMember member, int epoch, @Nullable Set<PartitionId> owned) {
        boolean current = epoch == member.epoch();
        boolean previous = epoch < member.epoch()
                && epoch == member.current().previousMemberEpoch()
                && owned != null
                && member.current().assigned().keySet().containsAll(owned);
        boolean lostMeaning = member.current().state() == MemberState.UNKNOWN && (owned == null || !owned.isEmpty());
        if (lostMeaning || !(current || previous)) {
            throw Errors.FENCED_MEMBER_EPOCH.exception("member epoch " + epoch + " is not " + member.epoch()
                    + ", the epoch of member " + member.memberId()
                    + "; it must give up all its partitions and join again");
        }
    }

    private static @Nullable Set<PartitionId> owned(ConsumerGroupHeartbeatRequestData request) {
        List<ConsumerGroupHeartbeatRequestData.TopicPartitions> topics = request.topicPartitions();
        if (topics == null) {
            return null;
        }
        Set<PartitionId> owned = new HashSet<>();
        topics.forEach(topic ->
                topic.partitions().forEach(partition -> owned.add(new PartitionId(topic.topicId(), partition))));
        return owned;
    }

    private static RuntimeException unknown(String memberId, ConsumerGroup group) {
        return Errors.UNKNOWN_MEMBER_ID.exception(
                "group " + group.groupId() + " has no member " + memberId + "; it must join again");
    }
}
