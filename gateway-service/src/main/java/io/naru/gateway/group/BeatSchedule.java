package io.naru.gateway.group;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a member's next heartbeat is due: after the coordinator's interval; sooner for a while when something is about to happen; later
 * and later while the coordinator cannot be reached. Belongs to the member's mailbox.
 */
final class BeatSchedule {

    private static final long RETRY_MAX_MS = 2_000;
    private static final int RETRY_DOUBLINGS_MAX = 5;
    private static final long EAGER_MS = 300;
    private static final long EAGER_FOR_MS = 3_000;
    private static final long STALE_MS = 1_000;

    private final Timer timer;
    private final Runnable beat;
    private long intervalMs = EAGER_MS;
    private long beatNanos = System.nanoTime();
    private long hungryUntilNanos = eagerFromNow();
    private long nudgedUntilNanos = System.nanoTime();
    private int failures;
    private @Nullable Timeout next;

    /**
     * Nothing is due yet.
     *
     * @param beat called from a thread of the timer
     */
    BeatSchedule(Timer timer, Runnable beat) {
        this.timer = timer;
        this.beat = beat;
    }

    private static long eagerFromNow() {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EAGER_FOR_MS);
    }

    /** A heartbeat is sent; returns when, as {@link System#nanoTime}. */
    long sent() {
        cancel();
        beatNanos = System.nanoTime();
        return beatNanos;
    }

    /** It was answered; the coordinator wants one every so many milliseconds. */
    void answered(long everyMs) {
        failures = 0;
        intervalMs = Math.max(GroupMember.RETRY_MS, everyMs);
    }

    /** The next one is due when the coordinator expects it, or sooner if the member is waiting for partitions. */
    void next(boolean waitsForPartitions) {
        long now = System.nanoTime();
        boolean eager = now - nudgedUntilNanos < 0 || (waitsForPartitions && now - hungryUntilNanos < 0);
        in(eager ? Math.min(EAGER_MS, intervalMs) : intervalMs);
    }

    /** It did not work: the next one is due a little later each time. */
    void retry() {
        in(Math.min(RETRY_MAX_MS, GroupMember.RETRY_MS << Math.min(failures++, RETRY_DOUBLINGS_MAX)));
    }

    /** The client has come for partitions that there are none of yet. */
    void hungry() {
        hungryUntilNanos = eagerFromNow();
    }

    /** Others come or go: the coordinator may take a moment to think, so it is asked more often for a while. */
    void nudged() {
        nudgedUntilNanos = eagerFromNow();
    }

    /** Whether a client that is here had better hear early of what the group wants. */
    boolean isStale() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beatNanos) > Math.min(STALE_MS, intervalMs);
    }

    private void in(long ms) {
        cancel();
        next = timer.newTimeout(t -> beat.run(), ms, TimeUnit.MILLISECONDS);
    }

    void cancel() {
        Timeout due = next;
        if (due != null) {
            due.cancel();
        }
    }
}
