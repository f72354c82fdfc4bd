package io.naru.broker.log;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The last few ends of a log. High watermark and readers at the tail ask for offsets that were the end a moment ago; these are
 * found here without touching index or file. Written under the log's lock, read without.
 */
final class RecentEnds {

    private static final int KEPT = 16;

    private final AtomicReferenceArray<@Nullable LogEnd> ends = new AtomicReferenceArray<>(KEPT);
    private int next;

    void add(LogEnd end) {
        ends.set(next++ & (KEPT - 1), end);
    }

    @Nullable
    LogEnd find(long offset) {
        for (int i = 0; i < KEPT; i++) {
            LogEnd end = ends.get(i);
            if (end != null && end.offset() == offset) {
                return end;
            }
        }
        return null;
    }

    void clear() {
        for (int i = 0; i < KEPT; i++) {
            ends.set(i, null);
        }
    }
}
