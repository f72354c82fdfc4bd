package io.naru.coordinator.group.consumer;

import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupCurrentMemberAssignment;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMemberMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;

/** Takes a member out of its group, because it leaves or because it is evicted. */
public final class MemberRemoval {

    private MemberRemoval() {}

    /**
     * Emits the epoch first: wherever the log ends after it, the next heartbeat makes a new target without the member.
     *
     * @param member one of the group
     */
    public static void remove(
            ConsumerGroup group, ConsumerGroupMember member, TopicCatalog catalog, Changes changes, long nowMs) {
        String groupId = group.groupId();
        GroupTopics topics = GroupTopics.after(group, catalog, member.subscription(), null, nowMs);
        changes.emit(
                new ConsumerGroupMetadata(groupId, new ConsumerGroupMetadata.Epoch(group.epoch() + 1, topics.hash())));
        changes.emit(new ConsumerGroupCurrentMemberAssignment(groupId, member.memberId(), null));
        changes.emit(new ConsumerGroupTargetAssignmentMember(groupId, member.memberId(), null));
        changes.emit(new ConsumerGroupMemberMetadata(groupId, member.memberId(), null));
        topics.emitRegexes(group, changes);
    }
}
