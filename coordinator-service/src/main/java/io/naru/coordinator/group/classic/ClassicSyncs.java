package io.naru.coordinator.group.classic;

import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicPhase.Completing;
import io.naru.coordinator.group.state.ClassicPhase.Preparing;
import io.naru.coordinator.group.state.ClassicPhase.Stable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.GroupTimers.TimerKind;
import io.naru.coordinator.group.state.Later;
import io.naru.coordinator.record.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** SyncGroup: the leader brings the assignment, the others fetch theirs. Nobody has it before the log has it. */
final class ClassicSyncs {

    private final GroupTimers timers;
    private final ClassicRebalances rebalances;

    ClassicSyncs(GroupTimers timers, ClassicRebalances rebalances) {
        this.timers = timers;
        this.rebalances = rebalances;
    }

    void sync(
            ClassicGroup group,
            SyncGroupRequestData request,
            Later<SyncGroupResponseData> later,
            Changes changes,
            long nowMs) {
        ClassicMember member = group.identify(request.memberId(), request.groupInstanceId());
        ClassicHeartbeats.checkGeneration(group, request.generationId());
        checkSame("type", request.protocolType(), group.protocolType());
        checkSame("protocol", request.protocolName(), group.protocol());
        if (group.phase() instanceof Completing completing) {
            completing
                    .await(member.memberId(), later)
                    .ifPresent(earlier -> changes.answer(
                            earlier, new SyncGroupResponseData().setErrorCode(Errors.REBALANCE_IN_PROGRESS.code())));
            rebalances.pauseSession(group, member.memberId(), false, nowMs);
            if (group.isLeader(member.memberId())) {
                assign(group, completing, request, changes, nowMs);
            }
        } else if (group.phase() instanceof Stable stable) {
            fetched(group, stable, member.memberId());
            rebalances.startSession(group, member, nowMs);
            changes.answer(later, ClassicAnswers.synced(group, member));
        } else if (group.phase() instanceof Preparing) {
            throw Errors.REBALANCE_IN_PROGRESS.exception("group " + group.groupId() + " is being rebalanced again");
        } else {
            throw group.unknown(member.memberId());
        }
    }

    private static void checkSame(String what, @Nullable String told, @Nullable String actual) {
        if (told != null && !told.equals(actual)) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception(
                    "the group's " + what + " is " + actual + ", not " + told);
        }
    }

    private void assign(
            ClassicGroup group, Completing completing, SyncGroupRequestData request, Changes changes, long nowMs) {
        Map<String, Bytes> assignments = new HashMap<>();
        request.assignments().forEach(each -> assignments.put(each.memberId(), Bytes.copyOf(each.assignment())));
        List.copyOf(group.members())
                .forEach(member ->
                        group.assign(member.memberId(), assignments.getOrDefault(member.memberId(), Bytes.EMPTY)));
        if (!group.fitsIntoRecord()) {
            rebalances.sendBack(group, completing, Errors.MESSAGE_TOO_LARGE, changes, nowMs);
            rebalances.prepare(group, "the assignment was too large for the log", changes, nowMs);
            return;
        }
        Stable stable = new Stable(completing.unsynced());
        List<String> waiting = List.copyOf(completing.waiting());
        group.enter(stable, nowMs);
        changes.emit(group.toRecord());
        rebalances.ended(group, nowMs);
        for (String memberId : waiting) {
            Later<SyncGroupResponseData> later = completing.take(memberId);
            ClassicMember member = group.member(memberId).orElse(null);
            if (later != null && member != null) {
                changes.answer(later, ClassicAnswers.synced(group, member));
                rebalances.startSession(group, member, nowMs);
            }
        }
        cancelIfAllFetched(group, stable);
    }

    private void fetched(ClassicGroup group, Stable stable, String memberId) {
        stable.unsynced().remove(memberId);
        cancelIfAllFetched(group, stable);
    }

    private void cancelIfAllFetched(ClassicGroup group, Stable stable) {
        if (stable.unsynced().isEmpty()) {
            timers.cancel(TimerKey.ofGroup(group.groupId(), TimerKind.SYNC));
        }
    }
}
