package io.naru.system.fault;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Counts acknowledgements, and how long none came. Thread-safe. */
final class Acks {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong longestSilenceNanos = new AtomicLong();

    /** One came. */
    void came() {
        count.incrementAndGet();
        long now = System.nanoTime();
        longestSilenceNanos.accumulateAndGet(now - lastNanos.getAndSet(now), Math::max);
    }

    /** So far. */
    int count() {
        return count.get();
    }

    /** Waits until so many more have come; {@code why} says what may be the matter when they do not. */
    void await(int more, Duration atMost, Supplier<String> why) {
        int goal = count() + more;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (count() < goal) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + (count() - goal + more) + " of " + more
                        + " writes were acknowledged within " + atMost + "; " + why.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Forgets how long they have stayed away so far. */
    void startMeasuringSilence() {
        lastNanos.set(System.nanoTime());
        longestSilenceNanos.set(0);
    }

    /** The longest time without any since {@link #startMeasuringSilence}. */
    Duration longestSilence() {
        return Duration.ofNanos(longestSilenceNanos.get());
    }
}
