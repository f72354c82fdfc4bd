package io.naru.coordinator.group;

import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.classic.ClassicGroups;
import io.naru.coordinator.group.consumer.ConsumerHeartbeats;
import io.naru.coordinator.group.consumer.MemberUpdates;
import io.naru.coordinator.group.consumer.TargetAssignmentBuilder;
import io.naru.coordinator.group.deletion.GroupDeletions;
import io.naru.coordinator.group.deletion.OffsetDeletions;
import io.naru.coordinator.group.deletion.OffsetExpiry;
import io.naru.coordinator.group.history.GroupEvents;
import io.naru.coordinator.group.history.GroupRebalance;
import io.naru.coordinator.group.history.RebalanceHistory;
import io.naru.coordinator.group.migration.GroupMigration;
import io.naru.coordinator.group.migration.MixedGroups;
import io.naru.coordinator.group.offset.OffsetCommits;
import io.naru.coordinator.group.offset.OffsetFetches;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.GroupTimers.TimerKind;
import io.naru.coordinator.group.state.Later;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.group.view.GroupDescriptions;
import io.naru.coordinator.group.view.GroupView;
import io.naru.coordinator.group.view.GroupViews;
import io.naru.coordinator.record.CoordinatorRecord;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * The groups of one shard. A request that cannot be granted throws the {@link org.apache.kafka.common.errors.ApiException} of its error
 * code and leaves the state as it was; otherwise see {@link Outcome}. Timers are part of it: call {@link #expire} when
 * {@link #nextDeadlineMs} has come.
 *
 * <p>Not thread-safe: its shard's thread owns it.
 */
public final class GroupShard {

    private static final long SWEEP_AGAIN_MS = 1_000;

    private final GroupSettings settings;
    private final GroupTable table = new GroupTable();
    private final GroupTimers timers = new GroupTimers();
    private final ConsumerHeartbeats heartbeats;
    private final OffsetCommits commits;
    private final OffsetFetches fetches;
    private final OffsetDeletions offsetDeletions;
    private final GroupDeletions groupDeletions;
    private final GroupDescriptions descriptions;
    private final ClassicGroups classics;
    private final MixedGroups mixed;
    private final MemberUpdates updates;
    private final GroupMigration migration;
    private final OffsetExpiry offsetExpiry;
    private final GroupEvents events;
    private final RebalanceHistory history;
    private final GroupViews views;
    private TopicCatalog catalog = TopicCatalog.EMPTY;
    private long nextSweepMs = Long.MAX_VALUE;

    /**
     * A shard without groups.
     *
     * @param memberIds makes ids for members that bring none, each time another
     */
    public GroupShard(GroupSettings settings, Assignors assignors, Supplier<String> memberIds) {
        this(settings, assignors, memberIds, GroupEvents.NONE);
    }

    /**
     * A shard without groups.
     *
     * @param memberIds makes ids for members that bring none, each time another
     * @param events    told what happens
     */
    public GroupShard(GroupSettings settings, Assignors assignors, Supplier<String> memberIds, GroupEvents events) {
        this.settings = settings;
        this.events = events;
        this.history = new RebalanceHistory(events);
        this.fetches = new OffsetFetches(table);
        this.offsetDeletions = new OffsetDeletions(table);
        this.groupDeletions = new GroupDeletions(table, timers, offsetDeletions);
        this.offsetExpiry = new OffsetExpiry(table, groupDeletions, settings.offsetsRetentionMs(), events);
        this.classics = new ClassicGroups(table, timers, settings, groupDeletions, history, memberIds);
        TargetAssignmentBuilder targets = new TargetAssignmentBuilder(assignors);
        this.updates = new MemberUpdates(table, timers, targets, history);
        this.migration = new GroupMigration(table, timers, groupDeletions, classics.rebalances(), history);
        this.mixed = new MixedGroups(table, timers, settings, updates, migration, memberIds);
        this.heartbeats = new ConsumerHeartbeats(
                table, timers, settings, assignors, updates, memberIds, groupDeletions, migration);
        this.commits = new OffsetCommits(table, settings, classics, mixed);
        this.views = new GroupViews(table, targets);
        this.descriptions = new GroupDescriptions(table, targets);
    }

    /** Takes a record from the log. The only way state changes: requests call it too. */
    public void replay(CoordinatorRecord record) {
        table.replay(record);
    }

    /** The log has been replayed: members are given a whole session from now on. */
    public void loaded(long nowMs) {
        timers.clear();
        nextSweepMs = nowMs + settings.offsetsCheckIntervalMs();
        for (Group group : table.groups()) {
            if (group instanceof ConsumerGroup consumerGroup) {
                consumerGroup.members().forEach(member -> startTimers(consumerGroup, member, nowMs));
            } else if (group instanceof ClassicGroup classicGroup) {
                classics.loaded(classicGroup, nowMs);
            }
        }
    }

    /** Answers could not leave for so long: that time does not count against anyone. */
    public void postpone(long ms) {
        timers.postpone(ms);
    }

    private void startTimers(ConsumerGroup group, ConsumerGroupMember member, long nowMs) {
        if (member.subscription().classic() != null) {
            mixed.loaded(group, member, nowMs);
            return;
        }
        timers.schedule(
                new TimerKey(group.groupId(), member.memberId(), TimerKind.SESSION),
                nowMs + settings.sessionTimeoutMs());
        if (member.mustRevoke()) {
            timers.schedule(
                    new TimerKey(group.groupId(), member.memberId(), TimerKind.REBALANCE),
                    nowMs + Math.max(0, member.subscription().rebalanceTimeoutMs()));
        }
    }

    /** Topics have changed. Offsets of those that are gone go with them; groups look again with their next heartbeat. */
    public Outcome<Boolean> topics(TopicCatalog next) {
        if (next.version() == catalog.version()) {
            return Outcome.answer(false);
        }
        Changes changes = new Changes(table);
        offsetDeletions.deleteTopics(catalog, next, changes);
        catalog = next;
        return changes.outcome(true);
    }

    /** ConsumerGroupHeartbeat (KIP-848). Errors 25, 42, 69, 81, 82, 110, 111, 112, 128. */
    public Outcome<ConsumerGroupHeartbeatResponseData> heartbeat(
            ConsumerGroupHeartbeatRequestData request, short version, Client client, long nowMs) {
        return heartbeats.handle(request, version, client, catalog, nowMs);
    }

    /**
     * JoinGroup. The answer is among the deliveries of this outcome or of a later one. Errors 22, 23, 24, 25, 26, 42, 81, 82; 79 comes
     * as an answer, with the id to join again with.
     */
    public Outcome<Boolean> join(
            JoinGroupRequestData request,
            short version,
            Client client,
            Later<JoinGroupResponseData> later,
            long nowMs) {
        return mixed.serves(request.groupId())
                ? mixed.join(request, version, client, later, new MemberUpdates.Moment(catalog, nowMs))
                : classics.join(request, version, client, later, nowMs);
    }

    /** SyncGroup. The answer is among the deliveries of this outcome or of a later one. Errors 22, 23, 24, 25, 27, 82. */
    public Outcome<Boolean> sync(SyncGroupRequestData request, Later<SyncGroupResponseData> later, long nowMs) {
        return mixed.serves(request.groupId())
                ? mixed.sync(request, later, catalog, nowMs)
                : classics.sync(request, later, nowMs);
    }

    /** Heartbeat of the classic protocol. Errors 22, 24, 25, 82; 27 tells the member to join again. */
    public Outcome<HeartbeatResponseData> classicHeartbeat(HeartbeatRequestData request, long nowMs) {
        return mixed.serves(request.groupId()) ? mixed.heartbeat(request, nowMs) : classics.heartbeat(request, nowMs);
    }

    /**
     * LeaveGroup. Errors 25 and 82 of each member.
     *
     * @param one the request is of a version that names one member only, and so does the answer
     */
    public Outcome<LeaveGroupResponseData> leave(LeaveGroupRequestData request, boolean one, long nowMs) {
        if (!mixed.serves(request.groupId())) {
            return classics.leave(request, one, nowMs);
        }
        List<MemberIdentity> leaving =
                one ? List.of(new MemberIdentity().setMemberId(request.memberId())) : request.members();
        return mixed.leave(request.groupId(), leaving, one, new MemberUpdates.Moment(catalog, nowMs));
    }

    /** OffsetCommit. Errors of the whole 22, 24, 25, 35, 69, 82, 113; of a partition 3, 12, 42, 100, 113. */
    public Outcome<OffsetCommitResponseData> commit(OffsetCommitRequestData request, short version, long nowMs) {
        Outcome<OffsetCommitResponseData> outcome = commits.commit(request, version, catalog, nowMs);
        events.committed(outcome.records().size());
        return outcome;
    }

    /** OffsetFetch for one group. Errors 25, 69, 113. */
    public OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup request, boolean byTopicId) {
        return fetches.fetch(request, byTopicId, catalog);
    }

    /** OffsetDelete. Error 69; of a partition 86. */
    public Outcome<OffsetDeleteResponseData> deleteOffsets(OffsetDeleteRequestData request) {
        return offsetDeletions.delete(request);
    }

    /** DeleteGroups for one group: 0, 68 or 69. */
    public Outcome<Errors> deleteGroup(String groupId) {
        return groupDeletions.delete(groupId);
    }

    /** ListGroups; empty filters let all through. */
    public List<ListedGroup> list(Collection<String> states, Collection<String> types) {
        return descriptions.list(states, types);
    }

    /** ConsumerGroupDescribe for one group. */
    public ConsumerGroupDescribeResponseData.DescribedGroup describe(String groupId) {
        return descriptions.describe(groupId, catalog);
    }

    /** DescribeGroups for one group. */
    public DescribeGroupsResponseData.DescribedGroup describeClassic(String groupId, short version) {
        return descriptions.describeClassic(groupId, version);
    }

    /** Evicts members whose time is up, and says how many; now and then takes away offsets whose time is up. */
    public Outcome<Integer> expire(long nowMs) {
        Changes changes = new Changes(table);
        int evicted = 0;
        for (TimerKey key : timers.due(nowMs)) {
            evicted += evict(key, changes, nowMs) ? 1 : 0;
        }
        if (evicted > 0) {
            events.evicted(evicted);
        }
        if (nowMs >= nextSweepMs) {
            boolean all = offsetExpiry.sweep(changes, nowMs);
            nextSweepMs = nowMs + (all ? settings.offsetsCheckIntervalMs() : SWEEP_AGAIN_MS);
        }
        return changes.outcome(evicted);
    }

    private boolean evict(TimerKey key, Changes changes, long nowMs) {
        ClassicGroup classic = table.findClassicGroup(key.groupId()).orElse(null);
        if (classic != null) {
            return classics.expire(classic, key, changes, nowMs);
        }
        ConsumerGroup group = table.findConsumerGroup(key.groupId()).orElse(null);
        ConsumerGroupMember member =
                group == null ? null : group.member(key.memberId()).orElse(null);
        if (group == null || member == null || (key.kind() == TimerKind.REBALANCE && !member.mustRevoke())) {
            return false;
        }
        String reason = key.kind() == TimerKind.SESSION
                ? " was silent for too long"
                : key.kind() == TimerKind.REBALANCE
                        ? " did not give up partitions in time"
                        : " did not come to the rebalance in time";
        updates.remove(group, member, reason, changes, new MemberUpdates.Moment(catalog, nowMs));
        migration.afterRemoval(group, catalog, changes, nowMs);
        return true;
    }

    /** {@link #expire} has nothing to do before; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        return Math.min(timers.nextMs(), nextSweepMs);
    }

    /** Its groups, by id, without their members. */
    public List<GroupView> view() {
        return views.all(catalog);
    }

    /** A group with its members. */
    public Optional<GroupView> view(String groupId) {
        return views.find(groupId, catalog);
    }

    /** What a group has committed, by topic and partition. */
    public List<GroupView.Offset> offsets(String groupId) {
        return views.offsets(groupId, catalog);
    }

    /** A group's last rebalances that this coordinator has seen, the newest first. */
    public List<GroupRebalance> rebalances(String groupId) {
        return history.of(groupId);
    }

    /** The durable state as the shortest log that gives it, in a fixed order. */
    public List<CoordinatorRecord> snapshot() {
        return table.snapshot();
    }

    /** The group, for tests that look inside. */
    Optional<ConsumerGroup> consumerGroup(String groupId) {
        return table.findConsumerGroup(groupId);
    }

    /** The group, for tests that look inside. */
    Optional<ClassicGroup> classicGroup(String groupId) {
        return table.findClassicGroup(groupId);
    }
}
