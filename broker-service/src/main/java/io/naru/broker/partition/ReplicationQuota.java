package io.naru.broker.partition;

/**
 * How many bytes a second throttled replication may take (KIP-73). Whoever is to take some asks first whether any are left, and says
 * afterwards how many it took; that may be more than there were, and the next one waits for as much longer. So in any time t no more
 * than {@code rate × (t + 1 s)} is taken, and one answer on top. Thread-safe; times are of a clock that only goes forward.
 */
public final class ReplicationQuota {

    /** What was not taken can be taken later, but no more of it than for this long. */
    private static final long SAVED_MS_MAX = 1_000;

    /** Nobody waits longer without asking again: the rate may be another by then. */
    private static final long WAIT_MS_MAX = 1_000;

    private long bytesPerSecond = Long.MAX_VALUE;
    private double left;
    private long atMs;

    /** A quota without a limit. */
    ReplicationQuota() {}

    /** Sets the rate; {@code Long.MAX_VALUE} is no limit. With a new one nothing is saved and nothing owed. */
    synchronized void rate(long newBytesPerSecond, long nowMs) {
        if (newBytesPerSecond != bytesPerSecond) {
            bytesPerSecond = newBytesPerSecond;
            left = 0;
            atMs = nowMs;
        }
    }

    /** Ms until some may be taken, as far as is known; 0 when it may now. */
    public synchronized long waitMs(long nowMs) {
        pass(nowMs);
        if (isUnlimited() || left > 0) {
            return 0;
        }
        double ms = bytesPerSecond == 0 ? WAIT_MS_MAX : Math.floor(-left * 1000.0 / bytesPerSecond) + 1;
        return (long) Math.min(ms, WAIT_MS_MAX);
    }

    /** So many bytes were taken. */
    public synchronized void took(long bytes, long nowMs) {
        if (!isUnlimited()) {
            pass(nowMs);
            left -= bytes;
        }
    }

    private boolean isUnlimited() {
        return bytesPerSecond == Long.MAX_VALUE;
    }

    private void pass(long nowMs) {
        if (nowMs > atMs) {
            double perMs = bytesPerSecond / 1000.0;
            left = Math.min(left + (nowMs - atMs) * perMs, SAVED_MS_MAX * perMs);
            atMs = nowMs;
        }
    }
}
