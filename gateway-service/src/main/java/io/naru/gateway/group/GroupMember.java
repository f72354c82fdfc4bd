package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.netty.util.Timeout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One member of a group, as this gateway serves it: heartbeats as long as its lease lasts, gives up and takes on partitions as the
 * coordinator says, and leaves when the lease lapses (KIP-848). Lives in its {@link Mailbox}: except for {@link #submit} and
 * {@link #key}, nothing here may be called from elsewhere.
 *
 * <pre>
 *   joining ──heartbeat──▶ in step ◀──heartbeat──▶ in step …
 *   taken over by cursor ──────┘  ▲      │ fenced: another gateway has moved the member on
 *   taken over by name ──describe─┴──────┘ (describe: its epoch and partitions now)
 *   any ──unknown to the group, lease lapsed, left──▶ gone
 * </pre>
 */
final class GroupMember {

    private static final long RETRY_MS = 100;
    private static final long RETRY_MAX_MS = 2_000;
    private static final long EAGER_MS = 300;
    private static final long EAGER_FOR_MS = 3_000;
    private static final long STALE_MS = 1_000;
    private static final int FENCED_MAX = 5;

    private final MemberKey key;
    private final GroupServices services;
    private final MemberRegistry registry;
    private final Mailbox mailbox;
    private final Holdings holdings = new Holdings();
    private final MemberOffsets offsets;
    private final MemberLease lease;
    private final AssignmentNames assignments;
    private Subscription subscription;
    private boolean hadPattern;
    private boolean fromEarliest;

    private int epoch;
    private boolean synced;
    private boolean adopting;
    private boolean beating;
    private boolean beatAgain;
    private boolean tellAll = true;
    private List<MemberPartition> reported = List.of();
    private int failures;
    private int fenced;
    private long intervalMs = EAGER_MS;
    private long eagerUntilNanos = System.nanoTime();
    private long nudgedUntilNanos = System.nanoTime();
    private long beatNanos;
    private @Nullable Timeout nextBeat;
    private @Nullable MemberPoll poll;
    private @Nullable Problem lastProblem;
    private @Nullable Problem gone;

    /** What the last answer with records began and ended with; null when there was none. */
    private @Nullable Replay replay;

    /** The positions between which an answer's records lie. */
    record Replay(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {}

    GroupMember(
            MemberKey key,
            GroupServices services,
            MemberRegistry registry,
            Subscription subscription,
            long sessionTimeoutMs,
            boolean fromEarliest) {
        this.key = key;
        this.services = services;
        this.registry = registry;
        this.mailbox = new Mailbox(services.reads().workers());
        this.offsets = new MemberOffsets(this, services);
        this.assignments = new AssignmentNames(this, services.topics());
        this.subscription = subscription;
        this.lease = new MemberLease(this, services.reads().timer(), sessionTimeoutMs);
        this.fromEarliest = fromEarliest;
    }

    MemberKey key() {
        return key;
    }

    GroupServices services() {
        return services;
    }

    /** Runs something in the mailbox. From any thread. */
    void submit(Runnable task) {
        mailbox.submit(task);
    }

    // ---- how a member comes to be here

    /** Joins as a new member. */
    void join() {
        epoch = HeartbeatRequests.JOIN_EPOCH;
        begin();
        beat();
    }

    /** Goes on from a cursor that was given out by another gateway, or by this one long ago. */
    void takeOver(GroupCursor cursor) {
        epoch = cursor.memberEpoch();
        for (PartitionPosition position : cursor.positions()) {
            holdings.restore(
                    new MemberPartition(position.topicId(), position.partition()), epoch, position.nextOffset());
        }
        begin();
        if (epoch == HeartbeatRequests.JOIN_EPOCH) {
            // The cursor was given out before the coordinator had answered.
            adopt();
        } else {
            beat();
        }
    }

    /** Goes on for a member of which only the name is known. */
    void takeOver() {
        begin();
        adopt();
    }

    private void begin() {
        eagerUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EAGER_FOR_MS);
        lease.touch();
        lease.watch();
    }

    // ---- what calls ask for

    boolean isSynced() {
        return synced;
    }

    boolean isGone() {
        return gone != null;
    }

    int epoch() {
        return epoch;
    }

    Holdings holdings() {
        return holdings;
    }

    MemberOffsets offsets() {
        return offsets;
    }

    boolean fromEarliest() {
        return fromEarliest;
    }

    @Nullable
    Problem lastProblem() {
        return lastProblem;
    }

    @Nullable
    Replay replay() {
        return replay;
    }

    void replay(Replay last) {
        replay = last;
    }

    GroupCursor cursor(List<PartitionPosition> positions) {
        return new GroupCursor(
                key.group(), key.memberId(), epoch, subscription, (int) lease.timeoutMs(), fromEarliest, positions);
    }

    /** Takes a poll; one that is under way ends with what it has. */
    void poll(MemberPoll next, PollRequest request, @Nullable MemberAck ack) {
        if (gone != null) {
            next.fail(gone);
            return;
        }
        MemberPoll before = poll;
        if (before != null) {
            before.finish();
        }
        poll = next;
        adjust(request);
        lease.touch();
        if (holdings.isEmpty()) {
            eagerUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EAGER_FOR_MS);
        }
        if (ack != null) {
            offsets.ack(ack);
        }
        long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beatNanos);
        if (synced && silentMs > Math.min(STALE_MS, intervalMs)) {
            // A member that is busy hears early of what the group wants.
            beat();
        }
        next.begin();
        advance();
    }

    /** Takes an acknowledgement that is not part of a poll. */
    void ack(MemberAck ack) {
        if (gone != null) {
            ack.fail(gone);
            return;
        }
        lease.touch();
        offsets.ack(ack);
        advance();
    }

    private void adjust(PollRequest request) {
        Subscription wanted = request.subscription();
        if (wanted != null && !wanted.equals(subscription)) {
            hadPattern |= subscription.pattern() != null;
            subscription = wanted;
            tellAll = true;
            if (synced) {
                beat();
            }
        }
        if (request.sessionTimeoutMs() > 0) {
            lease.timeoutMs(request.sessionTimeoutMs());
        }
        Boolean earliest = request.fromEarliest();
        if (earliest != null) {
            fromEarliest = earliest;
        }
    }

    /** The poll has been answered. */
    void pollDone(MemberPoll done) {
        if (poll == done) {
            poll = null;
            lease.touch();
        }
    }

    /** An acknowledgement has been taken: what the group wants back and nothing is owed for any more is given up. */
    void acked() {
        if (holdings.release(partition -> !partition.isUnacked())) {
            beat();
        }
    }

    /** The client has come again: what it had been told is wanted back, or owes nothing for, is given up. */
    void releaseRevoked() {
        if (holdings.release(partition -> partition.isTold() || !partition.isUnacked())) {
            beat();
        }
    }

    private void releaseLate() {
        if (holdings.release(partition -> true)) {
            beat();
            advance();
        }
    }

    /** Goes on with everything that can go on. */
    void advance() {
        if (gone != null) {
            return;
        }
        offsets.advance();
        MemberPoll now = poll;
        if (now != null) {
            now.advance();
        }
    }

    // ---- heartbeats

    /** Heartbeats now. */
    void beat() {
        if (gone != null || adopting) {
            return;
        }
        if (beating) {
            beatAgain = true;
            return;
        }
        beating = true;
        beatAgain = false;
        cancel(nextBeat);
        beatNanos = System.nanoTime();
        List<MemberPartition> owned = epoch == HeartbeatRequests.JOIN_EPOCH ? List.of() : holdings.owned();
        boolean toldAll = tellAll;
        tellAll = false;
        services.calls()
                .heartbeat(heartbeat(owned, toldAll))
                .whenComplete((answer, error) -> submit(() -> answered(owned, answer, error)));
    }

    /**
     * Another member of the group on this gateway came, went or gave something up. The coordinator may take a moment to think, so this
     * member asks more often for a while.
     */
    void nudge() {
        if (synced) {
            nudgedUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EAGER_FOR_MS);
            beat();
        }
    }

    private ConsumerGroupHeartbeatRequestData heartbeat(List<MemberPartition> owned, boolean all) {
        ConsumerGroupHeartbeatRequestData request = HeartbeatRequests.keep(key, epoch);
        if (all) {
            HeartbeatRequests.describe(request, subscription, hadPattern, services);
        }
        if (all || !owned.equals(reported)) {
            HeartbeatRequests.own(request, owned);
        }
        return request;
    }

    private void answered(
            List<MemberPartition> owned,
            @Nullable ConsumerGroupHeartbeatResponseData answer,
            @Nullable Throwable error) {
        beating = false;
        if (gone != null) {
            return;
        }
        if (answer == null || error != null) {
            retrySoon(error == null ? null : KafkaProblems.of(GroupCalls.cause(error)), 0);
            return;
        }
        Errors code = Errors.forCode(answer.errorCode());
        if (code != Errors.NONE) {
            refused(code, answer.errorMessage());
            return;
        }
        failures = 0;
        lastProblem = null;
        boolean joined = epoch == HeartbeatRequests.JOIN_EPOCH;
        boolean gaveUp = !owned.containsAll(reported);
        epoch = answer.memberEpoch();
        intervalMs = Math.max(RETRY_MS, answer.heartbeatIntervalMs());
        reported = owned;
        if (joined || gaveUp) {
            registry.nudgeOthers(this);
        }
        if (answer.assignment() != null) {
            assignments.resolve(answer.assignment(), epoch);
        } else {
            synced = true;
            fenced = 0;
        }
        if (beatAgain) {
            beat();
        } else {
            beatLater(isEager() ? Math.min(EAGER_MS, intervalMs) : intervalMs);
        }
        advance();
    }

    private boolean isEager() {
        long now = System.nanoTime();
        return now - nudgedUntilNanos < 0 || (poll != null && holdings.isEmpty() && now - eagerUntilNanos < 0);
    }

    private void beatLater(long ms) {
        cancel(nextBeat);
        nextBeat = services.reads().timer().newTimeout(t -> submit(this::beat), ms, TimeUnit.MILLISECONDS);
    }

    /** Something did not work for now: says everything again, a little later. */
    void retrySoon(@Nullable Problem why, long ms) {
        if (why != null) {
            lastProblem = why;
        }
        if (ms > 0) {
            services.reads().timer().newTimeout(t -> submit(this::advance), ms, TimeUnit.MILLISECONDS);
            return;
        }
        tellAll = true;
        failures++;
        beatLater(Math.min(RETRY_MAX_MS, RETRY_MS << Math.min(failures - 1, 5)));
        advance();
    }

    /** The coordinator has refused an offset call of this member. */
    void coordinatorSaid(Errors error) {
        if (GroupCalls.passes(error)) {
            services.calls().forgetCoordinator(key.group());
            retrySoon(KafkaProblems.of(error, null), RETRY_MS);
        } else if (error == Errors.UNKNOWN_MEMBER_ID || error == Errors.GROUP_ID_NOT_FOUND) {
            evicted();
        } else {
            // A stale epoch: a heartbeat on its way, or the next one, tells the epoch there is now.
            tellAll = true;
            beat();
            retrySoon(KafkaProblems.of(error, null), RETRY_MS);
        }
    }

    private void refused(Errors error, @Nullable String message) {
        if (error == Errors.FENCED_MEMBER_EPOCH || error == Errors.STALE_MEMBER_EPOCH) {
            adopt();
        } else if ((error == Errors.UNKNOWN_MEMBER_ID || error == Errors.GROUP_ID_NOT_FOUND)
                && epoch != HeartbeatRequests.JOIN_EPOCH) {
            evicted();
        } else if (GroupCalls.passes(error)) {
            services.calls().forgetCoordinator(key.group());
            retrySoon(KafkaProblems.of(error, message), 0);
        } else {
            end(GroupProblems.refused(error, message, subscription));
        }
    }

    // ---- assignment

    /** The coordinator's assignment, with the epoch that it came with. */
    void assigned(List<MemberPartition> target, int withEpoch) {
        boolean owing = holdings.assign(target, withEpoch);
        synced = true;
        fenced = 0;
        if (owing) {
            MemberPoll waiting = poll;
            if (waiting != null) {
                waiting.revoking();
            }
            later(services.properties().revokeGrace().toMillis(), this::releaseLate);
        }
        if (!holdings.owned().equals(reported)) {
            beat();
        }
    }

    /** Does something after a while, unless the member is gone by then. */
    void later(long ms, Runnable task) {
        services.reads()
                .timer()
                .newTimeout(
                        t -> submit(() -> {
                            if (gone == null) {
                                task.run();
                            }
                        }),
                        ms,
                        TimeUnit.MILLISECONDS);
    }

    // ---- taking over

    /** Asks the group where its member stands: another gateway has moved it on, or we know no more than its name. */
    private void adopt() {
        if (++fenced > FENCED_MAX) {
            end(GroupProblems.fenced(key));
            return;
        }
        adopting = true;
        services.calls().describe(key.group()).whenComplete((group, error) -> submit(() -> described(group, error)));
    }

    private void described(@Nullable DescribedGroup group, @Nullable Throwable error) {
        adopting = false;
        if (gone != null) {
            return;
        }
        Errors code = group == null ? Errors.NONE : Errors.forCode(group.errorCode());
        if (group == null || error != null || GroupCalls.passes(code)) {
            if (code != Errors.NONE) {
                services.calls().forgetCoordinator(key.group());
            }
            lastProblem = error != null
                    ? KafkaProblems.of(GroupCalls.cause(error))
                    : KafkaProblems.of(code, "describing the group");
            fenced--;
            later(RETRY_MS << Math.min(failures++, 4), this::adopt);
            advance();
            return;
        }
        if (code != Errors.NONE && code != Errors.GROUP_ID_NOT_FOUND) {
            end(KafkaProblems.of(code, group.errorMessage()));
            return;
        }
        ConsumerGroupDescribeResponseData.@Nullable Member found = group.members().stream()
                .filter(m -> m.memberId().equals(key.memberId()))
                .findFirst()
                .orElse(null);
        if (found == null) {
            evicted();
        } else if (synced && poll == null && !services.gatewayId().equals(found.rackId())) {
            // Its client went to another gateway. That one heartbeats from now on; nothing is to be done in the group.
            end(GroupProblems.movedAway(key));
        } else {
            adopt(found);
        }
    }

    private void adopt(ConsumerGroupDescribeResponseData.Member found) {
        failures = 0;
        if (!synced && subscription.equals(UNKNOWN_SUBSCRIPTION)) {
            String regex = found.subscribedTopicRegex();
            subscription = regex != null && !regex.isEmpty()
                    ? Subscription.ofPattern(regex)
                    : Subscription.ofTopics(found.subscribedTopicNames());
        }
        epoch = found.memberEpoch();
        holdings.restart(assignments.of(found), epoch);
        tellAll = true;
        beat();
    }

    /** Stands for a subscription that the group will tell. */
    static final Subscription UNKNOWN_SUBSCRIPTION = Subscription.ofPattern("");

    // ---- lease and end

    /** Leaves for a client that has been silent for too long. */
    void checkLease() {
        if (gone != null) {
            return;
        }
        if (poll != null || offsets.isBusy()) {
            // Somebody waits for an answer.
            lease.touch();
        }
        if (!lease.isOver()) {
            lease.watch();
            return;
        }
        end(GroupProblems.lapsed(key, lease.timeoutMs()));
        // Unless its client went on at another gateway, which would not survive our leaving for it.
        services.calls().describe(key.group()).whenComplete((group, error) -> {
            if (group != null
                    && group.members().stream()
                            .anyMatch(m -> m.memberId().equals(key.memberId())
                                    && services.gatewayId().equals(m.rackId()))) {
                leaveGroup();
            }
        });
    }

    /** The client leaves. */
    CompletableFuture<Errors> leave() {
        end(GroupProblems.left(key));
        return leaveGroup();
    }

    private CompletableFuture<Errors> leaveGroup() {
        return services.calls().leave(key).whenComplete((code, error) -> registry.nudgeOthers(this));
    }

    private void evicted() {
        Problem known = registry.whyGone(key);
        end(known != null ? known : GroupProblems.evicted(key));
    }

    private void end(Problem why) {
        if (gone != null) {
            return;
        }
        gone = why;
        cancel(nextBeat);
        lease.end();
        registry.remove(this, why);
        offsets.failAll(why);
        MemberPoll waiting = poll;
        poll = null;
        if (waiting != null) {
            waiting.fail(why);
        }
    }

    private static void cancel(@Nullable Timeout timeout) {
        if (timeout != null) {
            timeout.cancel();
        }
    }
}
