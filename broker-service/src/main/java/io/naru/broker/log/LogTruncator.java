package io.naru.broker.log;

import java.io.IOException;
import java.util.List;

/** Takes records off either end of one log. Under the log's lock; the flusher's is taken inside. */
final class LogTruncator {

    private final LogState log;

    LogTruncator(LogState log) {
        this.log = log;
    }

    /** Drops every batch that reaches {@code offset}, and ends the log after the last batch that is left. */
    void truncateTo(long offset) throws IOException {
        if (offset >= log.end().offset()) {
            log.epochs().truncateFromEnd(offset); // an epoch in which nothing was appended may begin there
            return;
        }
        if (offset < log.segments().first().baseOffset()) {
            restartAt(offset);
            return;
        }
        long cut = cutFor(offset);
        log.producerFiles().removeAbove(cut);
        log.flusher().shorten(cut, () -> {
            log.lowerRecoveryPoint(cut);
            dropFrom(offset);
        });
        long end = log.end().offset();
        log.epochs().truncateFromEnd(end);
        log.logStartOffset(Math.min(log.logStartOffset(), end));
        log.producerFiles().rebuild(log.producers(), log.segments(), end, log.lastSeenMs());
    }

    /** Where the first batch to go begins. */
    private long cutFor(long offset) throws IOException {
        LogSegment segment = log.segments().floor(offset);
        return segment == null ? offset : Math.min(segment.cutAt(offset).offset(), offset);
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
        if (!dropped.isEmpty()) {
            log.disk().syncDirectory(log.directory());
        }
        log.publishEnd(active.truncateTo(offset), active);
        log.publishSegments(kept);
        for (LogSegment segment : dropped) {
            segment.removeDeleted();
        }
    }

    /** Drops everything; the log goes on, empty, at {@code offset}. */
    void restartAt(long offset) throws IOException {
        log.producerFiles().removeAbove(-1);
        log.flusher().shorten(offset, () -> {
            log.lowerRecoveryPoint(0);
            List<LogSegment> dropped = log.segments().all();
            log.recentEnds().clear();
            markDeletedLastFirst(dropped);
            LogSegment fresh = LogSegment.create(log.disk(), log.directory(), offset, log.config());
            log.disk().syncDirectory(log.directory());
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
