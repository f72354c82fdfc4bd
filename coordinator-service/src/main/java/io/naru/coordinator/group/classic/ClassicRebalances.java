package io.naru.coordinator.group.classic;

import io.naru.coordinator.group.history.RebalanceHistory;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicPhase.Completing;
import io.naru.coordinator.group.state.ClassicPhase.Empty;
import io.naru.coordinator.group.state.ClassicPhase.Preparing;
import io.naru.coordinator.group.state.ClassicPhase.Stable;
import io.naru.coordinator.group.state.ClassicSettings;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.GroupTimers;
import io.naru.coordinator.group.state.GroupTimers.TimerKey;
import io.naru.coordinator.group.state.GroupTimers.TimerKind;
import io.naru.coordinator.group.state.Later;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Rebalances of classic groups: calls the members together, waits for them, and gives out the next generation.
 *
 * <p>A session runs while a member is expected to send heartbeats. It stands still while the member waits for an answer, and starts
 * anew with that answer.
 */
public final class ClassicRebalances {

    private final GroupTable table;
    private final GroupTimers timers;
    private final ClassicSettings settings;
    private final RebalanceHistory history;

    ClassicRebalances(GroupTable table, GroupTimers timers, ClassicSettings settings, RebalanceHistory history) {
        this.table = table;
        this.timers = timers;
        this.settings = settings;
        this.history = history;
    }

    /** Calls the members together, wherever the group stands. */
    public void prepare(ClassicGroup group, String reason, Changes changes, long nowMs) {
        timers.cancel(TimerKey.ofGroup(group.groupId(), TimerKind.SYNC));
        history.began(group.groupId(), group.generation(), reason, nowMs);
        long waitMs = group.rebalanceTimeoutMs();
        if (group.phase() instanceof Empty) {
            group.enter(Preparing.initial(nowMs + waitMs), nowMs);
            waitMs = Math.min(settings.initialRebalanceDelayMs(), waitMs);
        } else {
            if (group.phase() instanceof Completing completing) {
                sendBack(group, completing, Errors.REBALANCE_IN_PROGRESS, changes, nowMs);
            }
            group.enter(Preparing.again(), nowMs);
        }
        timers.schedule(TimerKey.ofGroup(group.groupId(), TimerKind.JOIN), nowMs + waitMs);
    }

    /** Tells all who wait for their assignment that there will be none. */
    void sendBack(ClassicGroup group, Completing completing, Errors error, Changes changes, long nowMs) {
        for (String memberId : List.copyOf(completing.waiting())) {
            Later<SyncGroupResponseData> later = completing.take(memberId);
            if (later != null) {
                changes.answer(later, new SyncGroupResponseData().setErrorCode(error.code()));
                group.member(memberId).ifPresent(member -> startSession(group, member, nowMs));
            }
        }
    }

    /** Goes on to the next generation if nobody is missing. A group that was empty waits a little for others nevertheless. */
    void completeIfAllCame(ClassicGroup group, Changes changes, long nowMs) {
        if (!(group.phase() instanceof Preparing preparing)) {
            return;
        }
        boolean all = group.pending().isEmpty() && preparing.come().size() == group.size();
        boolean gathering = preparing.isInitial() && settings.initialRebalanceDelayMs() > 0;
        if (group.size() == 0 || (all && !gathering)) {
            complete(group, preparing, changes, nowMs);
        }
    }

    /** The time for coming together is over. */
    void joinTimeout(ClassicGroup group, Changes changes, long nowMs) {
        if (!(group.phase() instanceof Preparing preparing)) {
            return;
        }
        if (preparing.isInitial() && preparing.takeNewcomers() && nowMs < preparing.initialLimitMs()) {
            timers.schedule(
                    TimerKey.ofGroup(group.groupId(), TimerKind.JOIN),
                    Math.min(nowMs + settings.initialRebalanceDelayMs(), preparing.initialLimitMs()));
        } else {
            complete(group, preparing, changes, nowMs);
        }
    }

    /**
     * Members that have not come are out. A static one may be late: it keeps its place until its session lapses, and its part of the
     * assignment with it.
     */
    private void complete(ClassicGroup group, Preparing preparing, Changes changes, long nowMs) {
        for (ClassicMember member : List.copyOf(group.members())) {
            if (!member.isStatic() && !preparing.awaits(member.memberId())) {
                timers.cancel(TimerKey.session(group.groupId(), member.memberId()));
                group.remove(member);
            }
        }
        TimerKey join = TimerKey.ofGroup(group.groupId(), TimerKind.JOIN);
        timers.cancel(join);
        if (group.size() == 0) {
            becomeEmpty(group, changes, nowMs);
        } else if (preparing.come().isEmpty()) {
            // Nobody is there who could lead: static members must come back, or lapse.
            timers.schedule(join, nowMs + group.rebalanceTimeoutMs());
        } else {
            nextGeneration(group, preparing, changes, nowMs);
        }
    }

    private void becomeEmpty(ClassicGroup group, Changes changes, long nowMs) {
        group.nextGeneration();
        group.enter(new Empty(), nowMs);
        history.ended(group, group.generation(), 0, nowMs);
        if (group.written() != null) {
            changes.emit(group.toRecord());
        } else if (group.pending().isEmpty()) {
            table.forget(group);
        }
    }

    private void nextGeneration(ClassicGroup group, Preparing preparing, Changes changes, long nowMs) {
        List<String> come = new ArrayList<>(preparing.come());
        String leader = group.leader();
        if (leader == null || !preparing.awaits(leader)) {
            group.lead(come.get(0));
        }
        group.nextGeneration();
        group.enter(new Completing(come), nowMs);
        for (String memberId : come) {
            Later<JoinGroupResponseData> later = preparing.take(memberId);
            if (later != null) {
                changes.answer(later, ClassicAnswers.joined(group, memberId));
            }
            group.member(memberId).ifPresent(member -> startSession(group, member, nowMs));
        }
        timers.schedule(TimerKey.ofGroup(group.groupId(), TimerKind.SYNC), nowMs + group.rebalanceTimeoutMs());
    }

    /** Members that took the generation and never asked for their assignment are out. */
    void syncTimeout(ClassicGroup group, Changes changes, long nowMs) {
        Collection<String> late = List.of();
        if (group.phase() instanceof Completing completing) {
            late = List.copyOf(completing.unsynced());
        } else if (group.phase() instanceof Stable stable) {
            late = List.copyOf(stable.unsynced());
        }
        if (!late.isEmpty()) {
            late.forEach(memberId -> group.member(memberId).ifPresent(member -> take(group, member, changes)));
            afterRemoval(group, late.size() + " members did not ask for their assignment", changes, nowMs);
        }
    }

    /** The member is gone; whoever waits in its name hears that it is unknown. Call {@link #afterRemoval} when all have been taken. */
    void take(ClassicGroup group, ClassicMember member, Changes changes) {
        takeWaiting(group, member.memberId(), Errors.UNKNOWN_MEMBER_ID, changes);
        timers.cancel(TimerKey.session(group.groupId(), member.memberId()));
        group.remove(member);
        if (group.phase() instanceof Stable stable) {
            stable.unsynced().remove(member.memberId());
        }
    }

    /** Ends the waiting of whoever waits in the member's name. */
    public void takeWaiting(ClassicGroup group, String memberId, Errors error, Changes changes) {
        if (group.phase() instanceof Preparing preparing) {
            Later<JoinGroupResponseData> later = preparing.take(memberId);
            if (later != null) {
                changes.answer(later, ClassicAnswers.refused(memberId, error));
            }
        } else if (group.phase() instanceof Completing completing) {
            Later<SyncGroupResponseData> later = completing.take(memberId);
            if (later != null) {
                changes.answer(later, new SyncGroupResponseData().setErrorCode(error.code()));
            }
        }
    }

    /** What members leave behind is to be shared out. */
    void afterRemoval(ClassicGroup group, String reason, Changes changes, long nowMs) {
        if (group.phase() instanceof Stable || group.phase() instanceof Completing) {
            prepare(group, reason, changes, nowMs);
        }
        settle(group, changes, nowMs);
    }

    /** An id that was given out has not been used, or has been given back. Call {@link #settle} when all have been taken. */
    void takePending(ClassicGroup group, String memberId) {
        timers.cancel(TimerKey.session(group.groupId(), memberId));
        group.pending().remove(memberId);
    }

    /** Nobody may be missing any more, or nobody be left. */
    void settle(ClassicGroup group, Changes changes, long nowMs) {
        completeIfAllCame(group, changes, nowMs);
        if (group.phase() instanceof Empty
                && group.written() == null
                && group.pending().isEmpty()) {
            table.forget(group);
        }
    }

    /** Every member has its assignment, or can have it. */
    void ended(ClassicGroup group, long nowMs) {
        history.ended(group, group.generation(), group.size(), nowMs);
    }

    public void startSession(ClassicGroup group, ClassicMember member, long nowMs) {
        timers.schedule(TimerKey.session(group.groupId(), member.memberId()), nowMs + member.sessionTimeoutMs());
    }

    /** A member waits for an answer: it owes no heartbeat. One that has never had an answer may have gone away meanwhile. */
    void pauseSession(ClassicGroup group, String memberId, boolean newcomer, long nowMs) {
        TimerKey session = TimerKey.session(group.groupId(), memberId);
        if (newcomer) {
            timers.schedule(session, nowMs + settings.newcomerTimeoutMs());
        } else {
            timers.cancel(session);
        }
    }
}
