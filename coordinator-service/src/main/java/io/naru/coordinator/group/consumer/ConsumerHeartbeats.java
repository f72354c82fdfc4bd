package io.naru.coordinator.group.consumer;

import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.deletion.GroupDeletions;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
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
import io.naru.coordinator.record.CurrentAssignment;
import io.naru.coordinator.record.MemberState;
import io.naru.coordinator.record.MemberSubscription;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * ConsumerGroupHeartbeat: joins, keeps, changes and leaves (KIP-848). Everything that can be refused is refused before the first record
 * is emitted.
 */
public final class ConsumerHeartbeats {

    private final GroupTable table;
    private final GroupTimers timers;
    private final GroupSettings settings;
    private final Assignors assignors;
    private final MemberUpdates updates;
    private final Supplier<String> memberIds;
    private final GroupDeletions deletions;
    private final Migration migration;

    /** Heartbeats of a shard's groups. */
    public ConsumerHeartbeats(
            GroupTable table,
            GroupTimers timers,
            GroupSettings settings,
            Assignors assignors,
            MemberUpdates updates,
            Supplier<String> memberIds,
            GroupDeletions deletions,
            Migration migration) {
        this.table = table;
        this.timers = timers;
        this.settings = settings;
        this.assignors = assignors;
        this.updates = updates;
        this.memberIds = memberIds;
        this.deletions = deletions;
        this.migration = migration;
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
        Changes changes = new Changes(table);
        ClassicGroup classic = table.findClassicGroup(request.groupId())
                .filter(group -> joins && !group.isEmpty())
                .orElse(null);
        if (classic != null) {
            // Everything that can be refused is refused before the group changes.
            Subscriptions.merge(null, request, client);
            checkSize(request.groupId(), classic.size());
            migration.checkUpgrade(classic, catalog);
            migration.upgrade(classic, catalog, changes, nowMs);
        }
        HeartbeatMember sender = HeartbeatMember.of(request, groupOf(request, joins));
        ConsumerGroupMember known = sender.known();
        String memberId = request.memberId().isEmpty() ? memberIds.get() : request.memberId();
        MemberSubscription before = known == null ? null : known.subscription();
        MemberSubscription after = Subscriptions.merge(before, request, client);
        if (known == null) {
            checkSize(request.groupId(), sender.group().size());
        }
        table.findClassicGroup(request.groupId()).ifPresent(empty -> deletions.delete(empty, changes));
        if (known != null && !known.memberId().equals(memberId)) {
            updates.replaceStatic(sender.group(), known, memberId, changes);
        }
        ConsumerGroup group = updates.subscribe(
                sender.group(), memberId, before, after, changes, new MemberUpdates.Moment(catalog, nowMs));
        return answer(
                request, group, updates.reconcile(group, memberId, sender.owned(), changes, nowMs), changes, nowMs);
    }

    private void checkSize(String groupId, int size) {
        if (size >= settings.membersMax()) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception(
                    "group " + groupId + " has " + settings.membersMax() + " members");
        }
    }

    /** A group that does not exist comes to be with its first record. */
    private ConsumerGroup groupOf(ConsumerGroupHeartbeatRequestData request, boolean joins) {
        String groupId = request.groupId();
        return table.findConsumerGroup(groupId).orElseGet(() -> {
            if (!joins) {
                // Kafka says GROUP_ID_NOT_FOUND, which its clients do not recover from; this makes them join again.
                throw Errors.UNKNOWN_MEMBER_ID.exception("there is no consumer group " + groupId);
            }
            return new ConsumerGroup(groupId);
        });
    }

    private Outcome<ConsumerGroupHeartbeatResponseData> answer(
            ConsumerGroupHeartbeatRequestData request,
            ConsumerGroup group,
            MemberUpdates.Step step,
            Changes changes,
            long nowMs) {
        scheduleTimers(group, step, nowMs);
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

    private void scheduleTimers(ConsumerGroup group, MemberUpdates.Step step, long nowMs) {
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
            updates.remove(group, member, " left", changes, new MemberUpdates.Moment(catalog, nowMs));
            migration.afterRemoval(group, catalog, changes, nowMs);
        }
        return changes.outcome(new ConsumerGroupHeartbeatResponseData()
                .setMemberId(member.memberId())
                .setMemberEpoch(request.memberEpoch())
                .setHeartbeatIntervalMs(settings.heartbeatIntervalMs()));
    }
}
