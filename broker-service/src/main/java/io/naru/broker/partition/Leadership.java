package io.naru.broker.partition;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One leadership of this broker: its followers, who of them is in sync, and how far what it has appended is committed. Guarded by the
 * {@link Partition}, which also owns the log; times are of a clock that only goes forward.
 *
 * <ul>
 *   <li>A record is committed when every replica of the maximal ISR has it ({@link InSyncReplicas}), and while the agreed ISR has at
 *       least {@code min(min.insync.replicas, replication factor)} members (KIP-966).
 *   <li>A follower joins the ISR when it has what is committed and all that was there when this leadership began, and serves in the
 *       registration in which it fetched (KIP-903). One that keeps up holds the high watermark until it has joined, else a
 *       busy partition would run away from it for ever.
 *   <li>It leaves when it has not been caught up for {@code replica.lag.time.max.ms}.
 * </ul>
 */
final class Leadership {

    private static final long REFUSED_PAUSE_MS = 500;

    /** A follower that keeps up fetches at least four times within this. */
    private static final long SILENCE_MS = 2_000;

    /** A follower whose replication is throttled holds the high watermark for no longer than this before it is in sync. */
    private static final long THROTTLED_JOIN_MS = 1_000;

    /** A request to the controller that was not answered may take effect within this time; ten times what its client waits. */
    private static final long UNANSWERED_LIFE_MS = 100_000;

    private final int brokerId;
    private final int leaderEpoch;
    private final long startOffset;
    private final long lagMaxMs;
    private final ReplicaThrottle throttle;
    private final InSyncReplicas isr;
    private PartitionImage assignment;
    private FollowerProgress[] followers = {};
    private long seenMs;
    private @Nullable Long refusedUntilMs;
    private @Nullable Long unansweredMs;

    /**
     * A leadership that begins.
     *
     * @param startOffset end of the log now: what lies below is of earlier leaders
     */
    Leadership(ReplicaSettings settings, ReplicaThrottle throttle, PartitionImage image, long startOffset, long nowMs) {
        this.brokerId = settings.brokerId();
        this.leaderEpoch = image.leaderEpoch();
        this.startOffset = startOffset;
        this.lagMaxMs = settings.replicaLagTimeMaxMs();
        this.throttle = throttle;
        this.isr = new InSyncReplicas(image);
        this.seenMs = nowMs;
        this.assignment = image;
        assigned(image);
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    long startOffset() {
        return startOffset;
    }

    /** Those in sync that the controller has agreed to. */
    List<Integer> agreedIsr() {
        return isr.agreed();
    }

    int replicationFactor() {
        return assignment.replicas().size();
    }

    /** Whether fewer are in sync than must have a record: none is committed then, and acks=all is refused. */
    boolean underMinIsr(int minInsyncReplicas) {
        return isr.agreed().size() < assignment.minInSyncReplicas(minInsyncReplicas);
    }

    /** Takes over what the controller holds, when it is newer; true when it was. */
    boolean update(PartitionImage image, long nowMs) {
        seenMs = nowMs;
        boolean news = isr.agree(image);
        if (news) {
            unansweredMs = null;
            assigned(image);
        }
        return news;
    }

    private void assigned(PartitionImage image) {
        assignment = image;
        followers = image.replicas().stream()
                .filter(id -> id != brokerId)
                .map(id -> Optional.ofNullable(follower(id))
                        .orElseGet(() -> new FollowerProgress(id, image.isr().contains(id), seenMs)))
                .toArray(FollowerProgress[]::new);
    }

    private @Nullable FollowerProgress follower(int id) {
        for (FollowerProgress follower : followers) {
            if (follower.brokerId() == id) {
                return follower;
            }
        }
        return null;
    }

    /** Whether the broker is assigned a replica. */
    boolean hasReplica(int id) {
        return follower(id) != null;
    }

    /** Whether writes wait for it, now or when the controller has agreed. */
    boolean isInSync(int id) {
        return isr.maximalHas(id);
    }

    /** A follower fetched from {@code fetchOffset}, and its log agrees with this one below. */
    void fetched(FollowerId fetcher, long fetchOffset, long leaderEndOffset, long nowMs) {
        seenMs = nowMs;
        FollowerProgress follower = follower(fetcher.brokerId());
        if (follower != null) {
            follower.fetched(fetcher.brokerEpoch(), fetchOffset, leaderEndOffset, nowMs);
        }
    }

    /** First offset that is not committed, as far as followers are known; −1 when nothing can be said. */
    long committable(long leaderEndOffset, int minInsyncReplicas, BrokerEpochs brokers) {
        if (underMinIsr(minInsyncReplicas)) {
            return -1;
        }
        long committable = leaderEndOffset;
        for (FollowerProgress follower : followers) {
            if (follower.logEndOffset() < committable
                    && (isr.maximalHas(follower.brokerId()) || isJoining(follower, leaderEndOffset, brokers))) {
                committable = follower.logEndOffset();
            }
        }
        return committable;
    }

    private boolean isJoining(FollowerProgress follower, long leaderEndOffset, BrokerEpochs brokers) {
        long withinMs = throttle.slows(follower.brokerId()) ? Math.min(lagMaxMs, THROTTLED_JOIN_MS) : lagMaxMs;
        return follower.keepsUp(leaderEndOffset, seenMs, withinMs)
                && brokers.serves(follower.brokerId(), follower.brokerEpoch());
    }

    /** Asks for the follower to join, if it may and no other change is under way; true when there is something to ask now. */
    boolean proposeJoining(int id, long highWatermark, BrokerEpochs brokers) {
        FollowerProgress follower = follower(id);
        if (follower == null || isr.asked() != null || isr.agreed().contains(id) || isPaused()) {
            return false;
        }
        boolean caughtUp = follower.logEndOffset() >= Math.max(highWatermark, startOffset);
        if (!caughtUp || !brokers.serves(id, follower.brokerEpoch())) {
            return false;
        }
        isr.propose(isr.with(id));
        return true;
    }

    /** Asks for those to leave who lag, if no other change is under way; true when there is something to ask now. */
    boolean proposeLeaving(long leaderEndOffset, long nowMs) {
        seenMs = nowMs;
        if (isr.asked() != null || isPaused()) {
            return false;
        }
        List<Integer> staying = new ArrayList<>(isr.agreed());
        for (FollowerProgress follower : followers) {
            if (!follower.keepsUp(leaderEndOffset, nowMs, lagMaxMs)) {
                staying.remove((Integer) follower.brokerId());
            }
        }
        if (staying.size() == isr.agreed().size()) {
            return false;
        }
        isr.propose(staying);
        return true;
    }

    /** Whether a record appended now would have to wait for a follower that has not fetched for {@link #SILENCE_MS}. */
    boolean waitsForTheSilent(long nowMs) {
        for (FollowerProgress follower : followers) {
            if (isr.maximalHas(follower.brokerId()) && nowMs - follower.heardMs() >= SILENCE_MS) {
                return true;
            }
        }
        return false;
    }

    private boolean isPaused() {
        return refusedUntilMs != null && seenMs - refusedUntilMs < 0;
    }

    /** What to ask the controller for; null when there is nothing. */
    @Nullable
    IsrProposal proposal(BrokerEpochs brokers) {
        List<Integer> asked = isr.asked();
        if (asked == null) {
            return null;
        }
        List<IsrMember> members = asked.stream()
                .map(id -> new IsrMember(id, epochOf(id, brokers)))
                .toList();
        return new IsrProposal(leaderEpoch, isr.partitionEpoch(), members);
    }

    /** The registration in which a member caught up; for one that has not fetched yet, the one that is in sync by the image. */
    private long epochOf(int id, BrokerEpochs brokers) {
        FollowerProgress follower = follower(id);
        return follower == null || follower.logEndOffset() < 0 ? brokers.epochOf(id) : follower.brokerEpoch();
    }

    /** Nobody knows whether the proposal has reached the controller: it may still take effect, even after a refusal. */
    void unanswered(IsrProposal proposal, long nowMs) {
        if (isUnderWay(proposal)) {
            unansweredMs = nowMs;
        }
    }

    /**
     * The controller refused the proposal for good. The next one waits a little, for an image that says why.
     *
     * @return whether the same must be asked again, because an earlier request for it may still take effect
     */
    boolean refused(IsrProposal proposal, long nowMs) {
        seenMs = nowMs;
        if (!isUnderWay(proposal)) {
            return false;
        }
        if (unansweredMs != null && nowMs - unansweredMs < UNANSWERED_LIFE_MS) {
            return true;
        }
        isr.withdraw();
        unansweredMs = null;
        refusedUntilMs = nowMs + REFUSED_PAUSE_MS;
        return false;
    }

    private boolean isUnderWay(IsrProposal proposal) {
        return isr.asked() != null && proposal.partitionEpoch() == isr.partitionEpoch();
    }

    @Override
    public String toString() {
        return "leader epoch " + leaderEpoch + ", in sync " + isr.agreed() + " of " + assignment.replicas()
                + ", followers at "
                + Arrays.stream(followers)
                        .map(f -> f.brokerId() + ":" + f.logEndOffset())
                        .toList();
    }
}
