package io.naru.coordinator.group.migration;

import io.naru.coordinator.group.classic.ClassicAnswers;
import io.naru.coordinator.group.classic.JoinCall;
import io.naru.coordinator.group.consumer.MemberUpdates;
import io.naru.coordinator.group.consumer.MemberUpdates.Moment;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicSubscriptions;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.GroupTimers.TimerKind;
import io.naru.coordinator.group.state.Later;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CurrentAssignment;
import io.naru.coordinator.record.MemberState;
import io.naru.coordinator.record.MemberSubscription;
import io.naru.coordinator.record.MemberSubscription.ClassicMemberMetadata;
import io.naru.coordinator.record.MemberSubscription.ClassicProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Classic members of consumer groups. A join is a step towards the target, with what the member says it owns; its answer never waits for
 * others, has nobody lead, and names the member's epoch as the generation. Sync gives what the member has now. A heartbeat calls it to
 * join again whenever there is another step to take.
 */
public final class MixedGroups {

    private static final short MEMBER_ID_REQUIRED = 4;

    private final GroupTable table;
    private final GroupTimers timers;
    private final GroupSettings settings;
    private final MemberUpdates updates;
    private final GroupMigration migration;
    private final Supplier<String> memberIds;

    /** The mixed groups of a shard. */
    public MixedGroups(
            GroupTable table,
            GroupTimers timers,
            GroupSettings settings,
            MemberUpdates updates,
            GroupMigration migration,
            Supplier<String> memberIds) {
        this.table = table;
        this.timers = timers;
        this.settings = settings;
        this.updates = updates;
        this.migration = migration;
        this.memberIds = memberIds;
    }

    /** Whether a classic member's request is for us: the group is a consumer group with members. */
    public boolean serves(String groupId) {
        return table.findConsumerGroup(groupId)
                .filter(group -> !group.isEmpty())
                .isPresent();
    }

    /** JoinGroup. Errors 23, 24, 25, 26, 42, 81, 82; 79 comes as an answer. */
    public Outcome<Boolean> join(
            JoinGroupRequestData request,
            short version,
            Client client,
            Later<JoinGroupResponseData> later,
            Moment moment) {
        JoinCall call = JoinCall.of(request, version, client, settings.classic(), later);
        ConsumerGroup group = table.consumerGroup(request.groupId());
        ConsumerProtocolSubscription said = check(group, call);
        Changes changes = new Changes(table);
        ConsumerGroupMember known = known(group, call);
        if (known == null && call.memberId().isEmpty()) {
            checkSize(group);
            if (call.instanceId() == null && version >= MEMBER_ID_REQUIRED) {
                changes.answer(later, ClassicAnswers.refused(newId(call), Errors.MEMBER_ID_REQUIRED));
                return changes.outcome(true);
            }
        } else if (known == null) {
            checkSize(group);
        }
        String memberId = call.memberId().isEmpty() ? newId(call) : call.memberId();
        MemberSubscription before = known == null ? null : known.subscription();
        if (known != null && !known.memberId().equals(memberId)) {
            updates.replaceStatic(group, known, memberId, changes);
        }
        ConsumerGroup now = updates.subscribe(group, memberId, before, subscription(call, said), changes, moment);
        CurrentAssignment current = updates.reconcile(
                        now, memberId, ConsumerProtocolWords.owned(said, moment.catalog()), changes, moment.nowMs())
                .after();
        startSession(group.groupId(), memberId, call.sessionTimeoutMs(), moment.nowMs());
        timers.cancel(new TimerKey(group.groupId(), memberId, TimerKind.JOIN));
        timers.schedule(
                new TimerKey(group.groupId(), memberId, TimerKind.SYNC),
                moment.nowMs() + Math.max(1, call.rebalanceTimeoutMs()));
        changes.answer(
                later,
                new JoinGroupResponseData()
                        .setMemberId(memberId)
                        .setGenerationId(current.memberEpoch())
                        .setProtocolType(ClassicGroup.CONSUMER)
                        .setProtocolName(call.protocols().get(0).name())
                        .setLeader(""));
        // The last member of the other protocol may be the one that came back as a classic one.
        migration.afterRemoval(now, moment.catalog(), changes, moment.nowMs());
        return changes.outcome(true);
    }

    private String newId(JoinCall call) {
        String name = call.instanceId() == null ? call.client().clientId() : call.instanceId();
        return name.substring(0, Math.min(name.length(), 255)) + "-" + memberIds.get();
    }

    private void checkSize(ConsumerGroup group) {
        if (group.size() >= settings.membersMax()) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception(
                    "group " + group.groupId() + " has " + settings.membersMax() + " members");
        }
    }

    /** Whether a member that says this can be in the group: its subscription can be read, and classic members share an assignor. */
    private static ConsumerProtocolSubscription check(ConsumerGroup group, JoinCall call) {
        Set<String> names = call.protocolNames();
        for (ConsumerGroupMember member : group.members()) {
            ClassicMemberMetadata classic = member.subscription().classic();
            if (classic != null && !member.memberId().equals(call.memberId())) {
                names.retainAll(
                        classic.protocols().stream().map(ClassicProtocol::name).toList());
            }
        }
        if (!ClassicGroup.CONSUMER.equals(call.protocolType()) || names.isEmpty()) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception("group " + group.groupId()
                    + " is of consumers, and its classic members have no protocol in common with "
                    + call.protocolNames());
        }
        return ClassicSubscriptions.read(call.protocols().get(0).metadata())
                .orElseThrow(() -> Errors.INCONSISTENT_GROUP_PROTOCOL.exception(
                        "the subscription of member " + call.memberId() + " cannot be read"));
    }

    /** The member as the group knows it, under another id if a static one comes back. */
    private static @Nullable ConsumerGroupMember known(ConsumerGroup group, JoinCall call) {
        if (call.instanceId() == null) {
            return group.member(call.memberId()).orElse(null);
        }
        ConsumerGroupMember sameName = group.staticMember(call.instanceId()).orElse(null);
        if (!call.memberId().isEmpty()) {
            if (sameName == null) {
                throw unknown(group, call.memberId());
            }
            if (!sameName.memberId().equals(call.memberId())) {
                throw Errors.FENCED_INSTANCE_ID.exception(
                        "instance " + call.instanceId() + " of group " + group.groupId() + " is another member now");
            }
        }
        return sameName;
    }

    private static MemberSubscription subscription(JoinCall call, ConsumerProtocolSubscription said) {
        return new MemberSubscription(
                call.instanceId(),
                said.rackId(),
                call.client().clientId(),
                call.client().clientHost(),
                new TreeSet<>(said.topics()),
                null,
                call.rebalanceTimeoutMs(),
                null,
                new ClassicMemberMetadata(call.sessionTimeoutMs(), call.protocols()));
    }

    /** SyncGroup. Errors 22, 23, 25, 27, 82. */
    public Outcome<Boolean> sync(
            SyncGroupRequestData request, Later<SyncGroupResponseData> later, TopicCatalog catalog, long nowMs) {
        ConsumerGroup group = table.consumerGroup(request.groupId());
        ConsumerGroupMember member =
                member(group, request.memberId(), request.groupInstanceId(), request.generationId());
        ClassicMemberMetadata classic = classic(member);
        String protocol = classic.protocols().get(0).name();
        checkSame("type", request.protocolType(), ClassicGroup.CONSUMER);
        checkSame("protocol", request.protocolName(), protocol);
        if (member.epoch() < group.epoch() && !member.mustRevoke()) {
            call(member, group, nowMs);
            throw Errors.REBALANCE_IN_PROGRESS.exception("group " + group.groupId() + " is being rebalanced again");
        }
        timers.cancel(new TimerKey(group.groupId(), member.memberId(), TimerKind.SYNC));
        startSession(group.groupId(), member.memberId(), classic.sessionTimeoutMs(), nowMs);
        Changes changes = new Changes(table);
        changes.answer(
                later,
                new SyncGroupResponseData()
                        .setProtocolType(ClassicGroup.CONSUMER)
                        .setProtocolName(protocol)
                        .setAssignment(ConsumerProtocolWords.assignment(
                                        member.current().assigned().keySet(),
                                        catalog,
                                        ConsumerProtocolAssignment.LOWEST_SUPPORTED_VERSION)
                                .toArray()));
        return changes.outcome(true);
    }

    private static void checkSame(String what, @Nullable String told, String actual) {
        if (told != null && !told.equals(actual)) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception(
                    "the member's " + what + " is " + actual + ", not " + told);
        }
    }

    /** Heartbeat of the classic protocol. Errors 22, 25, 82; 27 tells the member to join again. */
    public Outcome<HeartbeatResponseData> heartbeat(HeartbeatRequestData request, long nowMs) {
        ConsumerGroup group = table.consumerGroup(request.groupId());
        ConsumerGroupMember member =
                member(group, request.memberId(), request.groupInstanceId(), request.generationId());
        startSession(group.groupId(), member.memberId(), classic(member).sessionTimeoutMs(), nowMs);
        Errors error = Errors.NONE;
        if (hasAnotherStep(group, member)) {
            call(member, group, nowMs);
            error = Errors.REBALANCE_IN_PROGRESS;
        }
        return Outcome.answer(new HeartbeatResponseData().setErrorCode(error.code()));
    }

    /** There is a newer target, or something to give up, or something has been given up for it. */
    private static boolean hasAnotherStep(ConsumerGroup group, ConsumerGroupMember member) {
        return member.epoch() < group.epoch()
                || member.mustRevoke()
                || (member.current().state() == MemberState.UNRELEASED_PARTITIONS
                        && group.target(member.memberId()).stream()
                                .allMatch(partition -> group.owner(partition) == null
                                        || member.memberId().equals(group.owner(partition))));
    }

    /** The member has so long to join again. */
    private void call(ConsumerGroupMember member, ConsumerGroup group, long nowMs) {
        timers.scheduleIfAbsent(
                new TimerKey(group.groupId(), member.memberId(), TimerKind.JOIN),
                nowMs + Math.max(1, member.subscription().rebalanceTimeoutMs()));
    }

    /** A commit shows that the member lives. */
    public void sawCommit(ConsumerGroup group, ConsumerGroupMember member, long nowMs) {
        startSession(group.groupId(), member.memberId(), classic(member).sessionTimeoutMs(), nowMs);
    }

    /** The shard has been loaded. */
    public void loaded(ConsumerGroup group, ConsumerGroupMember member, long nowMs) {
        startSession(group.groupId(), member.memberId(), classic(member).sessionTimeoutMs(), nowMs);
    }

    private void startSession(String groupId, String memberId, int timeoutMs, long nowMs) {
        timers.schedule(TimerKey.session(groupId, memberId), nowMs + timeoutMs);
    }

    private static ClassicMemberMetadata classic(ConsumerGroupMember member) {
        ClassicMemberMetadata classic = member.subscription().classic();
        if (classic == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception(
                    "member " + member.memberId() + " speaks the consumer group protocol");
        }
        return classic;
    }

    private static ConsumerGroupMember member(
            ConsumerGroup group, String memberId, @Nullable String instanceId, int generation) {
        ConsumerGroupMember member = identify(group, memberId, instanceId);
        classic(member);
        if (member.epoch() != generation) {
            throw Errors.ILLEGAL_GENERATION.exception(
                    "member " + memberId + " is at generation " + member.epoch() + ", not " + generation);
        }
        return member;
    }

    private static ConsumerGroupMember identify(ConsumerGroup group, String memberId, @Nullable String instanceId) {
        ConsumerGroupMember member = group.member(memberId).orElse(null);
        if (instanceId != null
                && group.staticMember(instanceId)
                        .filter(other -> !other.memberId().equals(memberId))
                        .isPresent()) {
            throw Errors.FENCED_INSTANCE_ID.exception("instance " + instanceId + " is another member now");
        }
        if (member == null) {
            throw unknown(group, memberId);
        }
        return member;
    }

    private static RuntimeException unknown(ConsumerGroup group, String memberId) {
        return Errors.UNKNOWN_MEMBER_ID.exception("group " + group.groupId() + " has no member " + memberId);
    }

    /** LeaveGroup, of members of either protocol. One answer for each: 0, 25 or 82. */
    public Outcome<LeaveGroupResponseData> leave(
            String groupId, List<MemberIdentity> leaving, boolean one, Moment moment) {
        Changes changes = new Changes(table);
        List<MemberResponse> answers = new ArrayList<>();
        for (MemberIdentity identity : leaving) {
            Errors error = Errors.NONE;
            try {
                leave(groupId, identity, changes, moment);
            } catch (ApiException refused) {
                error = Errors.forException(refused);
            }
            answers.add(new MemberResponse()
                    .setMemberId(identity.memberId())
                    .setGroupInstanceId(identity.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        table.findConsumerGroup(groupId)
                .ifPresent(group -> migration.afterRemoval(group, moment.catalog(), changes, moment.nowMs()));
        LeaveGroupResponseData response = new LeaveGroupResponseData();
        return changes.outcome(one ? response.setErrorCode(answers.get(0).errorCode()) : response.setMembers(answers));
    }

    private void leave(String groupId, MemberIdentity identity, Changes changes, Moment moment) {
        ConsumerGroup group = table.consumerGroup(groupId);
        String instanceId = identity.groupInstanceId();
        ConsumerGroupMember member = identity.memberId().isEmpty() && instanceId != null
                ? group.staticMember(instanceId).orElseThrow(() -> unknown(group, instanceId))
                : identify(group, identity.memberId(), instanceId);
        updates.remove(group, member, " left", changes, moment);
    }
}
