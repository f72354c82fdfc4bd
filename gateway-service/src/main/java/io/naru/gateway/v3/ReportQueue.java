package io.naru.gateway.v3;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reports in the order of their records, found again by tag: a ring from the oldest that has not been taken. Not thread-safe. */
final class ReportQueue {

    private @Nullable Report[] ring = new Report[64];
    /** Tags count up from 0 and wrap; the ring is indexed by their low bits. */
    private int oldest;

    private int size;

    int size() {
        return size;
    }

    /** Adds a report and gives its tag. */
    int add(Report report) {
        if (size == ring.length) {
            @Nullable Report[] larger = Arrays.copyOf(ring, size * 2);
            Arrays.fill(larger, null);
            for (int tag = oldest; tag != oldest + size; tag++) {
                larger[tag & (larger.length - 1)] = ring[tag & (size - 1)];
            }
            ring = larger;
        }
        int tag = oldest + size++;
        ring[tag & (ring.length - 1)] = report;
        return tag;
    }

    /** The report of a tag; null when it was taken, having been told that its time was over. */
    @Nullable
    Report pending(int tag) {
        int ahead = tag - oldest;
        return ahead >= 0 && ahead < size ? ring[tag & (ring.length - 1)] : null;
    }

    /** Takes the oldest, if it has been told. */
    @Nullable
    Report poll() {
        Report report = pending(oldest);
        if (report == null || !report.isTold()) {
            return null;
        }
        ring[oldest & (ring.length - 1)] = null;
        oldest++;
        size--;
        return report;
    }
}
