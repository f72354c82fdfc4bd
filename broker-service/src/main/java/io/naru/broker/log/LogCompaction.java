package io.naru.broker.log;

import io.naru.broker.log.cleaner.BatchCompactor;
import io.naru.broker.log.cleaner.BatchReader;
import io.naru.broker.log.cleaner.Cleanable;
import io.naru.broker.log.cleaner.CleaningResult;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.Dirtiness;
import io.naru.broker.log.cleaner.OffsetMap;
import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.producer.ProducerStates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Compaction of one log. Sealed segments below the high watermark are copied without the records that later ones of the same key have
 * overtaken; runs of small copies become one segment. Offsets never change. Only what is durable is touched, and what the
 * checkpoint on the disk says is durable: a start after a crash then takes a gap for what it is.
 *
 * <p>One thread at a time; the log's lock is held only to put a copy in place.
 */
final class LogCompaction implements Cleanable {

    private final LogState log;
    private final SegmentSwap swap;
    private volatile long cleanedTo;

    LogCompaction(LogState log, SegmentSwap swap) {
        this.log = log;
        this.swap = swap;
    }

    /** Takes over what a checkpoint says; a belief only. */
    void cleanedTo(long offset) {
        cleanedTo = offset;
    }

    /** To be called before the log is cut at {@code offset}: what is appended there later was never cleaned. */
    void truncatedTo(long offset) throws IOException {
        if (cleanedTo > offset) {
            cleanedTo = offset;
            log.checkpoints().cleanedTo(offset);
        }
    }

    @Override
    public TopicPartition topicPartition() {
        return log.topicPartition();
    }

    @Override
    public Dirtiness dirtiness(long nowMs) throws IOException {
        LogConfig config = log.config();
        if (!config.compact() || log.closed() || log.failure() != null) {
            return Dirtiness.NONE;
        }
        long firstDirty = firstDirty();
        long clean = 0;
        long dirty = 0;
        boolean overdue = false;
        for (LogSegment segment : cleanable(nowMs)) {
            LogSegment next = log.segments().after(segment.baseOffset());
            if (next != null && next.baseOffset() <= firstDirty) {
                clean += segment.size();
            } else {
                dirty += segment.size();
                overdue |= config.maxCompactionLagMs() < Long.MAX_VALUE
                        && segment.size() > 0
                        && nowMs - firstTimestamp(segment, nowMs) > config.maxCompactionLagMs();
            }
        }
        return new Dirtiness(clean, dirty, overdue, config.minCleanableDirtyRatio());
    }

    /** A checkpoint that does not fit the log, because this was truncated or made anew, counts for nothing. */
    private long firstDirty() {
        long start = log.logStartOffset();
        return cleanedTo < start || cleanedTo > log.segments().active().baseOffset() ? start : cleanedTo;
    }

    private static long firstTimestamp(LogSegment segment, long nowMs) throws IOException {
        SegmentScanner first = segment.scan(0, SegmentScanner.LOOKUP_CHUNK);
        return first.next() && first.maxTimestamp() >= 0 ? first.maxTimestamp() : nowMs;
    }

    /** Segments that may be cleaned, from the first on: sealed, committed, durable, old enough, without transactions' index. */
    private List<LogSegment> cleanable(long nowMs) throws IOException {
        long end = Math.min(
                log.highWatermark(),
                Math.min(log.flusher().recoveryPoint(), log.checkpoints().durableRecoveryPoint()));
        long minLagMs = log.config().minCompactionLagMs();
        SegmentList segments = log.segments();
        List<LogSegment> found = new ArrayList<>();
        for (LogSegment segment : segments.all()) {
            LogSegment next = segments.after(segment.baseOffset());
            if (next == null || next.baseOffset() > end) {
                break;
            }
            if (minLagMs > 0 && nowMs - segment.largestTimestampMs() < minLagMs) {
                break;
            }
            Path transactions = LogFiles.file(log.directory(), segment.baseOffset(), LogFiles.TRANSACTION_INDEX);
            if (Files.exists(transactions) && Files.size(transactions) > 0) {
                break;
            }
            found.add(segment);
        }
        return found;
    }

    @Override
    public CleaningResult clean(long mapBytesMax, Throttle throttle, long nowMs) {
        if (!log.rewriting().tryLock()) {
            throw new CleaningStoppedException("damage is being repaired");
        }
        try {
            return cleanOnce(mapBytesMax, throttle, nowMs);
        } catch (IOException e) {
            throw log.ioError("compaction", e);
        } finally {
            log.rewriting().unlock();
        }
    }

    private CleaningResult cleanOnce(long mapBytesMax, Throttle throttle, long nowMs) throws IOException {
        List<LogSegment> segments = cleanable(nowMs);
        long from = firstDirty();
        if (segments.isEmpty()) {
            return new CleaningResult(0, 0, from);
        }
        LogSegment after =
                log.segments().after(segments.get(segments.size() - 1).baseOffset());
        if (after == null) {
            throw new CleaningStoppedException("the log was changed meanwhile");
        }
        log.checkpoints().cleanedTo(from);
        OffsetMap map = new OffsetMap(after.baseOffset() - from, mapBytesMax);
        long to = fill(map, segments, from, after.baseOffset(), throttle);
        BatchCompactor compactor = new BatchCompactor(
                map, to, keptBatches(after.baseOffset()), nowMs, log.config().deleteRetentionMs());
        long read = 0;
        long written = 0;
        for (List<LogSegment> run : runs(segments, to)) {
            for (LogSegment segment : run) {
                read += segment.size();
            }
            written += compact(run, compactor, throttle, nowMs);
        }
        cleanedTo = to;
        log.checkpoints().cleanedTo(to);
        return new CleaningResult(read, written, to);
    }

    /** The first offset that the map does not cover: {@code end}, or less when it is full. */
    private long fill(OffsetMap map, List<LogSegment> segments, long from, long end, Throttle throttle)
            throws IOException {
        for (int i = 0; i < segments.size(); i++) {
            boolean dirty = i + 1 == segments.size() || segments.get(i + 1).baseOffset() > from;
            BatchReader batches = reader(segments.get(i));
            for (ByteBuffer some = dirty ? batches.next() : null; some != null; some = batches.next()) {
                throttle.used(some.remaining());
                long full = BatchCompactor.note(map, some.duplicate(), from);
                if (full >= 0) {
                    return full;
                }
            }
        }
        return end;
    }

    /**
     * Batches, by their last offset, that idempotence still remembers, or would if a power cut took everything from {@code end} on; and
     * the last one below {@code end}: readers get past offsets that are gone by the batch that follows, and behind this one there may be
     * nothing for a long time.
     */
    private Set<Long> keptBatches(long end) throws IOException {
        log.lock().lock();
        try {
            Set<Long> kept = log.producers().lastOffsets();
            ProducerStates atEnd = new ProducerStates();
            log.producerFiles().rebuild(atEnd, log.segments(), end, log.lastSeenMs());
            kept.addAll(atEnd.lastOffsets());
            kept.add(end - 1);
            return kept;
        } finally {
            log.lock().unlock();
        }
    }

    /** Segments that begin below {@code end}, in runs that fit one segment together. */
    private List<List<LogSegment>> runs(List<LogSegment> segments, long end) {
        List<List<LogSegment>> runs = new ArrayList<>();
        List<LogSegment> run = new ArrayList<>();
        long bytes = 0;
        for (LogSegment segment : segments) {
            if (segment.baseOffset() >= end) {
                break;
            }
            LogSegment next = log.segments().after(segment.baseOffset());
            boolean fits = !run.isEmpty()
                    && bytes + segment.size() <= log.config().segmentBytes()
                    && next != null
                    && run.get(0).reaches(next.baseOffset());
            if (!fits) {
                run = new ArrayList<>();
                runs.add(run);
                bytes = 0;
            }
            run.add(segment);
            bytes += segment.size();
        }
        return runs;
    }

    /** Bytes that the segments of {@code run} have afterwards. */
    private long compact(List<LogSegment> run, BatchCompactor compactor, Throttle throttle, long nowMs)
            throws IOException {
        CleanedSegment copy = CleanedSegment.create(
                log.disk(),
                log.directory(),
                run.get(0).baseOffset(),
                log.config().indexIntervalBytes());
        boolean finished = false;
        try {
            boolean changed = run.size() > 1;
            for (LogSegment segment : run) {
                changed |= copy(segment, copy, compactor, throttle);
            }
            if (!changed) {
                return copy.size();
            }
            copy.finish(Files.getLastModifiedTime(run.get(run.size() - 1).file()));
            swap.replace(run, copy, nowMs);
            finished = true;
            return copy.size();
        } finally {
            if (!finished) {
                copy.discard();
            }
        }
    }

    /** True when the copy differs. */
    private boolean copy(LogSegment segment, CleanedSegment copy, BatchCompactor compactor, Throttle throttle)
            throws IOException {
        boolean changed = false;
        BatchReader batches = reader(segment);
        for (ByteBuffer some = batches.next(); some != null; some = batches.next()) {
            throttle.used(some.remaining());
            ByteBuffer kept = compactor.compact(some.duplicate());
            changed |= !kept.equals(some);
            throttle.used(kept.remaining());
            copy.append(kept);
        }
        return changed;
    }

    private BatchReader reader(LogSegment segment) {
        LogSegment next = log.segments().after(segment.baseOffset());
        return new BatchReader(
                segment::read,
                segment.file().toString(),
                segment.size(),
                segment.baseOffset(),
                next == null ? Long.MAX_VALUE : next.baseOffset());
    }
}
