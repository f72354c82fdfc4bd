package io.naru.coordinator.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * Time of day that nobody sets: read once, and counted by the machine's monotonic clock from there. When the time of day is set by an hour,
 * the sessions of all members would else lapse at once, or those of the dead go on for an hour.
 */
final class SteadyClock extends Clock {

    private final Clock timeOfDay;
    private final LongSupplier nanoTime;
    private final Instant begun;
    private final long begunNanos;

    /**
     * Goes on from what {@code timeOfDay} says now.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    SteadyClock(Clock timeOfDay, LongSupplier nanoTime) {
        this.timeOfDay = timeOfDay;
        this.nanoTime = nanoTime;
        this.begun = timeOfDay.instant();
        this.begunNanos = nanoTime.getAsLong();
    }

    @Override
    public Instant instant() {
        return begun.plus(Duration.ofNanos(nanoTime.getAsLong() - begunNanos));
    }

    @Override
    public ZoneId getZone() {
        return timeOfDay.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SteadyClock(timeOfDay.withZone(zone), nanoTime);
    }
}
