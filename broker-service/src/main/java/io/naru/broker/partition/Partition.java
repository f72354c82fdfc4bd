package io.naru.broker.partition;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogAppend;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * One replica on this broker: its log, whether this broker leads the partition or follows another, and how far the log is committed.
 * Thread-safe.
 *
 * <p>Locks, in order: {@code roleLock} (shared by what changes the log in the name of a role, exclusive for a change of role), then the
 * log's own; {@code progress} guards the high watermark and the {@link Leadership} and is held for a few comparisons only, with no
 * other lock taken inside. Reads take none. Listeners are called with no lock held.
 *
 * <p>Invariants: the high watermark never goes back, but for a truncation below it; it is at or below the log's end. What a role
 * appends is in the log before the role ends.
 */
public final class Partition {

    /** No epoch was given with a request; none is checked. */
    public static final int NO_EPOCH = -1;

    private static final long UP_TO_HIGH_WATERMARK = -1;

    /** A leader whose disk refuses appends for longer gives up the lead. */
    private static final long REFUSING_MS_MAX = 3_000;

    private final TopicPartition name;
    private final Uuid topicId;
    private final Log log;
    private final ReplicaSettings settings;
    private final Supplier<BrokerEpochs> brokers;
    private final IsrListener isrListener;
    private final IsrCounts counts;
    private final StampedLock roleLock = new StampedLock();
    private final Object progress = new Object();
    private final CommitWaits commitWaits = new CommitWaits();
    private final PartitionListeners listeners = new PartitionListeners();
    private final ReplicaThrottle throttle;
    private final PartitionReads reads = new PartitionReads(this);
    private volatile ReplicaRole role = new ReplicaRole.Following(NO_EPOCH, PartitionImage.NO_LEADER);
    private volatile long highWatermark;
    private volatile boolean cutOff;

    /**
     * @param highWatermark as of the last checkpoint
     * @param brokers       of the newest image
     */
    Partition(
            TopicPartition name,
            Uuid topicId,
            Log log,
            long highWatermark,
            ReplicaSettings settings,
            Supplier<BrokerEpochs> brokers,
            IsrListener isrListener,
            IsrCounts counts,
            ReplicaThrottle throttle) {
        this.name = name;
        this.topicId = topicId;
        this.log = log;
        this.settings = settings;
        this.brokers = brokers;
        this.isrListener = isrListener;
        this.counts = counts;
        this.throttle = throttle;
        this.highWatermark = Math.max(log.logStartOffset(), Math.min(highWatermark, log.logEndOffset()));
        log.highWatermark(this::highWatermark);
    }

    /** Topic and partition. */
    public TopicPartition name() {
        return name;
    }

    /** Id of the topic. */
    public Uuid topicId() {
        return topicId;
    }

    /** The log. */
    public Log log() {
        return log;
    }

    /** Leads from now on, or goes on leading with other replicas. An image of an earlier leadership changes nothing. */
    void lead(PartitionImage image, long nowMs) {
        if (image.leaderEpoch() < role.leaderEpoch()) {
            return;
        }
        if (role instanceof ReplicaRole.Leading leading && leading.leaderEpoch() == image.leaderEpoch()) {
            update(leading.leadership(), image, nowMs);
        } else {
            become(image, nowMs);
        }
        advance();
    }

    private void become(PartitionImage image, long nowMs) {
        long stamp = roleLock.writeLock();
        try {
            long end = log.logEndOffset();
            log.assignEpochStart(image.leaderEpoch(), end);
            Leadership leadership = new Leadership(settings, throttle, image, end, nowMs);
            synchronized (progress) {
                role = new ReplicaRole.Leading(leadership);
            }
        } finally {
            roleLock.unlockWrite(stamp);
        }
    }

    private void update(Leadership leadership, PartitionImage image, long nowMs) {
        boolean belowMin;
        synchronized (progress) {
            int before = leadership.agreedIsr().size();
            if (leadership.update(image, nowMs)) {
                counts.changed(before, leadership.agreedIsr().size());
            }
            belowMin = leadership.underMinIsr(log.config().minInsyncReplicas());
        }
        if (belowMin) {
            commitWaits.fail(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        }
    }

    /** Follows from now on, or nobody; those who wait are told, so that they find the new leader. */
    void follow(int leaderEpoch, int leader) {
        ReplicaRole following = new ReplicaRole.Following(leaderEpoch, leader);
        if (leaderEpoch < role.leaderEpoch() || following.equals(role)) {
            return;
        }
        long stamp = roleLock.writeLock();
        try {
            synchronized (progress) {
                role = following;
            }
        } finally {
            roleLock.unlockWrite(stamp);
        }
        commitWaits.fail(Errors.NOT_LEADER_OR_FOLLOWER);
        listeners.appended();
        listeners.committed();
    }

    /** Appends as the leader, wherever the log ends. */
    public LogAppend append(MemoryRecords records, short acks, long nowMs) {
        return append(records, acks, Log.ANY_END, nowMs);
    }

    /**
     * Appends as the leader, if the log ends at {@code ifEnd} (see {@link Log#append(MemoryRecords, int, long, long)}).
     *
     * @param acks −1 when the records must be on enough in-sync replicas, else 0 or 1
     * @throws NotLeaderOrFollowerException when this broker does not lead, or cannot know whether it does ({@link #isCutOff}) and is
     *     asked for acks=all; nothing was written
     * @throws NotEnoughReplicasException   when {@code min.insync.replicas} cannot be met; nothing was written
     * @throws KafkaStorageException        when the disk failed; nothing is promised
     */
    public LogAppend append(MemoryRecords records, short acks, long ifEnd, long nowMs) {
        LogAppend appended;
        long stamp = roleLock.readLock();
        try {
            Leadership leadership = leading();
            if (acks == -1) {
                requireContact();
                requireMinIsr(leadership);
            }
            appended = log.append(records, leadership.leaderEpoch(), ifEnd, nowMs);
        } finally {
            roleLock.unlockRead(stamp);
        }
        listeners.appended();
        advance();
        return appended;
    }

    /** Without contact nothing could be committed here, while another may lead by now: better written there than waited for here. */
    private void requireContact() {
        if (cutOff) {
            throw new NotLeaderOrFollowerException(
                    "this broker reaches neither the controller nor the followers of " + name);
        }
    }

    private void requireMinIsr(Leadership leadership) {
        int required = log.config().minInsyncReplicas();
        List<Integer> isr;
        synchronized (progress) {
            if (!leadership.underMinIsr(required)) {
                return;
            }
            isr = leadership.agreedIsr();
        }
        throw new NotEnoughReplicasException(
                name + " has in-sync replicas " + isr + "; min.insync.replicas asks for " + required);
    }

    /**
     * Calls {@code listener} once: with {@code NONE} when all below {@code offset} is committed, with an error when this broker
     * cannot tell any more, on any thread. The caller bounds how long it waits.
     *
     * @param offset      what follows the records appended
     * @param leaderEpoch epoch of the leadership that appended them, as {@link #leaderEpoch} said before
     * @return stops waiting
     */
    public Runnable whenCommitted(long offset, int leaderEpoch, Consumer<Errors> listener) {
        CommitWaits.Wait wait = commitWaits.add(offset, listener);
        // What has happened since the append is seen here, what happens from now on is told.
        Errors known = null;
        if (!(role instanceof ReplicaRole.Leading leading) || leading.leaderEpoch() != leaderEpoch) {
            known = Errors.NOT_LEADER_OR_FOLLOWER;
        } else if (highWatermark >= offset) {
            known = Errors.NONE;
        } else if (cutOff) {
            known = Errors.NOT_LEADER_OR_FOLLOWER;
        } else if (isUnderMinIsr()) {
            known = Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
        }
        if (known != null && commitWaits.remove(wait)) {
            listener.accept(known);
        }
        return () -> commitWaits.remove(wait);
    }

    /** Moves the high watermark as far as the in-sync replicas have come. */
    private void advance() {
        boolean moved = false;
        synchronized (progress) {
            if (role instanceof ReplicaRole.Leading leading) {
                long committable = leading.leadership()
                        .committable(log.logEndOffset(), log.config().minInsyncReplicas(), brokers.get());
                if (committable > highWatermark) {
                    highWatermark = committable;
                    moved = true;
                }
            }
        }
        if (moved) {
            commitWaits.reached(highWatermark);
            listeners.committed();
        }
    }

    /** What is read here, by clients and on their behalf. */
    public PartitionReads reads() {
        return reads;
    }

    /**
     * Reads for a follower, up to the log's end, and takes its offset as proof of what it has. The leader itself, which lacks what is
     * damaged in its log, may ask a follower for committed records.
     *
     * @param firstLook false when the same fetch looks again: it proves nothing new
     * @param nowMs     of a clock that only goes forward
     * @throws UnknownLeaderEpochException  no replica is assigned to the follower, by the image here
     * @throws NotLeaderOrFollowerException the same, when it did not tell an epoch
     */
    public PartitionRead readAsReplica(
            FollowerId follower, FetchPosition from, int maxBytes, boolean minOneBatch, boolean firstLook, long nowMs) {
        if (role instanceof ReplicaRole.Following following && following.leader() == follower.brokerId()) {
            return reads.readForRepair(from, following.leaderEpoch(), maxBytes);
        }
        checkEpoch(from.leaderEpoch());
        Leadership leadership = leading();
        requireReplica(leadership, follower, from.leaderEpoch());
        long end = log.logEndOffset();
        boolean throttled = throttle.leads() && !isInSync(leadership, follower);
        PartitionRead read = throttled && throttle.isSpent(nowMs)
                ? reads.readAll(from, 0, false)
                : reads.readAll(from, maxBytes, minOneBatch);
        read = throttled ? read.asThrottled() : read;
        if (!firstLook || read.diverging() != null) {
            return read;
        }
        fetched(leadership, follower, from.offset(), end, nowMs);
        return read.at(highWatermark); // it may have moved just now
    }

    private boolean isInSync(Leadership leadership, FollowerId follower) {
        synchronized (progress) {
            return leadership.isInSync(follower.brokerId());
        }
    }

    private void requireReplica(Leadership leadership, FollowerId follower, int leaderEpoch) {
        synchronized (progress) {
            if (leadership.hasReplica(follower.brokerId())) {
                return;
            }
        }
        String why = "no replica of " + name + " is assigned to broker " + follower.brokerId();
        throw leaderEpoch == NO_EPOCH ? new NotLeaderOrFollowerException(why) : new UnknownLeaderEpochException(why);
    }

    private void fetched(Leadership leadership, FollowerId follower, long offset, long end, long nowMs) {
        synchronized (progress) {
            leadership.fetched(follower, offset, end, nowMs);
        }
        advance();
        boolean proposed;
        synchronized (progress) {
            proposed = isCurrent(leadership)
                    && leadership.proposeJoining(follower.brokerId(), highWatermark, brokers.get());
        }
        if (proposed) {
            isrListener.isrProposed(this);
        }
    }

    private boolean isCurrent(Leadership leadership) {
        return role instanceof ReplicaRole.Leading leading && leading.leadership() == leadership;
    }

    /**
     * What time brings about: followers that lag leave the ISR. To be called about every second, also when an image has come.
     *
     * @param nowMs of a clock that only goes forward
     */
    public void tick(long nowMs) {
        boolean proposed;
        synchronized (progress) {
            proposed = role instanceof ReplicaRole.Leading leading
                    && leading.leadership().proposeLeaving(log.logEndOffset(), nowMs);
        }
        if (proposed) {
            isrListener.isrProposed(this);
        }
        advance();
    }

    /**
     * Whether the controller answers this broker, to be told as often as {@link #tick}. A leader that has not been confirmed for a while and
     * waits for in-sync followers that have fallen silent is cut off from both: the controller may have made another leader, of whom it
     * cannot know. Who waits for a commit is sent away, with an error that makes clients look for the leader and says nothing of
     * what will become of the records (docs/adr/0007).
     *
     * @param confirmed whether the controller has answered lately
     * @param nowMs     of a clock that only goes forward
     */
    public void contact(boolean confirmed, long nowMs) {
        boolean now;
        synchronized (progress) {
            now = !confirmed
                    && role instanceof ReplicaRole.Leading leading
                    && leading.leadership().waitsForTheSilent(nowMs);
            cutOff = now;
        }
        if (now) {
            commitWaits.fail(Errors.NOT_LEADER_OR_FOLLOWER);
            listeners.committed();
        }
    }

    /** Whether this broker leads, as far as it knows, but is in contact with neither the controller nor those it would need. */
    public boolean isCutOff() {
        return cutOff;
    }

    /** What this leader wants of the controller; empty when it wants nothing, or does not lead any more. */
    public Optional<IsrProposal> isrProposal() {
        synchronized (progress) {
            return role instanceof ReplicaRole.Leading leading
                    ? Optional.ofNullable(leading.leadership().proposal(brokers.get()))
                    : Optional.empty();
        }
    }

    /**
     * The controller answered a proposal.
     *
     * @return whether the same must be asked again
     */
    public boolean isrAnswered(IsrProposal proposal, AlteredPartition answer, long nowMs) {
        if (!(role instanceof ReplicaRole.Leading leading) || leading.leaderEpoch() != proposal.leaderEpoch()) {
            return false;
        }
        PartitionImage state = answer.state();
        if (state != null && state.leaderEpoch() == proposal.leaderEpoch() && state.leader() == settings.brokerId()) {
            update(leading.leadership(), state, nowMs);
        }
        boolean again = switch (Errors.forCode(answer.errorCode())) {
            // Without an error it has happened, and is under way no more; unless there was nothing to do.
            case NONE, INELIGIBLE_REPLICA, INVALID_REQUEST -> refused(leading.leadership(), proposal, nowMs);
            // Whatever is the case now, an image will say it.
            case INVALID_UPDATE_VERSION, FENCED_LEADER_EPOCH, UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION -> false;
            default -> true;
        };
        advance();
        return again;
    }

    private boolean refused(Leadership leadership, IsrProposal proposal, long nowMs) {
        synchronized (progress) {
            return leadership.refused(proposal, nowMs);
        }
    }

    /** The controller did not answer a proposal: it may or may not have taken effect. */
    public void isrUnanswered(IsrProposal proposal, long nowMs) {
        synchronized (progress) {
            if (role instanceof ReplicaRole.Leading leading && leading.leaderEpoch() == proposal.leaderEpoch()) {
                leading.leadership().unanswered(proposal, nowMs);
            }
        }
    }

    /** What this replica does as a follower, and what it may only do as one. */
    public FollowerLog asFollower() {
        return new FollowerLog(this);
    }

    /**
     * Checks that this broker leads, in the epoch the caller knows.
     *
     * @throws NotLeaderOrFollowerException this broker does not lead
     * @throws FencedLeaderEpochException   the caller's epoch is old (KIP-320)
     * @throws UnknownLeaderEpochException  the caller's epoch is newer than this broker's
     */
    public void checkEpoch(int leaderEpoch) {
        int current = role.leaderEpoch();
        if (leaderEpoch == NO_EPOCH || leaderEpoch == current || offline()) {
            leading();
        } else if (leaderEpoch < current) {
            throw new FencedLeaderEpochException(name + " is in leader epoch " + current + ", not " + leaderEpoch);
        } else {
            throw new UnknownLeaderEpochException(
                    name + " is in leader epoch " + current + "; " + leaderEpoch + " is not known here yet");
        }
    }

    /**
     * Moves the log start offset up, as a client asked (KIP-107): records below are gone for readers at once, from the disk when
     * their whole segment is. Lost again by a crash until {@code log-start-offset-checkpoint} is written.
     *
     * @param offset first offset to stay, or -1 for the high watermark
     * @return the log start offset
     * @throws NotLeaderOrFollowerException this broker does not lead
     * @throws PolicyViolationException     the topic is compacted only, so that its deletions are not the clients' business
     * @throws OffsetOutOfRangeException    the offset is negative or above the high watermark
     */
    public long deleteRecords(long offset) {
        leading();
        if (!log.config().delete()) {
            throw new PolicyViolationException("cleanup.policy of " + name.topic() + " does not name delete");
        }
        long committed = highWatermark;
        long first = offset == UP_TO_HIGH_WATERMARK ? committed : offset;
        if (first < 0 || first > committed) {
            throw new OffsetOutOfRangeException(
                    "offset " + offset + " of " + name + ", whose high watermark is " + committed);
        }
        log.deleteRecordsBefore(first);
        return log.logStartOffset();
    }

    /** First offset not known to be committed: consumers see what is below. */
    public long highWatermark() {
        return highWatermark;
    }

    /** Epoch of the leadership last heard of. */
    public int leaderEpoch() {
        return role.leaderEpoch();
    }

    /** Node id of the leader last heard of, or −1. */
    public int leader() {
        return role instanceof ReplicaRole.Following following ? following.leader() : settings.brokerId();
    }

    /** Whether this broker leads. */
    public boolean isLeader() {
        return role instanceof ReplicaRole.Leading;
    }

    /** Those who have, beside this broker, what is committed here: the leader, or of a leader its followers in sync. */
    public List<Integer> others() {
        synchronized (progress) {
            if (role instanceof ReplicaRole.Following following) {
                return following.leader() == PartitionImage.NO_LEADER ? List.of() : List.of(following.leader());
            }
            return leading().agreedIsr().stream()
                    .filter(id -> id != settings.brokerId())
                    .toList();
        }
    }

    /** Whether this broker leads, its disk takes nothing (it is full, perhaps), and others in sync could lead in its place. */
    boolean hadBetterNotLead() {
        return log.refusingMs() >= REFUSING_MS_MAX && leads(l -> l.agreedIsr().size() > 1);
    }

    /** Whether there are other replicas, in sync or not. */
    boolean hasOtherReplicas() {
        return leads(l -> l.replicationFactor() > 1);
    }

    /** Whether this broker leads and fewer replicas are in sync than are assigned. */
    public boolean isUnderReplicated() {
        return leads(l -> l.agreedIsr().size() < l.replicationFactor());
    }

    /** Whether this broker leads and fewer replicas are in sync than {@code min.insync.replicas} asks for. */
    public boolean isUnderMinIsr() {
        return leads(l -> l.underMinIsr(log.config().minInsyncReplicas()));
    }

    private boolean leads(Predicate<Leadership> test) {
        synchronized (progress) {
            return role instanceof ReplicaRole.Leading leading && test.test(leading.leadership());
        }
    }

    /** Who waits for it to move. */
    public PartitionListeners listeners() {
        return listeners;
    }

    /** How its replication is held back here. */
    public ReplicaThrottle throttle() {
        return throttle;
    }

    /** Whether the disk has failed: nothing is served any more, for what was read from memory may never have been stored. */
    public boolean offline() {
        return log.failure().isPresent();
    }

    /**
     * Changes the log as a follower in {@code leaderEpoch}; does nothing when the role is another by now. The high watermark is kept
     * within the log afterwards.
     *
     * @param change returns what the leader says is committed, or 0
     * @return whether the change was made
     */
    boolean changeAsFollower(int leaderEpoch, LongSupplier change) {
        long stamp = roleLock.readLock();
        try {
            if (!(role instanceof ReplicaRole.Following following) || following.leaderEpoch() != leaderEpoch) {
                return false;
            }
            long knownCommitted = change.getAsLong();
            synchronized (progress) {
                long committed = Math.max(Math.max(highWatermark, knownCommitted), log.logStartOffset());
                highWatermark = Math.min(committed, log.logEndOffset());
            }
            return true;
        } finally {
            roleLock.unlockRead(stamp);
        }
    }

    Leadership leading() {
        if (offline()) {
            throw new KafkaStorageException("the log of " + name + " is offline after an I/O error");
        }
        if (role instanceof ReplicaRole.Leading leading) {
            return leading.leadership();
        }
        throw new NotLeaderOrFollowerException("this broker does not lead " + name);
    }

    @Override
    public String toString() {
        synchronized (progress) {
            return name + ": " + (role instanceof ReplicaRole.Leading leading ? leading.leadership() : role)
                    + ", high watermark " + highWatermark + ", log " + log.logStartOffset() + "–" + log.logEndOffset();
        }
    }
}
