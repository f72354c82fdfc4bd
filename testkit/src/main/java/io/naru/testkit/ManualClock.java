package io.naru.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is told to move. Safe to read from any thread. */
public final class ManualClock extends Clock {
    private final Hands hands;
    private final ZoneId zone;

    private ManualClock(Hands hands, ZoneId zone) {
        this.hands = hands;
        this.zone = zone;
    }

    /** A clock in UTC that shows {@code start}. */
    public static ManualClock at(Instant start) {
        return new ManualClock(new Hands(start), ZoneOffset.UTC);
    }

    /** A clock in UTC that shows {@code epochMs}. */
    public static ManualClock atMs(long epochMs) {
        return at(Instant.ofEpochMilli(epochMs));
    }

    /** Moves the clock forward and returns the new time. Time never goes back here; see {@link #setTo}. */
    public Instant advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock advances by zero or more, got " + by);
        }
        return hands.advance(by);
    }

    /** Sets the clock, backwards too: wall clocks do that. */
    public void setTo(Instant instant) {
        hands.setTo(instant);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same time seen from another zone: both clocks move together. */
    @Override
    public Clock withZone(ZoneId otherZone) {
        return new ManualClock(hands, otherZone);
    }

    @Override
    public Instant instant() {
        return hands.shown();
    }

    /** What all zones' views of one clock share. */
    private static final class Hands {
        private Instant now;

        Hands(Instant start) {
            now = start;
        }

        synchronized Instant advance(Duration by) {
            now = now.plus(by);
            return now;
        }

        synchronized void setTo(Instant instant) {
            now = instant;
        }

        synchronized Instant shown() {
            return now;
        }
    }
}
