package io.naru.gateway.group;

import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A place in a group that the coordinator gives and takes (KIP-848): heartbeats as long as the member is here, holds what the coordinator
 * assigns.
 *
 * <pre>
 *   joining ──heartbeat──▶ in step ◀──heartbeat──▶ in step …
 *   taken over by cursor ──────┘  ▲      │ fenced: another gateway has moved the member on
 *   taken over by name ──describe─┴──────┘ (describe: its epoch and partitions now)
 *   taken over before it had joined ──describe: not there──▶ joining
 *   any ──unknown to the group, lease lapsed, left──▶ gone
 * </pre>
 */
final class HeartbeatMembership implements Membership {

    /** Stands for a subscription that the group will tell. */
    static final Subscription UNKNOWN_SUBSCRIPTION = Subscription.ofPattern("");

    private static final int FENCED_MAX = 5;
    private static final int ADOPTION_DOUBLINGS_MAX = 4;

    private final GroupMember member;
    private final GroupServices services;
    private final MemberRegistry registry;
    private final AssignmentNames assignments;
    private final BeatSchedule schedule;
    private Subscription subscription;
    private boolean hadPattern;
    private int epoch;
    private boolean synced;
    private boolean adopting;
    private boolean mayJoin;
    private boolean shared;
    private boolean paused;
    private boolean beating;
    private boolean beatAgain;
    private boolean tellAll = true;
    private boolean tellOwned;
    private List<MemberPartition> reported = List.of();
    private int fenced;
    private int adoptionFailures;
    private long beatNanos;
    private long confirmedNanos = System.nanoTime();
    private long assignedNanos = System.nanoTime();

    HeartbeatMembership(
            GroupMember member, GroupServices services, MemberRegistry registry, Subscription subscription) {
        this.member = member;
        this.services = services;
        this.registry = registry;
        this.subscription = subscription;
        this.assignments = new AssignmentNames(this, member, services.topics());
        this.schedule = new BeatSchedule(services.reads().timer(), () -> member.submit(this::beat));
    }

    /** Joins as a new member. */
    void join() {
        epoch = HeartbeatRequests.JOIN_EPOCH;
        beat();
    }

    /** Goes on where a cursor says that the member was. */
    void resume(int cursorEpoch) {
        shared = true;
        epoch = cursorEpoch;
        if (epoch == HeartbeatRequests.JOIN_EPOCH) {
            // The cursor was given out before the coordinator had answered, or before it was asked.
            mayJoin = true;
            adopt();
        } else {
            beat();
        }
    }

    @Override
    public boolean isSynced() {
        return synced;
    }

    @Override
    public void shared() {
        shared = true;
    }

    @Override
    public void confirm() {
        if (shared) {
            beat();
        }
    }

    /** A member loses nothing without getting another epoch, and a heartbeat of an epoch that is past is refused. */
    @Override
    public boolean isConfirmedSince(long nanos) {
        return !shared || confirmedNanos - nanos >= 0;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public Subscription subscription() {
        return subscription;
    }

    @Override
    public MemberKey committer() {
        return member.key();
    }

    @Override
    public int committerEpoch() {
        return epoch;
    }

    @Override
    public void subscribe(Subscription wanted) {
        if (!wanted.equals(subscription)) {
            hadPattern |= subscription.pattern() != null;
            subscription = wanted;
            tellAll = true;
            if (synced) {
                beat();
            }
        }
    }

    @Override
    public void pause() {
        paused = true;
        synced = false;
        schedule.cancel();
    }

    /** Finds out first where the member stands by now. */
    @Override
    public void goOn() {
        if (paused) {
            paused = false;
            tellAll = true;
            beat();
        }
    }

    @Override
    public void polled() {
        goOn();
        if (member.holdings().isEmpty()) {
            schedule.hungry();
        }
        if (tellAll || (synced && schedule.isStale())) {
            beat();
        }
    }

    @Override
    public void changed() {
        beat();
    }

    @Override
    public void nudged() {
        if (synced) {
            schedule.nudged();
            beat();
        }
    }

    @Override
    public void retry() {
        tellAll = true;
        schedule.retry();
    }

    @Override
    public void refused(Errors error) {
        if (error == Errors.UNKNOWN_MEMBER_ID || error == Errors.GROUP_ID_NOT_FOUND) {
            evicted();
        } else {
            // A stale epoch: a heartbeat on its way, or the next one, tells the epoch there is now.
            tellAll = true;
            beat();
            member.retrySoon(KafkaProblems.of(error, null));
        }
    }

    @Override
    public void end() {
        schedule.cancel();
    }

    // ---- heartbeats

    private void beat() {
        if (member.isGone() || adopting || paused) {
            return;
        }
        if (beating) {
            beatAgain = true;
            return;
        }
        beating = true;
        beatAgain = false;
        beatNanos = schedule.sent();
        List<MemberPartition> owned = epoch == HeartbeatRequests.JOIN_EPOCH
                ? List.of()
                : member.holdings().owned();
        // Who only passes by does not say that it is the member's gateway now.
        boolean all = tellAll && member.isServing();
        // Whoever says what it owns is told what it should own. A partition that becomes free comes without a new
        // epoch, and the
        // coordinator says so once; another gateway may have been the one that heard it.
        boolean tells = tellAll || tellOwned || member.isPolled() || !owned.equals(reported);
        tellAll &= !all;
        tellOwned = false;
        services.calls()
                .heartbeat(heartbeat(owned, all, tells))
                .whenComplete((answer, error) -> member.submit(() -> answered(owned, tells, answer, error)));
    }

    private ConsumerGroupHeartbeatRequestData heartbeat(List<MemberPartition> owned, boolean all, boolean tells) {
        ConsumerGroupHeartbeatRequestData request = HeartbeatRequests.keep(member.key(), epoch);
        if (all) {
            HeartbeatRequests.describe(request, subscription, hadPattern, services);
        }
        if (tells) {
            HeartbeatRequests.own(request, owned);
        }
        return request;
    }

    private void answered(
            List<MemberPartition> owned,
            boolean told,
            @Nullable ConsumerGroupHeartbeatResponseData answer,
            @Nullable Throwable error) {
        beating = false;
        if (member.isGone() || paused) {
            return;
        }
        if (answer == null || error != null) {
            retryBeat(error == null ? null : KafkaProblems.of(GroupCalls.cause(error)));
            return;
        }
        Errors code = Errors.forCode(answer.errorCode());
        if (code != Errors.NONE) {
            refused(code, answer.errorMessage());
            return;
        }
        mayJoin = false;
        member.lastProblem(null);
        boolean joined = epoch == HeartbeatRequests.JOIN_EPOCH;
        boolean gaveUp = !owned.containsAll(reported);
        epoch = answer.memberEpoch();
        schedule.answered(answer.heartbeatIntervalMs());
        reported = owned;
        if (joined || gaveUp) {
            registry.nudgeOthers(member);
        }
        if (answer.assignment() != null) {
            // The coordinator may wait to hear that something was given up, which another gateway had and we never had.
            tellOwned = !told;
            assignedNanos = beatNanos;
            assignments.resolve(answer.assignment(), epoch);
        } else {
            synced = true;
            fenced = 0;
            confirmedNanos = beatNanos;
        }
        if (beatAgain) {
            beat();
        } else {
            schedule.next(member.isPolled() && member.holdings().isEmpty());
        }
        member.advance();
    }

    private void retryBeat(@Nullable Problem why) {
        if (why != null) {
            member.lastProblem(why);
        }
        retry();
        member.advance();
    }

    private void refused(Errors error, @Nullable String message) {
        if (error == Errors.FENCED_MEMBER_EPOCH || error == Errors.STALE_MEMBER_EPOCH) {
            adopt();
        } else if ((error == Errors.UNKNOWN_MEMBER_ID || error == Errors.GROUP_ID_NOT_FOUND)
                && epoch != HeartbeatRequests.JOIN_EPOCH) {
            evicted();
        } else if (GroupCalls.passes(error)) {
            services.calls().forgetCoordinator(member.key().group());
            retryBeat(KafkaProblems.of(error, message));
        } else {
            member.end(GroupProblems.refused(error, message, subscription));
        }
    }

    /** The coordinator's assignment, with the epoch that it came with. */
    void assigned(List<MemberPartition> target, int withEpoch) {
        if (paused) {
            return;
        }
        synced = true;
        fenced = 0;
        confirmedNanos = assignedNanos;
        member.assigned(target, withEpoch);
        if (tellOwned || !member.holdings().owned().equals(reported)) {
            beat();
        }
    }

    // ---- taking over

    /** Asks the group where its member stands: another gateway has moved it on, or we know no more than its name. */
    void adopt() {
        shared = true;
        if (++fenced > FENCED_MAX) {
            member.end(GroupProblems.fenced(member.key()));
            return;
        }
        adopting = true;
        services.calls()
                .describe(member.key().group())
                .whenComplete((group, error) -> member.submit(() -> described(group, error)));
    }

    private void described(@Nullable DescribedGroup group, @Nullable Throwable error) {
        adopting = false;
        if (member.isGone() || paused) {
            return;
        }
        Errors code = group == null ? Errors.NONE : Errors.forCode(group.errorCode());
        if (group == null || error != null || GroupCalls.passes(code)) {
            if (code != Errors.NONE) {
                services.calls().forgetCoordinator(member.key().group());
            }
            member.lastProblem(
                    error != null
                            ? KafkaProblems.of(GroupCalls.cause(error))
                            : KafkaProblems.of(code, "describing the group"));
            fenced--;
            member.later(GroupMember.RETRY_MS << Math.min(adoptionFailures++, ADOPTION_DOUBLINGS_MAX), this::adopt);
            member.advance();
            return;
        }
        if (code != Errors.NONE && code != Errors.GROUP_ID_NOT_FOUND) {
            member.end(KafkaProblems.of(code, group.errorMessage()));
            return;
        }
        ConsumerGroupDescribeResponseData.@Nullable Member found = find(group);
        if (found == null) {
            absent();
        } else if (synced && !member.isPolled() && !services.gatewayId().equals(found.rackId())) {
            // Its client went to another gateway. That one heartbeats from now on; nothing is to be done in the group.
            member.end(GroupProblems.movedAway(member.key()));
        } else {
            adopt(found);
        }
    }

    private ConsumerGroupDescribeResponseData.@Nullable Member find(DescribedGroup group) {
        return group.members().stream()
                .filter(m -> m.memberId().equals(member.key().memberId()))
                .findFirst()
                .orElse(null);
    }

    private void adopt(ConsumerGroupDescribeResponseData.Member found) {
        adoptionFailures = 0;
        if (!synced && subscription.equals(UNKNOWN_SUBSCRIPTION)) {
            String regex = found.subscribedTopicRegex();
            subscription = regex != null && !regex.isEmpty()
                    ? Subscription.ofPattern(regex)
                    : Subscription.ofTopics(found.subscribedTopicNames());
        }
        epoch = found.memberEpoch();
        member.holdings().restart(assignments.of(found), epoch);
        tellAll = true;
        beat();
    }

    /** The group does not have the member: not yet, if it never got partitions; else not any more. */
    private void absent() {
        if (mayJoin && registry.whyGone(member.key()) == null) {
            join();
        } else {
            evicted();
        }
    }

    private void evicted() {
        Problem known = registry.whyGone(member.key());
        member.end(known != null ? known : GroupProblems.evicted(member.key()));
    }

    // ---- leaving

    @Override
    public CompletableFuture<Errors> leave() {
        return services.calls().leave(member.key()).whenComplete((code, error) -> registry.nudgeOthers(member));
    }

    /** Our leaving would not survive a client that went on elsewhere, so the group is asked first. */
    @Override
    public void lapse() {
        services.calls().describe(member.key().group()).whenComplete((group, error) -> {
            ConsumerGroupDescribeResponseData.@Nullable Member found = group == null ? null : find(group);
            if (found != null && services.gatewayId().equals(found.rackId())) {
                leave();
            }
        });
    }
}
