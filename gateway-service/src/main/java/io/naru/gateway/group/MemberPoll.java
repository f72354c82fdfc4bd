package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.read.Fetched;
import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.Watch;
import io.netty.util.Timeout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A poll on its way: acknowledges, waits for partitions, finds where to begin in each, fetches, waits for records if there are none,
 * answers. Belongs to the member's mailbox, and is over when it has answered.
 */
final class MemberPoll {

    private static final long RETRY_MS = 50;
    private static final long OVERTIME_MS = 5_000;

    private final GroupMember member;
    private final GroupServices services;
    private final PollPlan plan;
    private final PollSink sink;
    private final PollPositions positions;
    private final Runnable stop;
    private final long overtimeNanos;
    private final List<PollSink.Gap> gaps = new ArrayList<>();
    private @Nullable MemberAck ack;
    private boolean ackPending;
    private boolean fetching;
    private boolean fetchedOnce;
    private boolean over;
    private boolean timeUp;
    private boolean anyReadable;
    private boolean released;
    private int watched;
    private int losses;
    private long fetchedNanos;
    private @Nullable Ready ready;
    private @Nullable Watch watch;
    private @Nullable Timeout timeout;
    private @Nullable Problem lastProblem;

    /**
     * Records that go out as soon as the group has confirmed that they are the member's.
     *
     * @param before where the poll stood before them
     */
    private record Ready(PollRecords records, Map<TopicPartition, Long> before) {}

    MemberPoll(GroupMember member, PollPlan plan, PollSink sink) {
        this.member = member;
        this.services = member.services();
        this.plan = plan;
        this.sink = sink;
        this.positions = new PollPositions(plan, member.key().memberId());
        this.losses = member.holdings().losses();
        this.stop = () -> member.submit(this::finish);
        this.overtimeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(plan.waitMs() + OVERTIME_MS);
    }

    @Nullable
    GroupCursor base() {
        return plan.base();
    }

    /** The acknowledgement that comes with this poll; it reads nothing before that is done. */
    MemberAck ack(GroupCursor cursor, long deadlineNanos) {
        ackPending = true;
        return new MemberAck(
                cursor,
                deadlineNanos,
                done -> {
                    ack = done;
                    ackPending = false;
                },
                this::fail);
    }

    /** The clock runs from here. */
    void begin() {
        try {
            services.reads().waiting().enter(stop);
        } catch (ProblemException tooMany) {
            fail(tooMany.problem());
            return;
        }
        timeUpIn(plan.waitMs());
    }

    private void timeUpIn(long ms) {
        timeout = services.reads().timer().newTimeout(t -> member.submit(this::timeUp), ms, TimeUnit.MILLISECONDS);
    }

    private void timeUp() {
        timeUp = true;
        if (!over && System.nanoTime() - overtimeNanos < 0) {
            // What has begun may come to its end, within bounds.
            timeUpIn(OVERTIME_MS);
        }
        advance();
    }

    /** The group wants partitions back for which an acknowledgement is owed: the client is told now, so that it can give it. */
    void revoking() {
        if (!ackPending) {
            finish();
        }
    }

    /** Goes on if it can. */
    void advance() {
        if (over || ackPending) {
            return;
        }
        if (member.isSynced()) {
            if (plan.shown() != null) {
                if (!plan.shown().equals(PollPlan.Shown.of(member.holdings()))) {
                    finish();
                    return;
                }
            } else if (!released) {
                released = true;
                member.releaseRevoked();
                // What is not given up yet the client does not know of: it is told by an answer without delay.
                timeUp |= member.holdings().anyRevoking();
            }
            if (losses != member.holdings().losses()) {
                startOver();
            }
            if (ready != null) {
                answerIfConfirmed(ready);
            }
            if (over) {
                return;
            }
            position();
            if (plan.isPositionsOnly()) {
                if (isPositioned()) {
                    finish();
                }
                return;
            }
            if (!fetching
                    && ready == null
                    && positions.count() > 0
                    && (watch == null || watched < positions.count())
                    && !(timeUp && fetchedOnce)) {
                fetch();
            }
        }
        if (timeUp && !fetching && (!isBusy() || System.nanoTime() - overtimeNanos >= 0)) {
            finish();
        }
    }

    private boolean isBusy() {
        return ready != null || (member.isSynced() && member.offsets().isBusy());
    }

    /** Partitions were lost, and are perhaps here again: where to read in them is looked for anew. */
    private void startOver() {
        losses = member.holdings().losses();
        ready = null;
        cancelWatch();
        positions.clear();
    }

    private void answerIfConfirmed(Ready held) {
        if (member.membership().isConfirmedSince(fetchedNanos)) {
            ready = null;
            answer(held.records());
        }
    }

    /** Whether it is known where every partition stands. */
    private boolean isPositioned() {
        return timeUp || positions.knowsAll(member.holdings());
    }

    /** Follows what the member holds, and finds where to begin in what is new. */
    private void position() {
        List<HeldPartition> unknown = positions.follow(member.holdings());
        if (!unknown.isEmpty()) {
            member.offsets().findBeginning(unknown, member.fromEarliest());
        }
    }

    private void fetch() {
        cancelWatch();
        fetching = true;
        Map<TopicPartition, Long> offsets = positions.now();
        int then = losses;
        fetchedNanos = System.nanoTime();
        member.membership().confirm();
        services.reads()
                .reads()
                .fetch(offsets, plan.maxBytes(), plan.maxBytes(), Isolation.READ_UNCOMMITTED)
                .whenComplete((fetched, error) -> member.submit(() -> {
                    if (then == member.holdings().losses()) {
                        fetched(offsets, fetched, error);
                    } else {
                        fetching = false;
                        advance();
                    }
                }));
    }

    private void fetched(
            Map<TopicPartition, Long> offsets,
            @Nullable Map<TopicPartition, Fetched> fetched,
            @Nullable Throwable error) {
        fetching = false;
        if (over) {
            return;
        }
        if (fetched == null || error != null) {
            anyReadable = false;
            lastProblem = error == null ? null : KafkaProblems.of(GroupCalls.cause(error));
            again();
            return;
        }
        int size = fetched.values().stream()
                .mapToInt(one -> one.records().sizeInBytes())
                .sum();
        if (!services.reads().memory().tryReserve(size)) {
            anyReadable = false;
            lastProblem = PollAnswer.noMemory();
            again();
            return;
        }
        take(offsets, fetched);
        services.reads().memory().release(size);
    }

    private void take(Map<TopicPartition, Long> offsets, Map<TopicPartition, Fetched> fetched) {
        PollRecords records = new PollRecords(plan, sink.shape(), replayEnds());
        boolean retry = false;
        boolean moved = false;
        anyReadable = false;
        for (TopicPartition partition : positions.inTurn(offsets)) {
            long offset = offsets.getOrDefault(partition, 0L);
            Fetched one = fetched.get(partition);
            if (one == null || !positions.reads(partition)) {
                continue;
            }
            if (one.error() == Errors.OFFSET_OUT_OF_RANGE) {
                retry = true;
                outOfRange(partition, offset);
            } else if (one.error() != Errors.NONE) {
                retry = true;
                lastProblem = KafkaProblems.of(one.error(), partition.toString());
            } else {
                anyReadable = true;
                positions.endsAt(partition, one.highWatermark());
                long next = records.add(partition, offset, one);
                moved |= next != offset;
                positions.moveTo(partition, next);
            }
        }
        fetchedOnce = true;
        if (records.count() > 0) {
            ready = new Ready(records, offsets);
            advance();
        } else if (retry) {
            again();
        } else if (moved) {
            lastProblem = null;
            advance();
        } else {
            lastProblem = null;
            await();
        }
    }

    /** Where the records of the last answer ended, if this poll asks for the same again. */
    private @Nullable Map<TopicPartition, Long> replayEnds() {
        GroupMember.Replay last = member.replay();
        return plan.repeatable() && last != null && last.starts().equals(positions.starts()) ? last.ends() : null;
    }

    private void again() {
        services.reads().timer().newTimeout(t -> member.submit(this::advance), RETRY_MS, TimeUnit.MILLISECONDS);
        if (timeUp && !fetching) {
            finish();
        }
    }

    private void await() {
        if (timeUp) {
            finish();
            return;
        }
        watched = positions.count();
        watch = services.reads().uncommitted().watch(positions.now(), () -> member.submit(this::woken));
        advance();
    }

    private void woken() {
        watch = null;
        advance();
    }

    private void cancelWatch() {
        Watch watching = watch;
        if (watching != null) {
            watching.cancel();
            watch = null;
        }
    }

    /** The records were deleted before they were read, or the log was cut: goes on at the nearest offset there is, and says so. */
    private void outOfRange(TopicPartition partition, long offset) {
        fetching = true;
        PollAnswer.nearest(services.reads().reads(), partition, offset)
                .whenComplete((nearest, error) -> member.submit(() -> {
                    fetching = false;
                    if (nearest != null && positions.reads(partition)) {
                        gaps.add(new PollSink.Gap(partition, offset, nearest));
                        positions.moveTo(partition, nearest);
                    }
                    advance();
                }));
    }

    /** Ends with what there is: no records. */
    void finish() {
        Ready unconfirmed = ready;
        if (unconfirmed != null) {
            positions.moveTo(unconfirmed.before());
            ready = null;
        }
        answer(new PollRecords(plan, sink.shape(), null));
    }

    void fail(Problem problem) {
        if (end()) {
            sink.fail(problem);
        }
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        cancelWatch();
        services.reads().waiting().leave(stop);
        Timeout running = timeout;
        if (running != null) {
            running.cancel();
        }
        member.pollDone(this);
        return true;
    }

    private void answer(PollRecords records) {
        if (over) {
            return;
        }
        if (records.count() == 0) {
            Problem why = member.isSynced() ? lastProblem : member.lastProblem();
            if (ackPending || (why != null && !anyReadable)) {
                fail(why != null ? why : PollAnswer.ackPending());
                return;
            }
        }
        List<TopicPartition> strangers = plan.sought().keySet().stream()
                .filter(partition -> member.holdings().find(partition) == null)
                .toList();
        if (!strangers.isEmpty()) {
            fail(GroupProblems.notAssigned(strangers));
            return;
        }
        Map<TopicPartition, Long> after = positions.after(member.holdings());
        GroupCursor cursor = member.cursor(positions.given(member.holdings()));
        if (records.count() > 0) {
            member.replay(new GroupMember.Replay(Map.copyOf(positions.starts()), after));
        }
        List<TopicPartition> revoking = member.holdings().all().stream()
                .filter(HeldPartition::isRevoking)
                .map(held -> held.id().partition())
                .toList();
        PollSink.Result result = new PollSink.Result(state(after), cursor, revoking, ack, List.copyOf(gaps));
        member.gave(cursor);
        member.holdings().told();
        if (end()) {
            sink.answer(records, result);
        }
    }

    private PollSink.State state(Map<TopicPartition, Long> after) {
        if (after.isEmpty() && plan.paused().isEmpty()) {
            return PollSink.State.JOINING;
        }
        boolean caughtUp = fetchedOnce && lastProblem == null && positions.areAtTheEnds(after);
        return caughtUp ? PollSink.State.CAUGHT_UP : PollSink.State.ASSIGNED;
    }
}
