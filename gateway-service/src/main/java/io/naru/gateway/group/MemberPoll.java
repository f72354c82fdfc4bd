package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.read.Fetched;
import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.Watch;
import io.netty.util.Timeout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    private final @Nullable GroupCursor base;
    private final Map<TopicPartition, PartitionPosition> told;
    private final Runnable stop;
    private final long overtimeNanos;
    private final Map<TopicPartition, Long> starts =
            new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
    private final Map<TopicPartition, Long> at = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
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
        this.base = plan.base();
        this.told = positionsOf(base);
        this.losses = member.holdings().losses();
        this.stop = () -> member.submit(this::finish);
        this.overtimeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(plan.waitMs() + OVERTIME_MS);
    }

    @Nullable
    GroupCursor base() {
        return base;
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
                    && !at.isEmpty()
                    && (watch == null || watched < at.size())
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
        at.clear();
        starts.clear();
    }

    private void answerIfConfirmed(Ready held) {
        if (member.membership().isConfirmedSince(fetchedNanos)) {
            ready = null;
            answer(held.records());
        }
    }

    /** Whether it is known where every partition stands. */
    private boolean isPositioned() {
        return timeUp
                || (!member.holdings().isEmpty()
                        && member.holdings().all().stream()
                                .allMatch(held -> held.isRevoking()
                                        || at.containsKey(held.id().partition())));
    }

    /** Follows what the member holds, and finds where to begin in what is new. */
    private void position() {
        Holdings holdings = member.holdings();
        at.keySet().removeIf(partition -> {
            HeldPartition held = holdings.find(partition);
            return held == null || held.isRevoking();
        });
        List<HeldPartition> unknown = new ArrayList<>();
        for (HeldPartition held : holdings.all()) {
            TopicPartition partition = held.id().partition();
            if (held.isRevoking()
                    || at.containsKey(partition)
                    || plan.paused().contains(partition)
                    || held.committed() == HeldPartition.UNASKED) {
                continue;
            }
            long start = start(held, told.get(partition));
            if (start < 0) {
                unknown.add(held);
            } else {
                at.put(partition, start);
                starts.put(partition, start);
            }
        }
        if (!unknown.isEmpty()) {
            member.offsets().findBeginning(unknown, member.fromEarliest());
        }
    }

    private static Map<TopicPartition, PartitionPosition> positionsOf(@Nullable GroupCursor cursor) {
        Map<TopicPartition, PartitionPosition> positions = new HashMap<>();
        if (cursor != null) {
            cursor.positions().forEach(position -> positions.put(position.partition(), position));
        }
        return positions;
    }

    /**
     * Where to begin in a partition: where the cursor says, unless the partition may have been another's since that was given out. Then
     * only what is committed counts, for the client may have been told that its acknowledgement came too late and that the next owner
     * reads the records again; and that is this very member now.
     */
    private long start(HeldPartition held, @Nullable PartitionPosition told) {
        Long sought = plan.sought().get(held.id().partition());
        if (sought != null) {
            return sought;
        }
        GroupCursor from = base;
        long known = held.committed() >= 0 ? held.committed() : held.beginning();
        if (from == null || told == null || !told.topicId().equals(held.id().topicId()) || told.nextOffset() < 0) {
            return known;
        }
        if (!from.memberId().equals(member.key().memberId())) {
            // A stream goes on where that of an earlier member ended.
            return Math.max(told.nextOffset(), held.committed());
        }
        return from.memberEpoch() >= held.gainedEpoch() ? told.nextOffset() : known;
    }

    private void fetch() {
        cancelWatch();
        fetching = true;
        Map<TopicPartition, Long> offsets = Map.copyOf(at);
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
        for (TopicPartition partition : inTurn(offsets)) {
            long offset = offsets.getOrDefault(partition, 0L);
            Fetched one = fetched.get(partition);
            if (one == null || !at.containsKey(partition)) {
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
                ends.put(partition, one.highWatermark());
                long next = records.add(partition, offset, one);
                moved |= next != offset;
                at.put(partition, next);
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
        return plan.repeatable() && last != null && last.starts().equals(starts) ? last.ends() : null;
    }

    /** All partitions, beginning with one that follows from the positions: each has its turn, and the same cursor the same. */
    private List<TopicPartition> inTurn(Map<TopicPartition, Long> offsets) {
        List<TopicPartition> order = new ArrayList<>(starts.keySet());
        order.retainAll(offsets.keySet());
        long sum = 0;
        for (long start : starts.values()) {
            sum += start;
        }
        if (!order.isEmpty()) {
            Collections.rotate(order, -(int) Math.floorMod(sum, (long) order.size()));
        }
        return order;
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
        watched = at.size();
        watch = services.reads().uncommitted().watch(Map.copyOf(at), () -> member.submit(this::woken));
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
                    if (nearest != null && at.containsKey(partition)) {
                        gaps.add(new PollSink.Gap(partition, offset, nearest));
                        at.put(partition, nearest);
                    }
                    advance();
                }));
    }

    /** Ends with what there is: no records. */
    void finish() {
        Ready unconfirmed = ready;
        if (unconfirmed != null) {
            at.putAll(unconfirmed.before());
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
        Map<TopicPartition, Long> after = new LinkedHashMap<>();
        List<PartitionPosition> positions = positionsNow(after);
        if (records.count() > 0) {
            member.replay(new GroupMember.Replay(Map.copyOf(starts), after));
        }
        List<TopicPartition> revoking = member.holdings().all().stream()
                .filter(HeldPartition::isRevoking)
                .map(held -> held.id().partition())
                .toList();
        GroupCursor cursor = member.cursor(positions);
        PollSink.Result result = new PollSink.Result(state(after), cursor, revoking, ack, List.copyOf(gaps));
        member.gave(cursor);
        member.holdings().told();
        if (end()) {
            sink.answer(records, result);
        }
    }

    private List<PartitionPosition> positionsNow(Map<TopicPartition, Long> after) {
        List<PartitionPosition> positions = new ArrayList<>();
        for (HeldPartition held : member.holdings().all()) {
            TopicPartition partition = held.id().partition();
            Long known = at.get(partition);
            positions.add(new PartitionPosition(
                    held.id().topicId(), partition, known != null ? known : start(held, told.get(partition))));
            if (known != null) {
                after.put(partition, known);
                if (known > starts.getOrDefault(partition, known)) {
                    held.delivered(known);
                }
            }
        }
        return positions;
    }

    private PollSink.State state(Map<TopicPartition, Long> after) {
        if (after.isEmpty() && plan.paused().isEmpty()) {
            return PollSink.State.JOINING;
        }
        boolean caughtUp = fetchedOnce
                && lastProblem == null
                && after.entrySet().stream()
                        .allMatch(one -> one.getValue() >= ends.getOrDefault(one.getKey(), Long.MAX_VALUE));
        return caughtUp ? PollSink.State.CAUGHT_UP : PollSink.State.ASSIGNED;
    }
}
