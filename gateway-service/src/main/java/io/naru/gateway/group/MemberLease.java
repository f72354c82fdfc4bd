package io.naru.gateway.group;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a member may be silent: since its client last asked for something, not counting the time that it waits for an answer. Belongs
 * to the member's mailbox.
 */
final class MemberLease {

    private static final long NANOS_MIN = 1_000_000;

    private final GroupMember member;
    private final Timer timer;
    private long timeoutMs;
    private long activeNanos = System.nanoTime();
    private @Nullable Timeout running;

    MemberLease(GroupMember member, Timer timer, long timeoutMs) {
        this.member = member;
        this.timer = timer;
        this.timeoutMs = timeoutMs;
    }

    long timeoutMs() {
        return timeoutMs;
    }

    void timeoutMs(long ms) {
        timeoutMs = ms;
        watch();
    }

    /** The client has shown itself. */
    void touch() {
        activeNanos = System.nanoTime();
    }

    /** Looks again when the lease would lapse if nothing happened. */
    void watch() {
        end();
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMs) - (System.nanoTime() - activeNanos);
        running = timer.newTimeout(
                t -> member.submit(member::checkLease), Math.max(NANOS_MIN, left), TimeUnit.NANOSECONDS);
    }

    boolean isOver() {
        return System.nanoTime() - activeNanos >= TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    void end() {
        Timeout before = running;
        if (before != null) {
            before.cancel();
        }
    }
}
