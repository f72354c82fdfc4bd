package io.naru.broker.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Segments that have left their log and whose files, renamed to {@code .deleted}, stay for a while, so that reads under way can end.
 * Safe for any thread.
 */
final class DoomedSegments {

    private final Deque<Doomed> waiting = new ArrayDeque<>();

    private record Doomed(LogSegment segment, long dueMs) {}

    synchronized void add(List<LogSegment> segments, long dueMs) {
        segments.forEach(segment -> waiting.add(new Doomed(segment, dueMs)));
    }

    /** Removes files whose delay is over. */
    void removeDue(long nowMs) throws IOException {
        for (LogSegment segment : takeDue(nowMs)) {
            segment.removeDeleted();
        }
    }

    private synchronized List<LogSegment> takeDue(long nowMs) {
        List<LogSegment> due = new ArrayList<>();
        Iterator<Doomed> all = waiting.iterator();
        while (all.hasNext()) {
            Doomed next = all.next();
            if (next.dueMs() <= nowMs) {
                due.add(next.segment());
                all.remove();
            }
        }
        return due;
    }

    /** Closes the files that still wait; the next start removes them. */
    synchronized void close() throws IOException {
        for (Doomed next : waiting) {
            next.segment().close();
        }
        waiting.clear();
    }
}
