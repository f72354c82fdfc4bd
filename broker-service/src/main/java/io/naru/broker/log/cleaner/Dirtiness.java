package io.naru.broker.log.cleaner;

/**
 * How much there is to clean in one log.
 *
 * @param cleanBytes bytes that were cleaned before
 * @param dirtyBytes bytes that were not and may be now
 * @param overdue    whether some of them have waited for longer than {@code max.compaction.lag.ms}
 * @param ratioMin   share of dirty bytes from which on cleaning is worth it ({@code min.cleanable.dirty.ratio})
 */
public record Dirtiness(long cleanBytes, long dirtyBytes, boolean overdue, double ratioMin) {

    /** Nothing to clean. */
    public static final Dirtiness NONE = new Dirtiness(0, 0, false, 1);

    /** Share of the bytes that are dirty. */
    public double ratio() {
        return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
    }

    /** Whether the log should be cleaned. */
    public boolean due() {
        return dirtyBytes > 0 && (overdue || ratio() >= ratioMin);
    }
}
