package io.naru.broker.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the wall clock may be used to forget anything. It is told the time about every second; when it leaps forward, because
 * someone set the clock, the process was stopped, or the machine came up with a wrong one, nothing goes for its age until the new time
 * has lasted for {@link #GRACE_MS}. A clock that goes back makes records younger and needs no care. Used by one thread.
 */
final class RetentionClock {

    /** A longer step between two looks at the clock is a leap. */
    static final long STEP_MAX_MS = 10 * 60_000L;

    /** How long a leap is not believed. */
    static final long GRACE_MS = 60 * 60_000L;

    private static final Logger LOGGER = LoggerFactory.getLogger(RetentionClock.class);

    private long lastMs;
    private long believedFromMs = Long.MIN_VALUE;

    /** @param lastUsedMs the time when the clock was last known to run, before this start; -1 when there was no such time */
    RetentionClock(long lastUsedMs) {
        this.lastMs = lastUsedMs;
    }

    /** Whether {@code nowMs} may be believed. */
    boolean believes(long nowMs) {
        if (lastMs >= 0 && nowMs - lastMs > STEP_MAX_MS) {
            believedFromMs = nowMs + GRACE_MS;
            LOGGER.atWarn()
                    .addKeyValue("stepMs", nowMs - lastMs)
                    .log(
                            "the clock leapt forward, or the broker was stopped; nothing is deleted for its age in the next hour");
        } else if (nowMs < lastMs && lastMs - nowMs > STEP_MAX_MS) {
            believedFromMs = Long.MIN_VALUE; // set back, as after a mistake
        }
        lastMs = nowMs;
        return nowMs >= believedFromMs;
    }
}
