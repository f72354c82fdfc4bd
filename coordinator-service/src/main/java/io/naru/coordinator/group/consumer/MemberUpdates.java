package io.naru.coordinator.group.consumer;

import io.naru.coordinator.group.history.RebalanceHistory;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.GroupTimers.TimerKind;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupCurrentMemberAssignment;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMemberMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import io.naru.coordinator.record.CurrentAssignment;
import io.naru.coordinator.record.MemberSubscription;
import io.naru.coordinator.record.PartitionId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a member of a consumer group, whichever protocol it speaks: its subscription, a new group epoch and target if that
 * changes who should get what, and its next step towards the target.
 */
public final class MemberUpdates {

    private final GroupTable table;
    private final GroupTimers timers;
    private final TargetAssignmentBuilder targets;
    private final RebalanceHistory history;

    /** Updates of a shard's groups. */
    public MemberUpdates(
            GroupTable table, GroupTimers timers, TargetAssignmentBuilder targets, RebalanceHistory history) {
        this.table = table;
        this.timers = timers;
        this.targets = targets;
        this.history = history;
    }

    /** The topics and the time at which a request is handled. */
    public record Moment(TopicCatalog catalog, long nowMs) {}

    /** Emits what has changed about the member, and a new group epoch if that changes who should get what. */
    public ConsumerGroup subscribe(
            ConsumerGroup group,
            String memberId,
            @Nullable MemberSubscription before,
            MemberSubscription after,
            Changes changes,
            Moment moment) {
        String groupId = group.groupId();
        boolean newEpoch = Subscriptions.assignedDifferently(before, after)
                || (group.targetEpoch() == group.epoch() && !group.targets().containsKey(memberId));
        GroupTopics topics = null;
        if (newEpoch || !group.hasSeen(moment.catalog().version())) {
            topics = GroupTopics.after(group, moment.catalog(), before, after, moment.nowMs());
            if (newEpoch || topics.hash() != group.metadataHash()) {
                history.began(groupId, group.epoch(), why(before, newEpoch, memberId), moment.nowMs());
                changes.emit(new ConsumerGroupMetadata(
                        groupId, new ConsumerGroupMetadata.Epoch(group.epoch() + 1, topics.hash())));
            }
        }
        ConsumerGroup now = table.consumerGroup(groupId);
        if (!after.equals(before)) {
            changes.emit(new ConsumerGroupMemberMetadata(groupId, memberId, after));
        }
        if (topics != null) {
            topics.emitRegexes(now, changes);
            now.seen(moment.catalog().version());
        }
        if (now.targetEpoch() < now.epoch()) {
            targets.assign(now, moment.catalog(), changes, moment.nowMs());
        }
        return now;
    }

    private static String why(@Nullable MemberSubscription before, boolean newEpoch, String memberId) {
        if (before == null) {
            return "member " + memberId + " joins";
        }
        return newEpoch ? "member " + memberId + " subscribes to something else" : "topics have changed";
    }

    /** Another process comes in for a static member that went away: it takes over its target and what it owned, and nobody else moves. */
    public void replaceStatic(ConsumerGroup group, ConsumerGroupMember old, String memberId, Changes changes) {
        String groupId = group.groupId();
        Set<PartitionId> target = group.targets().get(old.memberId());
        CurrentAssignment current = old.current();
        changes.emit(new ConsumerGroupMemberMetadata(groupId, memberId, old.subscription()));
        if (target != null) {
            changes.emit(new ConsumerGroupTargetAssignmentMember(groupId, memberId, group.target(old.memberId())));
        }
        changes.emit(new ConsumerGroupCurrentMemberAssignment(groupId, old.memberId(), null));
        changes.emit(new ConsumerGroupCurrentMemberAssignment(
                groupId,
                memberId,
                new CurrentAssignment(0, 0, current.state(), current.assigned(), current.pendingRevocation())));
        changes.emit(new ConsumerGroupTargetAssignmentMember(groupId, old.memberId(), null));
        changes.emit(new ConsumerGroupMemberMetadata(groupId, old.memberId(), null));
        cancelTimers(groupId, old.memberId());
    }

    /**
     * Leads the member one step on.
     *
     * @param owned what it says it owns, or null when it says nothing
     */
    public Step reconcile(
            ConsumerGroup group, String memberId, @Nullable Set<PartitionId> owned, Changes changes, long nowMs) {
        CurrentAssignment before =
                group.member(memberId).map(ConsumerGroupMember::current).orElse(CurrentAssignment.NONE);
        CurrentAssignment after = new MemberReconciler(
                        group.targetEpoch(), group.target(memberId), owned, partition -> {
                            String owner = group.owner(partition);
                            return owner == null || owner.equals(memberId);
                        })
                .next(before);
        if (!after.equals(before)) {
            changes.emit(new ConsumerGroupCurrentMemberAssignment(group.groupId(), memberId, after));
        }
        endIfStable(group, nowMs);
        return new Step(memberId, before, after);
    }

    /** A member's step. */
    public record Step(String memberId, CurrentAssignment before, CurrentAssignment after) {}

    private void endIfStable(ConsumerGroup group, long nowMs) {
        if (history.isOpen(group.groupId()) && group.state().equals(ConsumerGroup.STABLE)) {
            history.ended(group, group.epoch(), group.size(), nowMs);
        }
    }

    /** Takes a member out. */
    public void remove(ConsumerGroup group, ConsumerGroupMember member, String reason, Changes changes, Moment moment) {
        history.began(group.groupId(), group.epoch(), "member " + member.memberId() + reason, moment.nowMs());
        MemberRemoval.remove(group, member, moment.catalog(), changes, moment.nowMs());
        if (group.isEmpty()) {
            history.ended(group, group.epoch(), 0, moment.nowMs());
        }
        cancelTimers(group.groupId(), member.memberId());
    }

    private void cancelTimers(String groupId, String memberId) {
        for (TimerKind kind : TimerKind.values()) {
            timers.cancel(new TimerKey(groupId, memberId, kind));
        }
    }
}
