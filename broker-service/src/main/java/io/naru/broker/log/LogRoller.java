package io.naru.broker.log;

import java.io.IOException;
import java.util.List;

/** Decides which segment takes the next batches, and begins new ones. Under the log's lock. */
final class LogRoller {

    private final LogState log;
    private long jitterMs;

    LogRoller(LogState log) {
        this.log = log;
        this.jitterMs = jitter();
    }

    /** The segment for {@code bytes} bytes of batches with these offsets; a new one when the active one cannot or should not take them. */
    LogSegment segmentFor(long firstOffset, long lastOffset, int bytes, long nowMs) throws IOException {
        LogSegment active = log.segments().active();
        LogConfig config = log.config();
        boolean full = active.size() > 0
                && (active.size() > config.segmentBytes() - bytes
                        || active.indexFull(config.segmentIndexBytes())
                        || expired(active, nowMs));
        if (!active.reaches(lastOffset)) {
            return rollTo(firstOffset);
        }
        return full ? rollTo(log.end().offset()) : active;
    }

    /** Begins a new segment at the end of the log when the active one is older than {@code segment.ms}; true when it did. */
    boolean rollIfExpired(long nowMs) throws IOException {
        if (!expired(log.segments().active(), nowMs)) {
            return false;
        }
        rollTo(log.end().offset());
        return true;
    }

    /** Begins a new segment; its base offset is at or above the end of the log. */
    LogSegment rollTo(long baseOffset) throws IOException {
        LogSegment old = log.segments().active();
        LogSegment fresh = LogSegment.create(log.disk(), log.directory(), baseOffset, log.config());
        log.flusher().namesChanged(); // before the segment is seen, and again when all its files are there
        if (old.size() == 0) {
            log.publishSegments(log.segments().withActive(fresh).without(List.of(old)));
            log.publishEnd(log.end().offset(), fresh);
            old.markDeleted();
            old.removeDeleted();
            return fresh;
        }
        old.indexes().seal();
        old.sealed(true);
        log.flusher().sealed(old);
        log.publishSegments(log.segments().withActive(fresh));
        log.publishEnd(log.end().offset(), fresh);
        jitterMs = jitter();
        snapshotProducers(baseOffset);
        log.flusher().namesChanged();
        return fresh;
    }

    private boolean expired(LogSegment active, long nowMs) {
        return active.size() > 0
                && nowMs - active.firstAppendMs() >= log.config().segmentMsMax() - jitterMs;
    }

    private void snapshotProducers(long offset) {
        try {
            log.producerFiles().write(log.producers(), offset);
            log.producerFiles().removeStray(log.segments());
        } catch (IOException e) {
            LogEvents.snapshotNotWritten(log.directory(), offset, e);
        }
    }

    private long jitter() {
        long most = Math.min(log.config().segmentJitterMs(), log.config().segmentMsMax());
        return most <= 0 ? 0 : log.environment().random().nextLong(most);
    }
}
