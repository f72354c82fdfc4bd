package io.naru.broker.log;

import java.io.IOException;
import java.util.List;

/** Takes records off either end of one log. Under the log's lock; the flusher's is taken inside. */
final class LogTruncator {

    private final LogState log;

    LogTruncator(LogState log) {
        this.log = log;
    }

    /** Drops every record at or above {@code offset}. */
    void truncateTo(long offset) throws IOException {
        if (offset >= log.end().offset()) {
            return;
        }
        if (offset < log.segments().first().baseOffset()) {
            restartAt(offset);
            return;
        }
        log.producerFiles().removeAbove(offset);
        log.flusher().shorten(offset, () -> dropFrom(offset));
        log.epochs().truncateFromEnd(offset);
        log.logStartOffset(Math.min(log.logStartOffset(), offset));
        log.producerFiles().rebuild(log.producers(), log.segments(), offset, log.lastSeenMs());
    }

    private void dropFrom(long offset) throws IOException {
        List<LogSegment> dropped = log.segments().all().stream()
                .filter(segment -> segment.baseOffset() > offset)
                .toList();
        SegmentList kept = log.segments().without(dropped);
        LogSegment active = kept.active();
        active.sealed(false);
        log.recentEnds().clear();
        markDeletedLastFirst(dropped);
        active.truncateTo(offset);
        log.publishEnd(offset, active);
        log.publishSegments(kept);
        for (LogSegment segment : dropped) {
            segment.removeDeleted();
        }
    }

    /** Drops everything; the log goes on, empty, at {@code offset}. */
    void restartAt(long offset) throws IOException {
        log.producerFiles().removeAbove(-1);
        log.flusher().shorten(offset, () -> {
            List<LogSegment> dropped = log.segments().all();
            log.recentEnds().clear();
            markDeletedLastFirst(dropped);
            LogSegment fresh = LogSegment.create(
                    log.disk(), log.directory(), offset, log.config().indexIntervalBytes());
            log.publishSegments(new SegmentList(List.of(fresh)));
            log.publishEnd(offset, fresh);
            for (LogSegment segment : dropped) {
                segment.removeDeleted();
            }
        });
        log.flusher().restartAt(offset);
        log.epochs().clear();
        log.producers().clear();
        log.logStartOffset(offset);
    }

    /** Last first, so that a crash in between leaves a log without holes. */
    private static void markDeletedLastFirst(List<LogSegment> segments) throws IOException {
        for (int i = segments.size() - 1; i >= 0; i--) {
            segments.get(i).markDeleted();
        }
    }

    /** Hides records below {@code offset} from readers; their segments go when retention looks next. */
    void deleteRecordsBefore(long offset) {
        long end = log.end().offset();
        if (offset > end) {
            throw new LogOffsetOutOfRangeException(offset, log.logStartOffset(), end);
        }
        if (offset > log.logStartOffset()) {
            log.logStartOffset(offset);
            log.epochs().truncateFromStart(offset);
        }
    }
}
