package io.naru.coordinator.group.migration;

import io.naru.coordinator.group.classic.ClassicRebalances;
import io.naru.coordinator.group.consumer.Migration;
import io.naru.coordinator.group.deletion.GroupDeletions;
import io.naru.coordinator.group.history.RebalanceHistory;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicSubscriptions;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.GroupTimers.TimerKind;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupCurrentMemberAssignment;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMemberMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata;
import io.naru.coordinator.record.CurrentAssignment;
import io.naru.coordinator.record.MemberState;
import io.naru.coordinator.record.MemberSubscription;
import io.naru.coordinator.record.MemberSubscription.ClassicMemberMetadata;
import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Turns groups of one protocol into groups of the other. Members keep their ids, their sessions and their partitions. */
public final class GroupMigration implements Migration {

    private final GroupTable table;
    private final GroupTimers timers;
    private final GroupDeletions deletions;
    private final ClassicRebalances rebalances;
    private final RebalanceHistory history;

    /** A migration of a shard's groups. */
    public GroupMigration(
            GroupTable table,
            GroupTimers timers,
            GroupDeletions deletions,
            ClassicRebalances rebalances,
            RebalanceHistory history) {
        this.table = table;
        this.timers = timers;
        this.deletions = deletions;
        this.rebalances = rebalances;
        this.history = history;
    }

    @Override
    public void checkUpgrade(ClassicGroup group, TopicCatalog catalog) {
        String why = whyNot(group);
        if (why != null) {
            throw Errors.GROUP_ID_NOT_FOUND.exception(
                    "group " + group.groupId() + " is a classic group and cannot become a consumer group: " + why);
        }
    }

    private static @Nullable String whyNot(ClassicGroup group) {
        if (!group.protocolType().equals(ClassicGroup.CONSUMER)) {
            return "its members are no consumers but " + group.protocolType();
        }
        for (ClassicMember member : group.members()) {
            if (subscription(member).isEmpty()) {
                return "what member " + member.memberId() + " subscribes to cannot be read";
            }
            boolean customData = ClassicSubscriptions.readAssignment(member.assignment())
                    .map(ConsumerProtocolAssignment::userData)
                    .filter(data -> data != null && data.hasRemaining())
                    .isPresent();
            if (customData) {
                return "its assignor gives members data of its own, which would be lost";
            }
        }
        return null;
    }

    private static Optional<ConsumerProtocolSubscription> subscription(ClassicMember member) {
        return member.protocols().stream()
                .findFirst()
                .flatMap(protocol -> ClassicSubscriptions.read(protocol.metadata()));
    }

    @Override
    public void upgrade(ClassicGroup group, TopicCatalog catalog, Changes changes, long nowMs) {
        String groupId = group.groupId();
        int generation = group.generation();
        List<ClassicMember> members = List.copyOf(group.members());
        for (ClassicMember member : members) {
            // They join again, as the next heartbeat would have them do anyway.
            rebalances.takeWaiting(group, member.memberId(), Errors.REBALANCE_IN_PROGRESS, changes);
        }
        timers.cancel(TimerKey.ofGroup(groupId, TimerKind.JOIN));
        timers.cancel(TimerKey.ofGroup(groupId, TimerKind.SYNC));
        deletions.delete(group, changes);
        history.began(groupId, generation, "the first member of the consumer group protocol joins", nowMs);
        SortedMap<String, CurrentAssignment> current = new TreeMap<>();
        Set<PartitionId> taken = new HashSet<>();
        Set<String> topics = new TreeSet<>();
        for (ClassicMember member : members) {
            ConsumerProtocolSubscription subscription = subscription(member).orElseThrow();
            topics.addAll(subscription.topics());
            current.put(member.memberId(), current(member, generation, taken, catalog));
        }
        changes.emit(new ConsumerGroupMetadata(
                groupId, new ConsumerGroupMetadata.Epoch(generation, catalog.hash(new TreeSet<>(topics)))));
        for (ClassicMember member : members) {
            changes.emit(new ConsumerGroupMemberMetadata(
                    groupId,
                    member.memberId(),
                    subscription(member, subscription(member).orElseThrow())));
        }
        current.forEach((memberId, assignment) -> changes.emit(new ConsumerGroupTargetAssignmentMember(
                groupId, memberId, new TreeSet<>(assignment.assigned().keySet()))));
        changes.emit(new ConsumerGroupTargetAssignmentMetadata(
                groupId, new ConsumerGroupTargetAssignmentMetadata.Target(generation, nowMs)));
        current.forEach((memberId, assignment) ->
                changes.emit(new ConsumerGroupCurrentMemberAssignment(groupId, memberId, assignment)));
        members.forEach(member ->
                timers.schedule(TimerKey.session(groupId, member.memberId()), nowMs + member.sessionTimeoutMs()));
    }

    /** Where a member stands; what two claim stays with the first, so that nothing is owned twice. */
    private static CurrentAssignment current(
            ClassicMember member, int generation, Set<PartitionId> taken, TopicCatalog catalog) {
        SortedMap<PartitionId, Integer> assigned = new TreeMap<>();
        ClassicSubscriptions.readAssignment(member.assignment())
                .ifPresent(assignment -> ConsumerProtocolWords.partitions(assignment, catalog)
                        .forEach(partition -> {
                            if (taken.add(partition)) {
                                assigned.put(partition, generation);
                            }
                        }));
        return new CurrentAssignment(generation, generation, MemberState.STABLE, assigned, new TreeMap<>());
    }

    private static MemberSubscription subscription(ClassicMember member, ConsumerProtocolSubscription subscription) {
        return new MemberSubscription(
                member.groupInstanceId(),
                subscription.rackId(),
                member.client().clientId(),
                member.client().clientHost(),
                new TreeSet<>(subscription.topics()),
                null,
                member.rebalanceTimeoutMs(),
                null,
                new ClassicMemberMetadata(member.sessionTimeoutMs(), member.protocols()));
    }

    @Override
    public void afterRemoval(ConsumerGroup group, TopicCatalog catalog, Changes changes, long nowMs) {
        boolean onlyClassic = !group.isEmpty()
                && group.members().stream()
                        .allMatch(member -> member.subscription().classic() != null);
        if (onlyClassic) {
            downgrade(group, catalog, changes, nowMs);
        }
    }

    /** A member at the group's epoch goes on without a break: the epoch becomes the generation. Then all are called together. */
    private void downgrade(ConsumerGroup group, TopicCatalog catalog, Changes changes, long nowMs) {
        String groupId = group.groupId();
        List<ConsumerGroupMember> before = new ArrayList<>(group.members());
        int generation =
                before.stream().mapToInt(ConsumerGroupMember::epoch).max().orElse(group.epoch());
        for (ConsumerGroupMember member : before) {
            for (TimerKind kind : TimerKind.values()) {
                timers.cancel(new TimerKey(groupId, member.memberId(), kind));
            }
            changes.emit(new ConsumerGroupCurrentMemberAssignment(groupId, member.memberId(), null));
            changes.emit(new ConsumerGroupTargetAssignmentMember(groupId, member.memberId(), null));
            changes.emit(new ConsumerGroupMemberMetadata(groupId, member.memberId(), null));
        }
        deletions.delete(group, changes);
        ClassicGroup classic = new ClassicGroup(groupId);
        List<ClassicMember> members =
                before.stream().map(member -> classic(member, catalog)).toList();
        classic.become(generation, members, nowMs);
        changes.emit(classic.toRecord());
        ClassicGroup now = table.findClassicGroup(groupId).orElseThrow();
        now.become(generation, members, nowMs);
        members.forEach(member -> rebalances.startSession(now, member, nowMs));
        rebalances.prepare(now, "the last member of the consumer group protocol has gone", changes, nowMs);
    }

    private static ClassicMember classic(ConsumerGroupMember member, TopicCatalog catalog) {
        MemberSubscription subscription = member.subscription();
        ClassicMemberMetadata classic = subscription.classic();
        if (classic == null) {
            throw new IllegalStateException("member " + member.memberId() + " is not classic");
        }
        Bytes assignment = ConsumerProtocolWords.assignment(
                member.current().assigned().keySet(), catalog, ConsumerProtocolAssignment.LOWEST_SUPPORTED_VERSION);
        return new ClassicMember(
                member.memberId(),
                subscription.instanceId(),
                new Client(subscription.clientId(), subscription.clientHost()),
                subscription.rebalanceTimeoutMs(),
                classic.sessionTimeoutMs(),
                classic.protocols(),
                assignment);
    }
}
