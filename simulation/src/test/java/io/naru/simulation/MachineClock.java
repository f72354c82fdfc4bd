package io.naru.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clocks of one machine: one that only goes forward, a little too fast or too slow, and the time of day, which may be set. */
final class MachineClock extends Clock {

    private static final long BEGIN_MS = 1_800_000_000_000L;

    private final EventQueue events;
    private final double rate;
    private long wallOffsetMs;

    /** @param rate seconds that it counts in one */
    MachineClock(EventQueue events, double rate) {
        this.events = events;
        this.rate = rate;
    }

    long nowMs() {
        return (long) (events.nowUs() * rate / 1_000);
    }

    /** How long {@code ms} of this clock take. */
    long worldUs(long ms) {
        return (long) (ms * 1_000 / rate);
    }

    /** Someone sets the time of day. */
    void step(long ms) {
        wallOffsetMs += ms;
    }

    /** The time of day is right again. */
    void mend() {
        wallOffsetMs = 0;
    }

    @Override
    public long millis() {
        return BEGIN_MS + nowMs() + wallOffsetMs;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
