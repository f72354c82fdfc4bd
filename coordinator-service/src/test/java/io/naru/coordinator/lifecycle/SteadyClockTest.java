package io.naru.coordinator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private static final Instant BEGUN = Instant.ofEpochMilli(1_700_000_000_000L);

    @Test
    void aTimeOfDayThatIsSetIsNotFollowed() {
        AtomicReference<Instant> now = new AtomicReference<>(BEGUN);
        InstantSource settable = now::get;
        Clock timeOfDay = settable.withZone(ZoneOffset.UTC);
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        SteadyClock steady = new SteadyClock(timeOfDay, nanos::get);
        now.set(BEGUN.plus(Duration.ofHours(1)));
        assertThat(steady.instant()).isEqualTo(BEGUN);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(steady.instant()).as("whatever nanoTime wraps to").isEqualTo(BEGUN.plusSeconds(2));
    }
}
