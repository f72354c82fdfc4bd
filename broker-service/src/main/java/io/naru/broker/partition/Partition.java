package io.naru.broker.partition;

import io.naru.broker.log.EpochEnd;
import io.naru.broker.log.Log;
import io.naru.broker.log.LogAppend;
import io.naru.broker.log.LogRead;
import io.naru.broker.log.TimestampAndOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * One partition on this broker: its log, and whether this broker leads it. Thread-safe. The state is changed by the image thread;
 * appends take the log's lock, reads take none.
 *
 * <p>Every topic has one replica until replication lands, so the high watermark is the log end offset: what is appended is
 * committed.
 */
public final class Partition {

    /** No epoch was given with a request; none is checked. */
    public static final int NO_EPOCH = -1;

    private static final long UP_TO_HIGH_WATERMARK = -1;

    private final TopicPartition name;
    private final Uuid topicId;
    private final Log log;
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    private volatile LeaderState state = new LeaderState.NotLeading(NO_EPOCH, NO_EPOCH);

    Partition(TopicPartition name, Uuid topicId, Log log) {
        this.name = name;
        this.topicId = topicId;
        this.log = log;
        log.highWatermark(log::logEndOffset);
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

    /** Leads from now on, if the epoch is a newer one; the log remembers where the epoch began. */
    void lead(int leaderEpoch, int isrSize) {
        if (leaderEpoch > state.leaderEpoch() || state instanceof LeaderState.NotLeading) {
            log.assignEpochStart(leaderEpoch, log.logEndOffset());
        }
        state = new LeaderState.Leading(leaderEpoch, isrSize);
    }

    /** Stops leading; those who wait are told, so that they find the new leader. */
    void stopLeading(int leaderEpoch, int leader) {
        state = new LeaderState.NotLeading(leaderEpoch, leader);
        wake();
    }

    /**
     * Appends as the leader.
     *
     * @param acks −1 when the record must be on enough in-sync replicas, else 0 or 1
     * @throws NotLeaderOrFollowerException when this broker does not lead
     * @throws NotEnoughReplicasException   when {@code min.insync.replicas} cannot be met; nothing was written
     * @throws KafkaStorageException        when the disk failed; nothing is promised
     */
    public LogAppend append(MemoryRecords records, short acks, long nowMs) {
        LeaderState.Leading leading = leading();
        int required = log.config().minInsyncReplicas();
        if (acks == -1 && leading.isrSize() < required) {
            throw new NotEnoughReplicasException(
                    name + " has " + leading.isrSize() + " in-sync replicas; min.insync.replicas asks for " + required);
        }
        LogAppend appended = log.append(records, leading.leaderEpoch(), nowMs);
        wake();
        return appended;
    }

    /**
     * Reads committed records.
     *
     * @param leaderEpoch the reader's idea of the epoch, or {@link #NO_EPOCH}
     * @param minOneBatch whether the first batch comes even if it is larger than {@code maxBytes}
     */
    public LogRead read(long offset, int maxBytes, boolean minOneBatch, int leaderEpoch) {
        checkEpoch(leaderEpoch);
        return log.read(offset, maxBytes, minOneBatch, highWatermark());
    }

    /** First record at or after {@code timestamp}, among the committed. */
    public Optional<TimestampAndOffset> offsetForTimestamp(long timestamp, int leaderEpoch) {
        checkEpoch(leaderEpoch);
        return log.offsetForTimestamp(timestamp).filter(found -> found.offset() < highWatermark());
    }

    /** The record with the largest timestamp. */
    public Optional<TimestampAndOffset> maxTimestamp(int leaderEpoch) {
        checkEpoch(leaderEpoch);
        return log.maxTimestamp();
    }

    /** Where {@code epoch} ends here (KIP-101). */
    public Optional<EpochEnd> endOfEpoch(int epoch, int currentLeaderEpoch) {
        checkEpoch(currentLeaderEpoch);
        return log.endOffsetForEpoch(epoch);
    }

    /**
     * Checks that this broker leads, in the epoch the caller knows.
     *
     * @throws NotLeaderOrFollowerException this broker does not lead
     * @throws FencedLeaderEpochException   the caller's epoch is old (KIP-320)
     * @throws UnknownLeaderEpochException  the caller's epoch is newer than this broker's
     */
    public void checkEpoch(int leaderEpoch) {
        LeaderState.Leading leading = leading();
        if (leaderEpoch == NO_EPOCH || leaderEpoch == leading.leaderEpoch()) {
            return;
        }
        if (leaderEpoch < leading.leaderEpoch()) {
            throw new FencedLeaderEpochException(
                    name + " is in leader epoch " + leading.leaderEpoch() + ", not " + leaderEpoch);
        }
        throw new UnknownLeaderEpochException(
                name + " is in leader epoch " + leading.leaderEpoch() + "; " + leaderEpoch + " is not known here yet");
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
        long highWatermark = highWatermark();
        long first = offset == UP_TO_HIGH_WATERMARK ? highWatermark : offset;
        if (first < 0 || first > highWatermark) {
            throw new OffsetOutOfRangeException(
                    "offset " + offset + " of " + name + ", whose high watermark is " + highWatermark);
        }
        log.deleteRecordsBefore(first);
        return log.logStartOffset();
    }

    /** First offset not committed yet: consumers see what is below. */
    public long highWatermark() {
        return log.logEndOffset();
    }

    /** Epoch of the leadership last heard of. */
    public int leaderEpoch() {
        return state.leaderEpoch();
    }

    /**
     * Calls {@code listener} whenever more may be readable, on the thread that made it so: it must only hand on. A caller registers
     * first and looks at the partition after that, so that nothing slips between.
     */
    public void onProgress(Runnable listener) {
        waiting.add(listener);
    }

    /** Stops calling {@code listener}. */
    public void forget(Runnable listener) {
        waiting.remove(listener);
    }

    private void wake() {
        for (Runnable listener : waiting) {
            listener.run();
        }
    }

    /** Whether the disk has failed: nothing is served any more, for what was read from memory may never have been stored. */
    public boolean offline() {
        return log.failure().isPresent();
    }

    private LeaderState.Leading leading() {
        if (offline()) {
            throw new KafkaStorageException("the log of " + name + " is offline after an I/O error");
        }
        if (state instanceof LeaderState.Leading leading) {
            return leading;
        }
        throw new NotLeaderOrFollowerException("this broker does not lead " + name);
    }
}
