package io.naru.broker.log;

import io.naru.broker.log.batch.BatchValidator;
import io.naru.broker.log.batch.FollowerBatches;
import io.naru.broker.log.batch.LeaderBatch;
import io.naru.broker.log.cleaner.Cleanable;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.producer.ActiveProducer;
import io.naru.broker.log.producer.ProducerStates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * The log of one partition: record batches in offset order, in segments on disk.
 *
 * <p>Threads: anything that changes the log takes its lock; reads take none and see whole batches below an end published once per
 * append. Lock order: this log's lock, then the flusher's. No method may be called from an event loop, and no thread inside one
 * should be interrupted: interruption closes the segment's channel under its readers.
 *
 * <p>Invariants: the recovery point never lies above the log end; every byte below the end was checked, by the leader that took it
 * or against its CRC; after an I/O error that may have lost bytes the log refuses changes until it is opened again.
 */
public final class Log {

    /** Longer than a response may stand still on its way ({@code ServerLimits.writeDeadlineMs}): it must not lose its file. */
    private static final long UNUSED_MS = 90_000;

    private static final long UNUSED_WHEN_SCARCE_MS = 10_000;

    private final LogState state;
    private final ReentrantLock lock;
    /** No condition on where the log ends. */
    public static final long ANY_END = -1;

    private final LogAppender appender;
    private final LogRoller roller;
    private final LogTruncator truncator;
    private final LogReader reader;
    private final DoomedSegments doomed;
    private final LogRetention retention;
    private final LogCompaction compaction;
    private final LogRepair repair;
    private final boolean cutWhenOpened;

    Log(TopicPartition topicPartition, Path directory, LogEnvironment environment, LogConfig config, LoadedLog loaded) {
        this.state = new LogState(topicPartition, directory, environment, config, loaded);
        this.lock = state.lock();
        this.roller = new LogRoller(state);
        this.appender = new LogAppender(state, roller);
        this.truncator = new LogTruncator(state);
        this.reader = new LogReader(state);
        this.doomed = new DoomedSegments();
        this.retention = new LogRetention(state, roller, doomed);
        SegmentSwap swap = new SegmentSwap(state, doomed);
        this.compaction = new LogCompaction(state, swap);
        this.repair = new LogRepair(state, roller, swap);
        this.cutWhenOpened = loaded.cut();
    }

    /**
     * Appends what a client sent, as the leader of {@code leaderEpoch}: checks it, gives it offsets, writes it once. Bytes of
     * {@code records} are changed in place. With {@code flush.messages} reached it returns only after fsync.
     *
     * @param records exactly one batch
     * @param nowMs   the broker's clock
     * @throws ApiException by kind of fault: see {@link BatchValidator} for what is wrong with the bytes,
     *     {@link ProducerStates#check} for sequences (45, 47), 18 for a batch above {@code segment.bytes}, 74 when a later leader
     *     epoch is known, {@link KafkaStorageException} (56) when the disk refused; nothing was stored in any of these cases,
     *     except that after a failed fsync the records may be found again
     */
    public LogAppend append(MemoryRecords records, int leaderEpoch, long nowMs) {
        return append(records, leaderEpoch, ANY_END, nowMs);
    }

    /**
     * The same, on a condition.
     *
     * @param ifEnd where the log must end, or {@link #ANY_END}; a batch that is a repetition is not asked
     * @throws UnexpectedEndException when it ends elsewhere; nothing was stored
     */
    public LogAppend append(MemoryRecords records, int leaderEpoch, long ifEnd, long nowMs) {
        LeaderBatch batch =
                BatchValidator.validate(records.buffer(), state.config().batchRules(), nowMs);
        LogAppend appended;
        lock.lock();
        try {
            state.ensureWritable();
            state.sawClock(nowMs);
            appended = appender.append(batch, leaderEpoch, ifEnd, nowMs);
        } finally {
            lock.unlock();
        }
        flushIfMany(appended.nextOffset(), nowMs);
        return appended;
    }

    /**
     * Appends what a leader sent to this follower: offsets and epochs stay. A batch cut short at the end is left out.
     *
     * @return what was appended; empty when there was no whole batch
     * @throws ApiException 2 when a batch does not match its CRC or does not follow the log; nothing after it was stored
     */
    public Optional<LogAppend> appendAsFollower(MemoryRecords records, long nowMs) {
        ByteBuffer batches = FollowerBatches.whole(records.buffer());
        if (!batches.hasRemaining()) {
            return Optional.empty();
        }
        LogAppend appended;
        lock.lock();
        try {
            state.ensureWritable();
            state.sawClock(nowMs);
            appended = appender.appendAsFollower(batches, nowMs);
        } finally {
            lock.unlock();
        }
        flushIfMany(appended.nextOffset(), nowMs);
        return Optional.of(appended);
    }

    /** Rolls the active segment when it is older than {@code segment.ms}; true when it did. */
    public boolean maybeRoll(long nowMs) {
        lock.lock();
        try {
            state.sawClock(nowMs);
            return state.failure() == null && !state.closed() && roller.rollIfExpired(nowMs);
        } catch (IOException e) {
            throw state.ioError("roll", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Finds records from {@code startOffset} on, without copying them. Takes no lock.
     *
     * @param maxBytes         most bytes wanted; the last batch may be cut short by it
     * @param minOneBatch      whether the first batch is wanted whole even when it is larger than {@code maxBytes}
     * @param upperBoundOffset first offset that must not be seen: high watermark, last stable offset, or {@code Long.MAX_VALUE}
     * @throws LogOffsetOutOfRangeException below the log start or above the log end
     * @throws DamagedBatchException        the batch that has {@code startOffset} is damaged; where a later one is, the records end before it
     */
    public LogRead read(long startOffset, int maxBytes, boolean minOneBatch, long upperBoundOffset) {
        return reader.read(startOffset, maxBytes, minOneBatch, upperBoundOffset, false);
    }

    /**
     * The same for another replica: what is handed out has been checked to its last byte, but for what was appended a moment ago.
     *
     * @throws DamagedBatchException the first batch is damaged
     */
    public LogRead readForReplica(long startOffset, int maxBytes, boolean minOneBatch, long upperBoundOffset) {
        return reader.read(startOffset, maxBytes, minOneBatch, upperBoundOffset, true);
    }

    /** Damage that is known, in the order of offsets. */
    public List<LogDamage> damage() {
        return state.damage();
    }

    /** It has turned out that this is no damage, or none any more. */
    public void undamaged(LogDamage damage) {
        state.undamaged(damage);
    }

    /** The first record whose timestamp is {@code timestamp} or greater; empty when there is none. */
    public Optional<TimestampAndOffset> offsetForTimestamp(long timestamp) {
        return reader.offsetForTimestamp(timestamp);
    }

    /** The record with the greatest timestamp, the first of them; empty when no record has one. */
    public Optional<TimestampAndOffset> maxTimestamp() {
        return reader.maxTimestamp();
    }

    /** When this returns, every record below {@code offset} survives a power cut. */
    public void flush(long offset, long nowMs) {
        if (state.failure() != null) {
            state.ensureWritable();
        }
        try {
            state.flusher().flush(Math.min(offset, logEndOffset()), nowMs);
        } catch (IOException e) {
            throw state.failUnlessClosed(e);
        }
    }

    /**
     * Closes files that nobody has used for a minute and a half and whose bytes were synced; while files are scarce those that nobody has used for
     * ten seconds, after an fsync where one is due. To be called every few seconds, by one thread.
     */
    public void closeUnusedFiles(long nowMs, boolean scarce) {
        if (state.failure() != null || state.closed()) {
            return;
        }
        for (LogSegment segment : state.segments().all()) {
            if (segment.unusedFor(scarce ? UNUSED_WHEN_SCARCE_MS : UNUSED_MS, nowMs)) {
                if (scarce) {
                    flush(logEndOffset(), nowMs);
                }
                closeUnused(segment);
            }
        }
    }

    private void closeUnused(LogSegment segment) {
        lock.lock();
        try {
            state.flusher().closeUnused(segment);
        } catch (IOException e) {
            LogEvents.notClosed(segment.file(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Syncs sealed segments, and the active one when {@code flush.ms} has passed since the last time. Call about every second. */
    public void flushDue(long nowMs) {
        if (state.failure() != null || state.closed()) {
            return;
        }
        try {
            state.flusher().flushSealed();
        } catch (IOException e) {
            throw state.failUnlessClosed(e);
        }
        if (recoveryPoint() < logEndOffset() && nowMs - state.flusher().lastFlushMs() >= config().flushMs()) {
            flush(logEndOffset(), nowMs);
        }
    }

    private void flushIfMany(long offset, long nowMs) {
        if (offset - recoveryPoint() >= config().flushMessages()) {
            flush(offset, nowMs);
        }
    }

    /**
     * Drops every batch that reaches {@code offset}, and every epoch that begins there or later. The log then ends after the last
     * batch that is left, below {@code offset} when a batch lay across it. Durable on return.
     */
    public void truncateTo(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("truncate to " + offset);
        }
        change(() -> {
            compaction.truncatedTo(offset);
            truncator.truncateTo(offset);
        });
    }

    /** Drops everything; the log goes on, empty, at {@code offset}. */
    public void truncateFullyAndStartAt(long offset) {
        change(() -> {
            compaction.truncatedTo(0);
            truncator.restartAt(offset);
        });
    }

    /**
     * Moves the log start offset up: records below are gone for readers at once, their segments when they are next looked through.
     * An offset at or below the present start changes nothing.
     *
     * @throws LogOffsetOutOfRangeException above the log end
     */
    public void deleteRecordsBefore(long offset) {
        change(() -> truncator.deleteRecordsBefore(offset));
    }

    /**
     * Deletes whole segments that are below the log start, too old or too many, as {@code cleanup.policy} and {@code retention.*} say;
     * never any at or above the high watermark. The active segment is rolled first when all of it is too old. By one thread at a
     * time.
     *
     * @param byTime false while {@code nowMs} is not to be believed: nothing is deleted for its age
     * @return segments that left the log; their files follow after {@code file.delete.delay.ms}
     */
    public int deleteOldSegments(long nowMs, boolean byTime) {
        try {
            return retention.deleteOldSegments(nowMs, byTime);
        } catch (IOException e) {
            throw state.ioError("retention", e);
        }
    }

    /**
     * Tells where to ask for the high watermark: retention and compaction stay below it. Until then nothing counts as committed.
     *
     * @param offset the first offset that is not committed; must take no lock
     */
    public void highWatermark(LongSupplier offset) {
        state.highWatermark(offset);
    }

    /**
     * The controller gave the lead to {@code epoch} at {@code startOffset}; no effect when the epoch is known. To be called with
     * epochs in the controller's order only.
     */
    public void assignEpochStart(int epoch, long startOffset) {
        change(() -> state.epochs().assignByController(epoch, startOffset));
    }

    private void change(LogFlusher.IoAction action) {
        lock.lock();
        try {
            state.ensureWritable();
            action.run();
        } catch (IOException e) {
            throw state.fail(e);
        } finally {
            lock.unlock();
        }
    }

    /** Where {@code epoch} ends here (OffsetForLeaderEpoch); empty when the log cannot say. */
    public Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        return state.epochs().endOffset(epoch, logEndOffset());
    }

    /** The latest leader epoch known. */
    public OptionalInt latestEpoch() {
        return state.epochs().latest();
    }

    /** The leader epoch that appended {@code offset}. */
    public OptionalInt epochAt(long offset) {
        return state.epochs().at(offset);
    }

    /** Topic and partition. */
    public TopicPartition topicPartition() {
        return state.topicPartition();
    }

    /** Whether records may be missing that were there when it was closed: something in it was no whole batch. */
    public boolean cutWhenOpened() {
        return cutWhenOpened;
    }

    /** The partition's directory. */
    public Path directory() {
        return state.directory();
    }

    /** First offset that readers may see. */
    public long logStartOffset() {
        return state.logStartOffset();
    }

    /** Offset of the next record. */
    public long logEndOffset() {
        return state.end().offset();
    }

    /** Offset below which every record survives a power cut. */
    public long recoveryPoint() {
        return state.flusher().recoveryPoint();
    }

    /** Bytes of all segments. */
    public long sizeInBytes() {
        return state.segments().sizeInBytes();
    }

    /** Number of segments. */
    public int segmentCount() {
        return state.segments().count();
    }

    /** Configuration in force. */
    public LogConfig config() {
        return state.config();
    }

    /** Puts another configuration in force, from the next append on. */
    public void reconfigure(LogConfig changed) {
        state.config(changed);
    }

    /** The data directory is out of use: no changes any more, though this log itself may be whole. */
    void takeOffline(Path dataDirectory) {
        state.fail(new IOException("data directory " + dataDirectory + " is offline"));
    }

    /** The I/O error after which this log takes no more changes; its directory should go offline. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(state.failure());
    }

    /** For how long the disk has refused every append, as a full one does; 0 when it took the last one. */
    public long refusingMs() {
        return state.refusingMs();
    }

    /** The idempotent producers that are remembered, the one that has been silent longest first. */
    public List<ActiveProducer> activeProducers() {
        lock.lock();
        try {
            return state.producers().active();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets producers that have written nothing for {@code producer.id.expiration.ms}. */
    public void expireProducers(long nowMs) {
        lock.lock();
        try {
            state.sawClock(nowMs);
            state.producers().expire(nowMs, config().producerIdExpirationMs());
        } finally {
            lock.unlock();
        }
    }

    /**
     * What time brings about: rolling by age, flushing, expiry. To be called about every second.
     *
     * @param clockBelieved false while {@code nowMs} is not to be believed: no producer is forgotten for its age
     */
    public void tick(long nowMs, boolean clockBelieved) {
        maybeRoll(nowMs);
        flushDue(nowMs);
        if (clockBelieved) {
            expireProducers(nowMs);
        }
        readAgain();
        repairIndexes();
        removeFiles(nowMs);
    }

    private void readAgain() {
        LogState.CutShort bytes = state.takeCutShort();
        if (bytes == null || state.failure() != null || state.closed()) {
            return;
        }
        try {
            bytes.segment().readThrough(bytes.position(), bytes.bytes());
        } catch (IOException e) {
            throw state.ioError("read", e);
        }
    }

    private void removeFiles(long nowMs) {
        try {
            doomed.removeDue(nowMs);
        } catch (IOException e) {
            LogEvents.notRemoved(directory(), e);
        }
    }

    private void repairIndexes() {
        lock.lock();
        try {
            if (!state.closed()) {
                state.segments().active().repairIndexes();
            }
        } catch (IOException e) {
            throw state.ioError("building of an index", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Syncs everything and closes the files. When it returns normally the directory needs no recovery.
     *
     * @throws KafkaStorageException when something could not be written; the directory then needs recovery
     */
    public void close(long nowMs) {
        lock.lock();
        try {
            if (state.closed()) {
                return;
            }
            if (state.failure() == null) {
                storeAll(nowMs);
            }
        } catch (IOException e) {
            throw state.fail(e);
        } finally {
            state.markClosed();
            releaseFiles();
            lock.unlock();
        }
    }

    private void storeAll(long nowMs) throws IOException {
        state.flusher().flushSealed();
        state.flusher().flush(logEndOffset(), nowMs);
        LogSegment active = state.segments().active();
        state.flusher().trim(active);
        active.indexes().seal();
        active.storeIndexes(false);
        state.producerFiles().writeIfNew(state.producers(), logEndOffset());
        state.producerFiles().removeStray(state.segments());
        state.epochs().store();
        state.disk().syncDirectory(directory());
    }

    /** Compaction of this log, for the one thread that cleans. */
    public Cleanable compaction() {
        return compaction;
    }

    /**
     * Reads and checks everything; copies of damaged batches are kept aside, the log is left as it is.
     *
     * @throws KafkaStorageException when it cannot be read
     */
    List<LogDamage> scrub(Throttle throttle) {
        try {
            List<LogDamage> found = new LogScrub(state).run(throttle);
            state.damage(found);
            return found;
        } catch (IOException e) {
            throw state.ioError("scrub", e);
        }
    }

    /** Offsets that are missing where the scrub reported {@code damage}; empty when nothing is wrong there any more. */
    public Optional<DamagedRange> damagedRange(LogDamage damage) {
        try {
            return Optional.ofNullable(repair.range(damage));
        } catch (IOException e) {
            throw state.ioError("look at damage", e);
        }
    }

    /**
     * Puts batches of another replica into the place of damaged ones; offsets, epochs and everything around them stay. On return it is
     * durable. The damaged bytes are kept aside. Not to be called from more than one thread at a time.
     *
     * @param damage as the scrub reported it
     * @param good   whole batches that have exactly the offsets of {@link #damagedRange}, of a compacted log no others than these
     * @throws CorruptRecordException   when they do not, or do not match their CRC; nothing has happened then
     * @throws CleaningStoppedException when there is no such damage, or compaction is at work; to be asked again later
     * @throws KafkaStorageException    when the disk refused
     */
    public void repair(LogDamage damage, MemoryRecords good, long nowMs) {
        if (!state.rewriting().tryLock()) {
            throw new CleaningStoppedException("the log is being compacted");
        }
        try {
            repair.repair(damage, good.buffer(), nowMs);
            state.undamaged(damage);
        } catch (IOException e) {
            throw state.ioError("repair", e);
        } finally {
            state.rewriting().unlock();
        }
    }

    /** @param cleanedTo how far compaction had come, as a checkpoint says */
    void checkpoints(LogCheckpoints keeper, long cleanedTo) {
        state.checkpoints(keeper);
        compaction.cleanedTo(cleanedTo <= logEndOffset() ? cleanedTo : 0);
    }

    /** Closes the files without syncing anything: the log is about to be deleted. */
    void abandon() {
        lock.lock();
        try {
            state.markClosed();
            releaseFiles();
        } finally {
            lock.unlock();
        }
    }

    private void releaseFiles() {
        try {
            doomed.close();
        } catch (IOException e) {
            LogEvents.notClosed(directory(), e);
        }
        for (LogSegment segment : state.segments().all()) {
            try {
                segment.close();
            } catch (IOException e) {
                LogEvents.notClosed(segment.file(), e);
            }
        }
    }
}
