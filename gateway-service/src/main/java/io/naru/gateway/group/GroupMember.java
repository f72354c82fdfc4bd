package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One member of a group, as this gateway serves it: gets its partitions by its {@link Membership}, serves its client's polls and
 * acknowledgements, and leaves when the client's lease lapses. Lives in its {@link Mailbox}: except for {@link #submit} and {@link #key},
 * nothing here may be called from elsewhere.
 */
final class GroupMember {

    static final long RETRY_MS = 100;

    private final MemberKey key;
    private final GroupServices services;
    private final MemberRegistry registry;
    private final Mailbox mailbox;
    private final Holdings holdings = new Holdings();
    private final MemberOffsets offsets;
    private final MemberLease lease;
    private final Membership membership;
    private boolean fromEarliest;
    private boolean serving;
    private @Nullable MemberPoll poll;
    private @Nullable Problem lastProblem;
    private @Nullable Problem gone;

    /** The last cursor that was given out here; another one comes from another gateway, or again. */
    private @Nullable GroupCursor given;

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
        this.lease = new MemberLease(this, services.reads().timer(), sessionTimeoutMs);
        this.fromEarliest = fromEarliest;
        this.membership = subscription.isAssigned()
                ? new FixedMembership(this)
                : new HeartbeatMembership(this, services, registry, subscription);
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
        serving = true;
        begin();
        if (membership instanceof HeartbeatMembership group) {
            group.join();
        }
    }

    /** Goes on from a cursor that was given out by another gateway, or by this one long ago. */
    void takeOver(GroupCursor cursor) {
        // One that has not joined yet is nobody else's.
        serving = cursor.memberEpoch() == HeartbeatRequests.JOIN_EPOCH;
        for (PartitionPosition position : cursor.positions()) {
            holdings.restore(
                    new MemberPartition(position.topicId(), position.partition()),
                    cursor.memberEpoch(),
                    position.nextOffset());
        }
        begin();
        if (membership instanceof HeartbeatMembership group) {
            group.resume(cursor.memberEpoch());
        }
    }

    /** Goes on for a member of which only the name is known. */
    void takeOver() {
        serving = true;
        begin();
        if (membership instanceof HeartbeatMembership group) {
            group.adopt();
        }
    }

    private void begin() {
        lease.touch();
        lease.watch();
    }

    // ---- what calls ask for

    boolean isSynced() {
        return membership.isSynced();
    }

    boolean isGone() {
        return gone != null;
    }

    /** Whether the client has asked here for records; else it was only passing by. */
    boolean isServing() {
        return serving;
    }

    /** Whether a client waits for records. */
    boolean isPolled() {
        return poll != null;
    }

    Membership membership() {
        return membership;
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

    void lastProblem(@Nullable Problem problem) {
        lastProblem = problem;
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
                key.group(),
                key.memberId(),
                membership.epoch(),
                membership.subscription(),
                (int) lease.timeoutMs(),
                fromEarliest,
                positions);
    }

    /** A cursor has been given out. */
    void gave(GroupCursor cursor) {
        given = cursor;
    }

    /** Takes a poll; one that is under way ends with what it has. */
    void poll(MemberPoll next, @Nullable PollRequest request, @Nullable MemberAck ack) {
        if (gone != null) {
            next.fail(gone);
            return;
        }
        MemberPoll before = poll;
        if (before != null) {
            before.finish();
        }
        try {
            adjust(request);
        } catch (ProblemException refused) {
            next.fail(refused.problem());
            return;
        }
        poll = next;
        serving = true;
        if (next.base() != null && !next.base().equals(given)) {
            membership.shared();
        }
        doubtUnless(next.base());
        lease.touch();
        if (ack != null) {
            offsets.ack(ack);
        }
        membership.polled();
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
        doubtUnless(ack.cursor());
        membership.goOn();
        offsets.ack(ack);
        advance();
    }

    /** Who comes with another cursor than the last one from here may have committed elsewhere. */
    private void doubtUnless(@Nullable GroupCursor cursor) {
        if (cursor == null || !cursor.equals(given)) {
            holdings.doubt();
            offsets.doubt();
        }
    }

    private void adjust(@Nullable PollRequest request) {
        if (request == null) {
            return;
        }
        Subscription wanted = request.subscription();
        if (wanted != null) {
            membership.subscribe(wanted);
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

    /** Another call of its client waits: a poll that waits for records ends with what it has. */
    void hurry() {
        MemberPoll waiting = poll;
        if (waiting != null) {
            waiting.finish();
        }
    }

    // ---- partitions

    /** The member's partitions from an epoch on. */
    void assigned(List<MemberPartition> target, int epoch) {
        boolean owing = holdings.assign(target, epoch);
        if (owing) {
            MemberPoll waiting = poll;
            if (waiting != null) {
                waiting.revoking();
            }
            later(services.properties().revokeGrace().toMillis(), this::releaseLate);
        }
    }

    /** Its client has chosen its partitions. */
    void choose(List<MemberPartition> partitions) {
        if (gone == null && membership.subscription().isAssigned()) {
            assigned(partitions, membership.epoch());
        }
    }

    /** An acknowledgement has been taken: what the group wants back and nothing is owed for any more is given up. */
    void acked() {
        if (holdings.release(partition -> !partition.isUnacked())) {
            membership.changed();
        }
        if (!serving && !offsets.isBusy()) {
            // The client reads elsewhere; two that speak for one member would give up what the other one serves.
            membership.pause();
        }
    }

    /** The client has come again: what it had been told is wanted back, or owes nothing for, is given up. */
    void releaseRevoked() {
        if (holdings.release(partition -> partition.isTold() || !partition.isUnacked())) {
            membership.changed();
        }
    }

    private void releaseLate() {
        if (holdings.release(partition -> true)) {
            membership.changed();
            advance();
        }
    }

    // ---- going on

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

    /** Something did not work for now: goes on a little later. */
    void retrySoon(@Nullable Problem why) {
        if (why != null) {
            lastProblem = why;
        }
        later(RETRY_MS, this::advance);
    }

    /** The coordinator has refused an offset call of this member. */
    void coordinatorSaid(Errors error) {
        if (GroupCalls.passes(error)) {
            services.calls().forgetCoordinator(key.group());
            retrySoon(KafkaProblems.of(error, null));
        } else {
            membership.refused(error);
        }
    }

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
        membership.lapse();
    }

    /** The client leaves. */
    CompletableFuture<Errors> leave() {
        end(GroupProblems.left(key));
        return membership.leave();
    }

    /** The member is no more. */
    void end(Problem why) {
        if (gone != null) {
            return;
        }
        gone = why;
        membership.end();
        lease.end();
        registry.remove(this, why);
        offsets.failAll(why);
        MemberPoll waiting = poll;
        poll = null;
        if (waiting != null) {
            waiting.fail(why);
        }
    }
}
