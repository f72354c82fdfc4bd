package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.Throttle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through all batches of one log, checks each as recovery does, and keeps a copy of what is damaged aside in
 * {@code <base>.log.<position>.corrupt}. The log itself is left as it is: nothing is cut that may still be of use. No lock: a segment
 * that leaves the log meanwhile is passed over.
 */
final class LogScrub {

    private final LogState log;

    LogScrub(LogState log) {
        this.log = log;
    }

    List<LogDamage> run(Throttle throttle) throws IOException {
        List<LogDamage> found = new ArrayList<>();
        SegmentList segments = log.segments();
        for (LogSegment segment : segments.all()) {
            try {
                found.addAll(check(segment, throttle));
            } catch (IOException e) {
                if (log.segments().all().contains(segment) && !log.closed()) {
                    throw e;
                }
            }
        }
        return found;
    }

    private List<LogDamage> check(LogSegment segment, Throttle throttle) throws IOException {
        BatchChain chain = BatchChain.of(log, segment);
        List<LogDamage> found = new ArrayList<>();
        long nextOffset = segment.baseOffset();
        int size = segment.size();
        SegmentScanner batches = segment.scan(0, SegmentScanner.SWEEP_CHUNK);
        while (batches.position() + batches.size() < size && batches.next()) {
            throttle.used(batches.size());
            String misplaced = chain.fault(batches, nextOffset);
            String what = batches.crcMatches() ? misplaced : "CRC";
            if (what != null) {
                long first = Math.min(nextOffset, Math.max(batches.baseOffset(), segment.baseOffset()));
                found.add(damage(segment, batches.position(), first, batches.size(), what));
            }
            int delta = BatchHeader.lastOffsetDelta(batches.header(), 0);
            nextOffset = misplaced == null ? batches.lastOffset() + 1 : nextOffset + delta + 1;
        }
        int end = batches.position() + batches.size();
        if (end < Math.min(size, segment.size())) {
            found.add(damage(segment, end, nextOffset, size - end, "no batch"));
        }
        return stillThere(segment, size) ? found : List.of();
    }

    /** What was cut off or replaced while it was looked at says nothing. */
    private boolean stillThere(LogSegment segment, int size) {
        return segment.size() >= size && log.segments().all().contains(segment);
    }

    private LogDamage damage(LogSegment segment, int position, long offset, int bytes, String what) throws IOException {
        LogDamage damage = new LogDamage(segment.file(), position, offset, bytes, what);
        if (log.closed() || !log.segments().all().contains(segment)) {
            throw new CleaningStoppedException("the log was changed meanwhile");
        }
        LogEvents.damaged(damage, segment.keepAside(position, bytes));
        return damage;
    }
}
