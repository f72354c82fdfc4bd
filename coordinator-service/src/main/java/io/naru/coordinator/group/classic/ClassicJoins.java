package io.naru.coordinator.group.classic;

import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicPhase.Completing;
import io.naru.coordinator.group.state.ClassicPhase.Empty;
import io.naru.coordinator.group.state.ClassicPhase.Preparing;
import io.naru.coordinator.group.state.ClassicPhase.Stable;
import io.naru.coordinator.group.state.ClassicSubscriptions;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.ProtocolChoice;
import io.naru.coordinator.record.Bytes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** JoinGroup: members come, come again with another subscription, or come back under a name that the group knows. */
final class ClassicJoins {

    /** From this version on a member has to join again with the id that it is given, so that a lost answer leaves no ghost (KIP-394). */
    private static final short MEMBER_ID_REQUIRED = 4;

    private static final short SKIPS_ASSIGNMENT = 9;
    private static final int ID_PREFIX_MAX = 255;
    /** A group that says more than this cannot come to rest: its record would be too large for the log. */
    private static final long GROUP_METADATA_BYTES_MAX = 16L * 1024 * 1024;

    private final GroupTable table;
    private final GroupTimers timers;
    private final GroupSettings settings;
    private final ClassicRebalances rebalances;
    private final Supplier<String> memberIds;

    ClassicJoins(
            GroupTable table,
            GroupTimers timers,
            GroupSettings settings,
            ClassicRebalances rebalances,
            Supplier<String> memberIds) {
        this.table = table;
        this.timers = timers;
        this.settings = settings;
        this.rebalances = rebalances;
        this.memberIds = memberIds;
    }

    void join(ClassicGroup group, JoinCall call, Changes changes, long nowMs) {
        if (!group.accepts(call.protocolType(), call.protocolNames())) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception("group " + group.groupId() + " is of type \""
                    + group.protocolType() + "\" and has no protocol in common with " + call.protocolNames());
        }
        if (call.memberId().isEmpty()) {
            joinAsNew(group, call, changes, nowMs);
        } else if (group.pending().contains(call.memberId())) {
            table.add(group);
            enter(group, call.member(call.memberId(), Bytes.EMPTY), call, changes, nowMs);
        } else {
            joinAgain(group, group.identify(call.memberId(), call.instanceId()), call, changes, nowMs);
        }
    }

    private void joinAsNew(ClassicGroup group, JoinCall call, Changes changes, long nowMs) {
        Optional<ClassicMember> sameName =
                call.instanceId() == null ? Optional.empty() : group.staticMember(call.instanceId());
        if (sameName.isPresent()) {
            comeBack(group, sameName.get(), call, changes, nowMs);
            return;
        }
        if (group.size() + group.pending().size() >= settings.membersMax()
                || group.metadataBytes() > GROUP_METADATA_BYTES_MAX) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception(
                    "group " + group.groupId() + " takes no more than " + settings.membersMax() + " members that say "
                            + GROUP_METADATA_BYTES_MAX + " bytes about themselves");
        }
        table.add(group);
        String memberId = newId(call);
        if (call.instanceId() == null && call.version() >= MEMBER_ID_REQUIRED) {
            group.pending().add(memberId);
            timers.schedule(TimerKey.session(group.groupId(), memberId), nowMs + call.sessionTimeoutMs());
            changes.answer(call.later(), ClassicAnswers.refused(memberId, Errors.MEMBER_ID_REQUIRED));
        } else {
            enter(group, call.member(memberId, Bytes.EMPTY), call, changes, nowMs);
        }
    }

    private String newId(JoinCall call) {
        String name = call.instanceId() == null ? call.client().clientId() : call.instanceId();
        return name.substring(0, Math.min(name.length(), ID_PREFIX_MAX)) + "-" + memberIds.get();
    }

    /** A new member comes in, and everyone is called together. */
    private void enter(ClassicGroup group, ClassicMember member, JoinCall call, Changes changes, long nowMs) {
        if (group.phase() instanceof Empty) {
            group.protocolType(call.protocolType());
        }
        group.put(member);
        await(group, member, call, true, "member " + member.memberId() + " joins" + call.because(), changes, nowMs);
    }

    /** The member waits for the next generation; the first to wait calls the others. */
    private void await(
            ClassicGroup group,
            ClassicMember member,
            JoinCall call,
            boolean newcomer,
            String reason,
            Changes changes,
            long nowMs) {
        if (!(group.phase() instanceof Preparing)) {
            rebalances.prepare(group, reason, changes, nowMs);
        } else if (newcomer) {
            ((Preparing) group.phase()).sawNewcomer();
        }
        Preparing preparing = (Preparing) group.phase();
        preparing
                .await(member.memberId(), call.later())
                .ifPresent(earlier -> changes.answer(
                        earlier, ClassicAnswers.refused(member.memberId(), Errors.REBALANCE_IN_PROGRESS)));
        rebalances.pauseSession(group, member.memberId(), newcomer, nowMs);
        rebalances.completeIfAllCame(group, changes, nowMs);
    }

    private void joinAgain(ClassicGroup group, ClassicMember member, JoinCall call, Changes changes, long nowMs) {
        ClassicMember after = call.member(member.memberId(), member.assignment());
        boolean same = after.protocols().equals(member.protocols());
        // A leader joins again to have everything assigned anew, though its own subscription is the same: topics may
        // have changed.
        // Any other member that says nothing new has missed the answer to its last join.
        boolean missedItsAnswer = same
                && (group.phase() instanceof Completing
                        || (group.phase() instanceof Stable && !group.isLeader(member.memberId())));
        if (missedItsAnswer) {
            rebalances.startSession(group, member, nowMs);
            changes.answer(call.later(), ClassicAnswers.joined(group, member.memberId()));
            return;
        }
        group.put(after);
        String reason =
                (same ? "the leader joins again" : "member " + member.memberId() + " joins with other protocols")
                        + call.because();
        await(group, after, call, false, reason, changes, nowMs);
    }

    /**
     * Another process comes in for a static member (KIP-345). It gets a new id, which fences the process before it, and everything else
     * of the old one's. When nobody needs to know, nobody does: then it gets the assignment of the present generation.
     */
    private void comeBack(ClassicGroup group, ClassicMember old, JoinCall call, Changes changes, long nowMs) {
        ClassicMember renewed = call.member(newId(call), old.assignment());
        boolean led = group.isLeader(old.memberId());
        rebalances.takeWaiting(group, old.memberId(), Errors.FENCED_INSTANCE_ID, changes);
        timers.cancel(TimerKey.session(group.groupId(), old.memberId()));
        group.remove(old);
        group.put(renewed);
        if (led) {
            group.lead(renewed.memberId());
        }
        if (group.phase() instanceof Stable stable
                && Objects.equals(ProtocolChoice.of(group.members()), group.protocol())
                && group.fitsIntoRecord()
                && ClassicSubscriptions.topics(old).equals(ClassicSubscriptions.topics(renewed))) {
            if (stable.unsynced().remove(old.memberId())) {
                stable.unsynced().add(renewed.memberId());
            }
            changes.emit(group.toRecord());
            rebalances.startSession(group, renewed, nowMs);
            changes.answer(call.later(), welcomeBack(group, old, renewed, led, call.version()));
            return;
        }
        await(
                group,
                renewed,
                call,
                true,
                "static member " + call.instanceId() + " came back" + call.because(),
                changes,
                nowMs);
    }

    private static JoinGroupResponseData welcomeBack(
            ClassicGroup group, ClassicMember old, ClassicMember renewed, boolean led, short version) {
        if (version >= SKIPS_ASSIGNMENT) {
            return ClassicAnswers.joined(group, renewed.memberId(), group.leader(), led);
        }
        // A client that cannot skip the assignment must not know that it leads.
        return ClassicAnswers.joined(group, renewed.memberId(), led ? old.memberId() : group.leader(), false);
    }
}
