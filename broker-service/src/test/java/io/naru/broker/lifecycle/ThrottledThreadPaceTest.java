package io.naru.broker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code log.cleaner.backoff.ms} and {@code log.cleaner.io.max.bytes.per.second}, changed while a thread waits. */
class ThrottledThreadPaceTest {

    private static final long HOUR_MS = 3_600_000;

    @Test
    void aNewPauseCountsAtOnce() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch several = new CountDownLatch(4);
        try (ThrottledThread thread =
                new ThrottledThread("test", 1000, HOUR_MS, Clock.systemUTC(), throttle -> nowMs -> {
                    first.countDown();
                    several.countDown();
                    return false;
                })) {
            assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
            thread.pace(1000, 1);
            assertThat(several.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aNewRateEndsAWait() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ThrottledThread thread = new ThrottledThread("test", 1, 1, Clock.systemUTC(), throttle -> nowMs -> {
            begun.countDown();
            throttle.used(1_000_000);
            done.countDown();
            return true;
        })) {
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            thread.pace(Long.MAX_VALUE, 1);
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
