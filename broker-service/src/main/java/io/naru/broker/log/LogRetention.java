package io.naru.broker.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Deletes whole segments from the beginning of one log: those below the log start offset, and by {@code retention.ms} and
 * {@code retention.bytes} where {@code cleanup.policy} names delete. Never anything at or above the high watermark. Files leave the
 * disk {@code file.delete.delay.ms} after their segment has left the log, so that reads under way can end.
 *
 * <p>What may go is found without the log's lock, for sealed segments do not change; only the removal takes it. One thread at a
 * time.
 */
final class LogRetention {

    private final LogState log;
    private final LogRoller roller;
    private final DoomedSegments doomed;

    LogRetention(LogState log, LogRoller roller, DoomedSegments doomed) {
        this.log = log;
        this.roller = roller;
        this.doomed = doomed;
    }

    /**
     * Deletes what is due.
     *
     * @param byTime false while the clock is not to be believed: nothing is deleted for its age
     * @return segments that left the log
     */
    int deleteOldSegments(long nowMs, boolean byTime) throws IOException {
        List<LogSegment> due = due(nowMs, byTime);
        if (due.size() == log.segments().count() - 1 && byTime && rollIfOld(nowMs)) {
            due = due(nowMs, true);
        }
        if (due.isEmpty()) {
            return 0;
        }
        ReentrantLock lock = log.lock();
        lock.lock();
        try {
            return log.failure() == null && !log.closed() ? remove(due, nowMs) : 0;
        } finally {
            lock.unlock();
        }
    }

    private List<LogSegment> due(long nowMs, boolean byTime) throws IOException {
        LogConfig config = log.config();
        SegmentList segments = log.segments();
        long surplus =
                config.delete() && config.retentionBytes() >= 0 ? segments.sizeInBytes() - config.retentionBytes() : -1;
        List<LogSegment> due = new ArrayList<>();
        for (LogSegment segment : segments.all()) {
            LogSegment next = segments.after(segment.baseOffset());
            // What is not synced yet may be all that a power cut leaves of the producers' state: its snapshot comes
            // first.
            if (next == null
                    || next.baseOffset()
                            > Math.min(log.highWatermark(), log.flusher().recoveryPoint())) {
                break;
            }
            surplus -= segment.size();
            boolean goes =
                    next.baseOffset() <= log.logStartOffset() || surplus >= 0 || (byTime && isOld(segment, nowMs));
            if (!goes) {
                break;
            }
            due.add(segment);
        }
        return due;
    }

    /** The index says so at little cost; before anything is deleted the batches are asked. */
    private boolean isOld(LogSegment segment, long nowMs) throws IOException {
        LogConfig config = log.config();
        return config.delete()
                && config.retentionMs() >= 0
                && nowMs - segment.largestTimestampMs() > config.retentionMs()
                && nowMs - segment.largestTimestampOfBatchesMs() > config.retentionMs();
    }

    /** When every record of the active segment is old too, it is sealed so that it can go. */
    private boolean rollIfOld(long nowMs) throws IOException {
        LogSegment active = log.segments().active();
        if (active.size() == 0 || log.end().offset() > log.highWatermark() || !isOld(active, nowMs)) {
            return false;
        }
        ReentrantLock lock = log.lock();
        lock.lock();
        try {
            boolean unchanged = log.segments().active() == active && isOldByIndex(active, nowMs);
            if (unchanged && log.failure() == null && !log.closed()) {
                roller.rollTo(log.end().offset());
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOldByIndex(LogSegment active, long nowMs) throws IOException {
        return nowMs - active.largestTimestampMs() > log.config().retentionMs();
    }

    private int remove(List<LogSegment> due, long nowMs) throws IOException {
        SegmentList segments = log.segments();
        if (!segments.all()
                .subList(0, Math.min(due.size(), segments.count() - 1))
                .equals(due)) {
            return 0; // truncated meanwhile; the next call looks again
        }
        SegmentList kept = segments.without(due);
        log.producerFiles().ensure(kept.first().baseOffset(), segments, nowMs);
        log.disk().syncDirectory(log.directory()); // the snapshot is there before the segments are not
        long start = Math.max(log.logStartOffset(), kept.first().baseOffset());
        log.logStartOffset(start);
        log.publishSegments(kept);
        log.epochs().truncateFromStart(start);
        log.flusher().forget(due);
        doomed.add(due, nowMs + log.config().fileDeleteDelayMs());
        for (LogSegment segment : due) { // first first, so that a crash in between leaves a log without holes
            segment.markDeleted();
        }
        log.producerFiles().removeStray(kept);
        LogEvents.deleted(log.directory(), due.size(), start);
        return due.size();
    }
}
