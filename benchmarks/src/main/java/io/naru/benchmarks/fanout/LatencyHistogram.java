package io.naru.benchmarks.fanout;

import java.util.concurrent.TimeUnit;

/** How often which latency was seen, in milliseconds up to two minutes. Not thread-safe. */
final class LatencyHistogram {

    private final long[] counts = new long[120_001];
    private long total;

    void add(long nanos) {
        int ms = (int) Math.max(0, Math.min(counts.length - 1L, TimeUnit.NANOSECONDS.toMillis(nanos)));
        counts[ms]++;
        total++;
    }

    /** The latency that {@code share} of all do not exceed, in milliseconds. */
    double percentile(double share) {
        long seen = 0;
        for (int ms = 0; ms < counts.length; ms++) {
            seen += counts[ms];
            if (seen >= share * total) {
                return ms;
            }
        }
        return counts.length;
    }
}
