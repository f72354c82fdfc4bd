package io.naru.coordinator.group.consumer;

import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.deletion.GroupDeletions;
import io.naru.coordinator.group.history.RebalanceHistory;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.GroupTimers.TimerKind;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupCurrentMemberAssignment;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMemberMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import io.naru.coordinator.record.CurrentAssignment;
import io.naru.coordinator.record.MemberState;
import io.naru.coordinator.record.MemberSubscription;
import io.naru.coordinator.record.PartitionId;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * ConsumerGroupHeartbeat: joins, keeps, changes and leaves (KIP-848). Everything that can be refused is refused before the first record
 * is emitted.
 */
public final class ConsumerHeartbeats {

    private final GroupTable table;
    private final GroupTimers timers;
    private final GroupSettings settings;
    private final Assignors assignors;
    private final TargetAssignmentBuilder targets;
    private final Supplier<String> memberIds;
    private final GroupDeletions deletions;
    private final RebalanceHistory history;

    public ConsumerHeartbeats(
            GroupTable table,
            GroupTimers timers,
            GroupSettings settings,
            Assignors assignors,
            Supplier<String> memberIds,
            GroupDeletions deletions,
            RebalanceHistory history) {
        this.table = table;
        this.timers = timers;
        this.settings = settings;
        this.assignors = assignors;
        this.targets = new TargetAssignmentBuilder(assignors);
        this.memberIds = memberIds;
        this.deletions = deletions;
        this.history = history;
    }

    public TargetAssignmentBuilder targets() {
        return targets;
    }

    public Outcome<ConsumerGroupHeartbeatResponseData> handle(
            ConsumerGroupHeartbeatRequestData request, short version, Client client, TopicCatalog catalog, long nowMs) {
        HeartbeatRules.check(request, version, assignors);
        return request.memberEpoch() < ConsumerGroupMember.JOIN_EPOCH
                ? leave(request, catalog, nowMs)
                : heartbeat(request, client, catalog, nowMs);
    }

    private Outcome<ConsumerGroupHeartbeatResponseData> heartbeat(
            ConsumerGroupHeartbeatRequestData request, Client client, TopicCatalog catalog, long nowMs) {
        boolean joins = request.memberEpoch() == ConsumerGroupMember.JOIN_EPOCH;
        HeartbeatMember sender = HeartbeatMember.of(request, groupOf(request, joins));
        ConsumerGroupMember known = sender.known();
        String memberId = request.memberId().isEmpty() ? memberIds.get() : request.memberId();
        MemberSubscription before = known == null ? null : known.subscription();
        MemberSubscription after = Subscriptions.merge(before, request, client);
        if (known == null && sender.group().size() >= settings.membersMax()) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception(
                    "group " + request.groupId() + " has " + settings.membersMax() + " members");
        }

        Changes changes = new Changes(table);
        table.findClassicGroup(request.groupId()).ifPresent(empty -> deletions.delete(empty, changes));
        if (known != null && !known.memberId().equals(memberId)) {
            replaceStatic(sender.group(), known, memberId, changes);
        }
        ConsumerGroup group = subscribe(sender.group(), memberId, before, after, changes, new Moment(catalog, nowMs));
        if (group.targetEpoch() < group.epoch()) {
            targets.assign(group, catalog, changes, nowMs);
        }
        return answer(request, group, reconcile(group, memberId, sender.owned(), changes), changes, nowMs);
    }

    /** The topics and the time at which a request is handled. */
    private record Moment(TopicCatalog catalog, long nowMs) {}

    /** A group that does not exist comes to be with its first record. */
    private ConsumerGroup groupOf(ConsumerGroupHeartbeatRequestData request, boolean joins) {
        String groupId = request.groupId();
        return table.findConsumerGroup(groupId).orElseGet(() -> {
            if (!joins) {
                // Kafka says GROUP_ID_NOT_FOUND, which its clients do not recover from; this makes them join again.
                throw Errors.UNKNOWN_MEMBER_ID.exception("there is no consumer group " + groupId);
            }
            if (table.findClassicGroup(groupId)
                    .filter(group -> !group.isEmpty())
                    .isPresent()) {
                throw Errors.GROUP_ID_NOT_FOUND.exception(
                        "group " + groupId + " has members of the classic protocol: it is not a consumer group");
            }
            return new ConsumerGroup(groupId);
        });
    }

    /** Emits what has changed about the member, and a new group epoch if that changes who should get what. */
    private ConsumerGroup subscribe(
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
        return now;
    }

    private static String why(@Nullable MemberSubscription before, boolean newEpoch, String memberId) {
        if (before == null) {
            return "member " + memberId + " joins";
        }
        return newEpoch ? "member " + memberId + " subscribes to something else" : "topics have changed";
    }

    /** Another process comes in for a static member that went away: it takes over its target and what it owned, and nobody else moves. */
    private void replaceStatic(ConsumerGroup group, ConsumerGroupMember old, String memberId, Changes changes) {
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

    private Step reconcile(ConsumerGroup group, String memberId, @Nullable Set<PartitionId> owned, Changes changes) {
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
        return new Step(memberId, before, after);
    }

    private record Step(String memberId, CurrentAssignment before, CurrentAssignment after) {}

    private Outcome<ConsumerGroupHeartbeatResponseData> answer(
            ConsumerGroupHeartbeatRequestData request, ConsumerGroup group, Step step, Changes changes, long nowMs) {
        scheduleTimers(group, step, nowMs);
        if (history.isOpen(group.groupId()) && group.state().equals(ConsumerGroup.STABLE)) {
            history.ended(group, group.epoch(), group.size(), nowMs);
        }
        CurrentAssignment now = step.after();
        ConsumerGroupHeartbeatResponseData response = new ConsumerGroupHeartbeatResponseData()
                .setMemberId(step.memberId())
                .setMemberEpoch(now.memberEpoch())
                .setHeartbeatIntervalMs(settings.heartbeatIntervalMs());
        // Told whenever the member may not know it: its last answer may have been lost.
        boolean mayNotKnow = request.memberEpoch() != now.memberEpoch()
                || request.topicPartitions() != null
                || now.state() == MemberState.UNREVOKED_PARTITIONS
                || !now.assigned().keySet().equals(step.before().assigned().keySet());
        if (mayNotKnow) {
            response.setAssignment(Subscriptions.toResponse(now.assigned().keySet()));
        }
        return changes.outcome(response);
    }

    private void scheduleTimers(ConsumerGroup group, Step step, long nowMs) {
        timers.schedule(
                new TimerKey(group.groupId(), step.memberId(), TimerKind.SESSION), nowMs + settings.sessionTimeoutMs());
        TimerKey rebalance = new TimerKey(group.groupId(), step.memberId(), TimerKind.REBALANCE);
        if (step.after().state() != MemberState.UNREVOKED_PARTITIONS) {
            timers.cancel(rebalance);
        } else {
            int timeoutMs = group.member(step.memberId())
                    .map(member -> member.subscription().rebalanceTimeoutMs())
                    .orElse(settings.sessionTimeoutMs());
            if (!Objects.equals(step.before().pendingRevocation(), step.after().pendingRevocation())) {
                timers.schedule(rebalance, nowMs + timeoutMs);
            } else {
                timers.scheduleIfAbsent(rebalance, nowMs + timeoutMs);
            }
        }
    }

    private Outcome<ConsumerGroupHeartbeatResponseData> leave(
            ConsumerGroupHeartbeatRequestData request, TopicCatalog catalog, long nowMs) {
        ConsumerGroup group = table.consumerGroup(request.groupId());
        ConsumerGroupMember member = HeartbeatMember.leaving(request, group);
        Changes changes = new Changes(table);
        if (request.memberEpoch() == ConsumerGroupMember.LEAVE_STATIC_EPOCH) {
            CurrentAssignment current = member.current();
            changes.emit(new ConsumerGroupCurrentMemberAssignment(
                    group.groupId(),
                    member.memberId(),
                    new CurrentAssignment(
                            ConsumerGroupMember.LEAVE_STATIC_EPOCH,
                            current.previousMemberEpoch(),
                            current.state() == MemberState.UNREVOKED_PARTITIONS
                                    ? MemberState.UNRELEASED_PARTITIONS
                                    : current.state(),
                            current.assigned(),
                            new TreeMap<>())));
            timers.cancel(new TimerKey(group.groupId(), member.memberId(), TimerKind.REBALANCE));
        } else {
            history.began(group.groupId(), group.epoch(), "member " + member.memberId() + " left", nowMs);
            MemberRemoval.remove(group, member, catalog, changes, nowMs);
            if (group.isEmpty()) {
                history.ended(group, group.epoch(), 0, nowMs);
            }
            cancelTimers(group.groupId(), member.memberId());
        }
        return changes.outcome(new ConsumerGroupHeartbeatResponseData()
                .setMemberId(member.memberId())
                .setMemberEpoch(request.memberEpoch())
                .setHeartbeatIntervalMs(settings.heartbeatIntervalMs()));
    }

    private void cancelTimers(String groupId, String memberId) {
        for (TimerKind kind : TimerKind.values()) {
            timers.cancel(new TimerKey(groupId, memberId, kind));
        }
    }
}
