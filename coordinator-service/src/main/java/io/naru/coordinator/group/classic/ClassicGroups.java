package io.naru.coordinator.group.classic;

import io.naru.coordinator.group.deletion.GroupDeletions;
import io.naru.coordinator.group.history.RebalanceHistory;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicPhase;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupIds;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.GroupTimers.TimerKind;
import io.naru.coordinator.group.state.Later;
import io.naru.coordinator.group.state.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * The classic protocol's requests, led to their group. A group id belongs to one protocol at a time: an empty group gives way to the
 * other kind, one with members does not.
 */
public final class ClassicGroups {

    private final GroupTable table;
    private final GroupSettings settings;
    private final GroupDeletions deletions;
    private final ClassicRebalances rebalances;
    private final ClassicJoins joins;
    private final ClassicSyncs syncs;
    private final ClassicHeartbeats heartbeats;
    private final ClassicLeaves leaves;

    public ClassicGroups(
            GroupTable table,
            GroupTimers timers,
            GroupSettings settings,
            GroupDeletions deletions,
            RebalanceHistory history,
            Supplier<String> memberIds) {
        this.table = table;
        this.settings = settings;
        this.deletions = deletions;
        this.rebalances = new ClassicRebalances(table, timers, settings.classic(), history);
        this.joins = new ClassicJoins(table, timers, settings, rebalances, memberIds);
        this.syncs = new ClassicSyncs(timers, rebalances);
        this.heartbeats = new ClassicHeartbeats(rebalances);
        this.leaves = new ClassicLeaves(rebalances);
    }

    public Outcome<Boolean> join(
            JoinGroupRequestData request,
            short version,
            Client client,
            Later<JoinGroupResponseData> later,
            long nowMs) {
        JoinCall call = JoinCall.of(request, version, client, settings.classic(), later);
        Changes changes = new Changes(table);
        joins.join(joined(call, changes), call, changes, nowMs);
        return changes.outcome(true);
    }

    /** A group that does not exist comes to be with its first member. */
    private ClassicGroup joined(JoinCall call, Changes changes) {
        String groupId = call.request().groupId();
        Group group = table.find(groupId).orElse(null);
        if (group instanceof ClassicGroup classic) {
            return classic;
        }
        if (!call.memberId().isEmpty()) {
            throw unknown(groupId, call.memberId());
        }
        if (group instanceof ConsumerGroup consumerGroup) {
            if (!consumerGroup.isEmpty()
                    || call.protocolType().isEmpty()
                    || call.protocols().isEmpty()) {
                throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception(
                        "group " + groupId + " has members of the consumer group protocol");
            }
            deletions.delete(consumerGroup, changes);
        }
        return new ClassicGroup(groupId);
    }

    public Outcome<Boolean> sync(SyncGroupRequestData request, Later<SyncGroupResponseData> later, long nowMs) {
        GroupIds.checkGroup(request.groupId());
        Changes changes = new Changes(table);
        syncs.sync(existing(request.groupId(), request.memberId()), request, later, changes, nowMs);
        return changes.outcome(true);
    }

    public Outcome<HeartbeatResponseData> heartbeat(HeartbeatRequestData request, long nowMs) {
        GroupIds.checkGroup(request.groupId());
        Errors error = heartbeats.beat(existing(request.groupId(), request.memberId()), request, nowMs);
        return Outcome.answer(new HeartbeatResponseData().setErrorCode(error.code()));
    }

    /** Versions before 3 name one member, outside the list. */
    public Outcome<LeaveGroupResponseData> leave(LeaveGroupRequestData request, boolean one, long nowMs) {
        GroupIds.checkGroup(request.groupId());
        Changes changes = new Changes(table);
        List<MemberIdentity> leaving =
                one ? List.of(new MemberIdentity().setMemberId(request.memberId())) : request.members();
        Optional<ClassicGroup> group = table.findClassicGroup(request.groupId());
        List<MemberResponse> answers = group.isPresent()
                ? leaves.leave(group.get(), leaving, changes, nowMs)
                : leaving.stream().map(ClassicGroups::notThere).toList();
        LeaveGroupResponseData response = new LeaveGroupResponseData();
        return changes.outcome(one ? response.setErrorCode(answers.get(0).errorCode()) : response.setMembers(answers));
    }

    private static MemberResponse notThere(MemberIdentity identity) {
        return new MemberResponse()
                .setMemberId(identity.memberId())
                .setGroupInstanceId(identity.groupInstanceId())
                .setErrorCode(Errors.UNKNOWN_MEMBER_ID.code());
    }

    /** Shared with those who turn groups into classic ones. */
    public ClassicRebalances rebalances() {
        return rebalances;
    }

    private ClassicGroup existing(String groupId, String memberId) {
        return table.findClassicGroup(groupId).orElseThrow(() -> unknown(groupId, memberId));
    }

    private static RuntimeException unknown(String groupId, String memberId) {
        return Errors.UNKNOWN_MEMBER_ID.exception("there is no classic group " + groupId + " with member " + memberId);
    }

    /** A commit shows that the member lives, as a heartbeat does. */
    public void sawCommit(ClassicGroup group, ClassicMember member, long nowMs) {
        if (!(group.phase() instanceof ClassicPhase.Preparing preparing && preparing.awaits(member.memberId()))) {
            rebalances.startSession(group, member, nowMs);
        }
    }

    public void loaded(ClassicGroup group, long nowMs) {
        group.wake();
        group.members().forEach(member -> rebalances.startSession(group, member, nowMs));
    }

    /** Whether anyone was evicted. */
    public boolean expire(ClassicGroup group, TimerKey key, Changes changes, long nowMs) {
        int before = group.size() + group.pending().size();
        if (key.kind() == TimerKind.JOIN) {
            rebalances.joinTimeout(group, changes, nowMs);
        } else if (key.kind() == TimerKind.SYNC) {
            rebalances.syncTimeout(group, changes, nowMs);
        } else if (group.pending().contains(key.memberId())) {
            rebalances.takePending(group, key.memberId());
            rebalances.settle(group, changes, nowMs);
        } else {
            group.member(key.memberId()).ifPresent(member -> {
                rebalances.take(group, member, changes);
                rebalances.afterRemoval(
                        group, "member " + member.memberId() + " was silent for too long", changes, nowMs);
            });
        }
        return group.size() + group.pending().size() < before;
    }
}
