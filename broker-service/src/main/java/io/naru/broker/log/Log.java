package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.batch.BatchValidator;
import io.naru.broker.log.batch.FollowerBatches;
import io.naru.broker.log.batch.LeaderBatch;
import io.naru.broker.producer.ProducerBatch;
import io.naru.broker.producer.ProducerStates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * The log of one partition: record batches in offset order, in segments on disk.
 *
 * <p>Threads: anything that changes the log takes its lock; reads take none and see whole batches below an end published once per
 * append. Lock order: this log's lock, then the flusher's. No method may be called from an event loop, and no thread inside one
 * may be interrupted: interruption closes the segment's channel.
 *
 * <p>Invariants: logStartOffset &le; recoveryPoint &le; logEndOffset unless a start offset was moved up; every byte below the end
 * was checked, by the leader that took it or against its CRC; after an I/O error that may have lost bytes the log refuses appends
 * until it is opened again.
 */
public final class Log {

    private final TopicPartition topicPartition;
    private final Path directory;
    private final LogEnvironment environment;
    private final ReentrantLock lock = new ReentrantLock();
    private final LeaderEpochs epochs;
    private final ProducerStates producers;
    private final ProducerFiles producerFiles;
    private final LogFlusher flusher;
    private final LogReader reader;
    private final RecentEnds recentEnds = new RecentEnds();

    private volatile LogConfig config;
    private volatile SegmentList segments;
    private volatile LogEnd end;
    private volatile long logStartOffset;
    private volatile @Nullable IOException failure;
    private volatile boolean closed;
    private long rollJitterMs;
    private long lastSeenMs;

    Log(TopicPartition topicPartition, Path directory, LogEnvironment environment, LogConfig config, LoadedLog loaded) {
        this.topicPartition = topicPartition;
        this.directory = directory;
        this.environment = environment;
        this.config = config;
        this.segments = loaded.segments();
        LogSegment active = segments.active();
        this.end = new LogEnd(loaded.logEndOffset(), active, active.size());
        this.logStartOffset = loaded.logStartOffset();
        this.epochs = loaded.epochs();
        this.producers = loaded.producers();
        this.producerFiles = new ProducerFiles(environment.disk(), directory);
        this.flusher = new LogFlusher(environment.disk(), directory, () -> segments, () -> end, loaded.recoveryPoint());
        this.reader = new LogReader(this, recentEnds);
        this.rollJitterMs = jitter(config);
        recentEnds.add(end);
    }

    // ---------------------------------------------------------------- append

    /**
     * Appends what a client sent, as the leader of {@code leaderEpoch}: checks it, gives it offsets, writes it once. Bytes of
     * {@code records} are changed in place. With {@code flush.messages} reached it returns only after fsync.
     *
     * @param records exactly one batch
     * @param nowMs   the broker's clock
     * @throws ApiException by kind of fault: see {@link BatchValidator} for what is wrong with the bytes,
     *     {@link ProducerStates#check} for sequences (45, 47), {@link KafkaStorageException} (56) when the disk refused; nothing was
     *     stored in any of these cases, except that after a failed fsync the records may be found again
     */
    public LogAppend append(MemoryRecords records, int leaderEpoch, long nowMs) {
        LogConfig rules = config;
        LeaderBatch batch = BatchValidator.validate(records.buffer(), rules.batchRules(), nowMs);
        checkFitsSegment(batch.sizeInBytes(), rules);
        LogAppend appended;
        lock.lock();
        try {
            ensureWritable();
            lastSeenMs = nowMs;
            ProducerBatch repeated = batch.producerId() < 0
                    ? null
                    : producers.check(batch.producerId(), batch.producerEpoch(), batch.baseSequence(), batch.count());
            if (repeated != null) {
                appended = new LogAppend(
                        repeated.firstOffset(),
                        repeated.lastOffset(),
                        rules.logAppendTime() ? repeated.timestampMs() : -1,
                        logStartOffset,
                        true);
            } else {
                appended = store(batch, leaderEpoch, nowMs);
            }
        } finally {
            lock.unlock();
        }
        flushIfMany(appended.nextOffset(), nowMs);
        return appended;
    }

    private LogAppend store(LeaderBatch batch, int leaderEpoch, long nowMs) {
        long firstOffset = end.offset();
        long lastOffset = firstOffset + batch.count() - 1;
        if (leaderEpoch < epochs.latest().orElse(-1)) {
            throw new FencedLeaderEpochException("leader epoch " + leaderEpoch + " is below "
                    + epochs.latest().getAsInt() + " of " + topicPartition);
        }
        batch.stamp(firstOffset, leaderEpoch);
        write(batch.buffer(), firstOffset, lastOffset, nowMs);
        return new LogAppend(firstOffset, lastOffset, batch.logAppendTimeMs(), logStartOffset, false);
    }

    /**
     * Appends what a leader sent to this follower: offsets and epochs stay. A batch cut short at the end is left out.
     *
     * @return what was appended; empty when there was no whole batch
     * @throws ApiException 2 when a batch does not match its CRC or does not follow the log; nothing after it was stored
     */
    public Optional<LogAppend> appendAsFollower(MemoryRecords records, long nowMs) {
        LogConfig rules = config;
        ByteBuffer batches = FollowerBatches.whole(records.buffer());
        if (!batches.hasRemaining()) {
            return Optional.empty();
        }
        long firstOffset = BatchHeader.baseOffset(batches, 0);
        lock.lock();
        try {
            ensureWritable();
            lastSeenMs = nowMs;
            FollowerBatches.checkFollows(batches, end.offset(), epochs.latest().orElse(-1));
            for (int at = 0; at < batches.limit(); ) {
                int runEnd = FollowerBatches.endOfRun(batches, at, rules.segmentBytes());
                ByteBuffer run = batches.slice(at, runEnd - at);
                write(run, BatchHeader.baseOffset(run, 0), FollowerBatches.lastOffset(run), nowMs);
                at = runEnd;
            }
        } finally {
            lock.unlock();
        }
        LogAppend appended = new LogAppend(firstOffset, end.offset() - 1, -1, logStartOffset, false);
        flushIfMany(appended.nextOffset(), nowMs);
        return Optional.of(appended);
    }

    private void write(ByteBuffer batches, long firstOffset, long lastOffset, long nowMs) {
        try {
            LogSegment segment = segmentFor(firstOffset, lastOffset, batches.remaining(), nowMs);
            AppendedBatches.noteEpochs(batches, epochs);
            segment.append(batches, nowMs);
            AppendedBatches.noteProducers(batches, producers, nowMs);
            LogEnd appended = new LogEnd(lastOffset + 1, segment, segment.size());
            recentEnds.add(appended);
            end = appended;
        } catch (SegmentWriter.TornWriteException e) {
            throw fail(e);
        } catch (IOException e) {
            throw new KafkaStorageException("append to " + directory + " failed", e);
        }
    }

    private static void checkFitsSegment(int bytes, LogConfig rules) {
        if (bytes > rules.segmentBytes()) {
            throw new RecordBatchTooLargeException(
                    "batch of " + bytes + " bytes, more than segment.bytes " + rules.segmentBytes());
        }
    }

    // ---------------------------------------------------------------- segments

    private LogSegment segmentFor(long firstOffset, long lastOffset, int bytes, long nowMs) throws IOException {
        LogSegment active = segments.active();
        LogConfig rules = config;
        boolean full = active.size() > 0
                && (active.size() > rules.segmentBytes() - bytes
                        || active.indexFull(rules.segmentIndexBytes())
                        || expired(active, nowMs));
        return full || !active.reaches(lastOffset) ? rollTo(firstOffset) : active;
    }

    private boolean expired(LogSegment active, long nowMs) {
        return active.size() > 0 && nowMs - active.firstAppendMs() >= config.segmentMs() - rollJitterMs;
    }

    private LogSegment rollTo(long baseOffset) throws IOException {
        LogSegment old = segments.active();
        LogSegment fresh = LogSegment.create(environment.disk(), directory, baseOffset, config.indexIntervalBytes());
        if (old.size() == 0) {
            replaceEmpty(old, fresh);
            return fresh;
        }
        old.indexes().seal();
        old.sealed(true);
        flusher.namesChanged();
        flusher.sealed(old);
        segments = segments.withActive(fresh);
        end = new LogEnd(end.offset(), fresh, 0);
        rollJitterMs = jitter(config);
        snapshotProducers(baseOffset);
        return fresh;
    }

    private void replaceEmpty(LogSegment old, LogSegment fresh) throws IOException {
        flusher.namesChanged();
        segments = segments.withActive(fresh).without(List.of(old));
        end = new LogEnd(end.offset(), fresh, 0);
        old.markDeleted();
        old.removeDeleted();
    }

    private void snapshotProducers(long offset) {
        try {
            producerFiles.write(producers, offset);
            producerFiles.removeStray(segments);
        } catch (IOException e) {
            LogEvents.snapshotNotWritten(directory, offset, e);
        }
    }

    private long jitter(LogConfig rules) {
        long most = Math.min(rules.segmentJitterMs(), rules.segmentMs());
        return most <= 0 ? 0 : environment.random().nextLong(most);
    }

    /** Rolls the active segment when it is older than {@code segment.ms}; true when it did. */
    public boolean maybeRoll(long nowMs) {
        lock.lock();
        try {
            lastSeenMs = nowMs;
            if (failure != null || closed || !expired(segments.active(), nowMs)) {
                return false;
            }
            rollTo(end.offset());
            return true;
        } catch (IOException e) {
            throw new KafkaStorageException("roll of " + directory + " failed", e);
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------- read

    /**
     * Finds records from {@code startOffset} on, without copying them. Takes no lock.
     *
     * @param maxBytes         most bytes wanted; the last batch may be cut short by it
     * @param minOneBatch      whether the first batch is wanted whole even when it is larger than {@code maxBytes}
     * @param upperBoundOffset first offset that must not be seen: high watermark, last stable offset, or {@code Long.MAX_VALUE}
     * @throws LogOffsetOutOfRangeException below the log start or above the log end
     */
    public LogRead read(long startOffset, int maxBytes, boolean minOneBatch, long upperBoundOffset) {
        return reader.read(startOffset, maxBytes, minOneBatch, upperBoundOffset);
    }

    /** The first record whose timestamp is {@code timestamp} or greater; empty when there is none. */
    public Optional<TimestampAndOffset> offsetForTimestamp(long timestamp) {
        return reader.offsetForTimestamp(timestamp);
    }

    /** The record with the greatest timestamp, the first of them; empty when no record has one. */
    public Optional<TimestampAndOffset> maxTimestamp() {
        return reader.maxTimestamp();
    }

    // ---------------------------------------------------------------- flush

    /** When this returns, every record below {@code offset} survives a power cut. */
    public void flush(long offset, long nowMs) {
        if (failure != null) {
            ensureWritable();
        }
        try {
            flusher.flush(Math.min(offset, end.offset()), nowMs);
        } catch (IOException e) {
            throw failUnlessClosed(e);
        }
    }

    /** Syncs sealed segments, and the active one when {@code flush.ms} has passed since the last time. Call about every second. */
    public void flushDue(long nowMs) {
        if (failure != null || closed) {
            return;
        }
        try {
            flusher.flushSealed();
        } catch (IOException e) {
            throw failUnlessClosed(e);
        }
        if (flusher.recoveryPoint() < end.offset() && nowMs - flusher.lastFlushMs() >= config.flushMs()) {
            flush(end.offset(), nowMs);
        }
        repairIndexes();
    }

    private void flushIfMany(long offset, long nowMs) {
        if (offset - flusher.recoveryPoint() >= config.flushMessages()) {
            flush(offset, nowMs);
        }
    }

    private void repairIndexes() {
        lock.lock();
        try {
            segments.active().repairIndexes();
        } catch (IOException e) {
            throw new KafkaStorageException("index of " + directory + " not built", e);
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------- truncate

    /** Drops every record at or above {@code offset}; nothing happens when there is none. */
    public void truncateTo(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("truncate to " + offset);
        }
        lock.lock();
        try {
            ensureWritable();
            if (offset >= end.offset()) {
                return;
            }
            if (offset < segments.first().baseOffset()) {
                restartAt(offset);
                return;
            }
            producerFiles.removeAbove(offset);
            flusher.shorten(offset, () -> dropFrom(offset));
            epochs.truncateFromEnd(offset);
            logStartOffset = Math.min(logStartOffset, offset);
            producerFiles.rebuild(producers, segments, offset, lastSeenMs);
        } catch (IOException e) {
            throw fail(e);
        } finally {
            lock.unlock();
        }
    }

    /** Drops everything; the log goes on, empty, at {@code offset}. */
    public void truncateFullyAndStartAt(long offset) {
        lock.lock();
        try {
            ensureWritable();
            restartAt(offset);
        } catch (IOException e) {
            throw fail(e);
        } finally {
            lock.unlock();
        }
    }

    private void dropFrom(long offset) throws IOException {
        List<LogSegment> dropped = segments.all().stream()
                .filter(segment -> segment.baseOffset() > offset)
                .toList();
        recentEnds.clear();
        SegmentList kept = segments.without(dropped);
        LogSegment active = kept.active();
        active.sealed(false);
        // Last first, so that a crash in between leaves a log without holes.
        for (int i = dropped.size() - 1; i >= 0; i--) {
            dropped.get(i).markDeleted();
        }
        active.truncateTo(offset);
        end = new LogEnd(offset, active, active.size());
        segments = kept;
        recentEnds.add(end);
        for (LogSegment segment : dropped) {
            segment.removeDeleted();
        }
    }

    private void restartAt(long offset) throws IOException {
        producerFiles.removeAbove(-1);
        flusher.shorten(offset, () -> {
            List<LogSegment> dropped = segments.all();
            recentEnds.clear();
            for (int i = dropped.size() - 1; i >= 0; i--) {
                dropped.get(i).markDeleted();
            }
            LogSegment fresh = LogSegment.create(environment.disk(), directory, offset, config.indexIntervalBytes());
            end = new LogEnd(offset, fresh, 0);
            segments = new SegmentList(List.of(fresh));
            recentEnds.add(end);
            for (LogSegment segment : dropped) {
                segment.removeDeleted();
            }
        });
        flusher.restartAt(offset);
        epochs.clear();
        producers.clear();
        logStartOffset = offset;
    }

    /**
     * Moves the log start offset up: records below are gone for readers at once, their segments when they
     * are next looked through. An offset at or below the present start changes nothing.
     *
     * @throws LogOffsetOutOfRangeException above the log end
     */
    public void deleteRecordsBefore(long offset) {
        lock.lock();
        try {
            ensureWritable();
            if (offset > end.offset()) {
                throw new LogOffsetOutOfRangeException(offset, logStartOffset, end.offset());
            }
            if (offset > logStartOffset) {
                logStartOffset = offset;
                epochs.truncateFromStart(offset);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------- leader epochs

    /**
     * The controller gave the lead to {@code epoch} at {@code startOffset}; no effect when the epoch is known. To be called with
     * epochs in the controller's order only.
     */
    public void assignEpochStart(int epoch, long startOffset) {
        lock.lock();
        try {
            epochs.assignByController(epoch, startOffset);
        } finally {
            lock.unlock();
        }
    }

    /** Where {@code epoch} ends here (OffsetForLeaderEpoch); empty when the log cannot say. */
    public Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        return epochs.endOffset(epoch, end.offset());
    }

    /** The latest leader epoch known. */
    public OptionalInt latestEpoch() {
        return epochs.latest();
    }

    /** The leader epoch that appended {@code offset}. */
    public OptionalInt epochAt(long offset) {
        return epochs.at(offset);
    }

    // ---------------------------------------------------------------- the rest

    /** Topic and partition. */
    public TopicPartition topicPartition() {
        return topicPartition;
    }

    /** The partition's directory. */
    public Path directory() {
        return directory;
    }

    /** First offset that readers may see. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** Offset of the next record. */
    public long logEndOffset() {
        return end.offset();
    }

    /** Offset below which every record survives a power cut. */
    public long recoveryPoint() {
        return flusher.recoveryPoint();
    }

    /** Bytes of all segments. */
    public long sizeInBytes() {
        return segments.sizeInBytes();
    }

    /** Number of segments. */
    public int segmentCount() {
        return segments.count();
    }

    /** Configuration in force. */
    public LogConfig config() {
        return config;
    }

    /** Puts another configuration in force, from the next append on. */
    public void reconfigure(LogConfig changed) {
        config = changed;
    }

    /** The I/O error after which this log takes no more appends; its directory should go offline. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Forgets producers that have written nothing for {@code producer.id.expiration.ms}. */
    public void expireProducers(long nowMs) {
        lock.lock();
        try {
            lastSeenMs = nowMs;
            producers.expire(nowMs, config.producerIdExpirationMs());
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
            if (closed) {
                return;
            }
            closed = true;
            if (failure == null) {
                flusher.flushSealed();
                flusher.flush(end.offset(), nowMs);
                segments.active().indexes().seal();
                segments.active().storeIndexes(false);
                producerFiles.writeIfNew(producers, end.offset());
                epochs.store();
                environment.disk().syncDirectory(directory);
            }
        } catch (IOException e) {
            throw fail(e);
        } finally {
            releaseFiles();
            lock.unlock();
        }
    }

    /** Closes the files without syncing anything: the log is about to be deleted. */
    void abandon() {
        lock.lock();
        try {
            closed = true;
            releaseFiles();
        } finally {
            lock.unlock();
        }
    }

    /** What time brings about: rolling by age, flushing, expiry. To be called about every second. */
    public void tick(long nowMs) {
        maybeRoll(nowMs);
        flushDue(nowMs);
        expireProducers(nowMs);
    }

    private void releaseFiles() {
        for (LogSegment segment : segments.all()) {
            try {
                segment.close();
            } catch (IOException e) {
                LogEvents.notClosed(segment.file(), e);
            }
        }
    }

    private void ensureWritable() {
        IOException cause = failure;
        if (cause != null) {
            throw new KafkaStorageException("log " + directory + " is offline after an I/O error", cause);
        }
        if (closed) {
            throw new KafkaStorageException("log " + directory + " is closed");
        }
    }

    /** A log that is being deleted closes its files under a flush; that is no failure of the disk. */
    private KafkaStorageException failUnlessClosed(IOException cause) {
        return closed ? new KafkaStorageException("log " + directory + " is closed", cause) : fail(cause);
    }

    private KafkaStorageException fail(IOException cause) {
        if (failure == null) {
            failure = cause;
            LogEvents.offline(directory, cause);
        }
        return new KafkaStorageException("log " + directory + " is offline after an I/O error", cause);
    }

    SegmentList segments() {
        return segments;
    }

    LogEnd end() {
        return end;
    }
}
