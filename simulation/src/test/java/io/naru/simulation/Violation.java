package io.naru.simulation;

import org.jspecify.annotations.Nullable;

/**
 * Something has happened that Naru promises will not. Futures keep what their callbacks throw to themselves, so each one is remembered from
 * its making, and {@link #rethrow} has the last word after every event.
 */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;
    private static final ThreadLocal<@Nullable Violation> FIRST = new ThreadLocal<>();

    Violation(String message) {
        super(message);
        remember();
    }

    Violation(String message, Throwable cause) {
        super(message, cause);
        remember();
    }

    private void remember() {
        if (FIRST.get() == null) {
            FIRST.set(this);
        }
    }

    /** Throws the first one of this thread's life, if there was one. */
    static void rethrow() {
        Violation first = FIRST.get();
        if (first != null) {
            throw first;
        }
    }

    /** A new life begins on this thread. */
    static void forget() {
        FIRST.remove();
    }
}
