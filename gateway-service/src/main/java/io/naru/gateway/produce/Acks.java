package io.naru.gateway.produce;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import org.jspecify.annotations.Nullable;

/** How much a write waits for. */
public enum Acks {
    /** All in-sync replicas; idempotent, so that retries never write twice. */
    ALL((short) -1, 0),
    /** The leader alone. */
    LEADER((short) 1, 1),
    /** Nothing: sent is all that is known. */
    NONE((short) 0, 2);

    /** How many kinds there are. */
    static final int COUNT = 3;

    private final short code;
    private final int index;

    Acks(short code, int index) {
        this.code = code;
        this.index = index;
    }

    /** From 0, for arrays. */
    int index() {
        return index;
    }

    /** As in the Produce API. */
    short code() {
        return code;
    }

    /** Parses {@code all}, {@code -1}, {@code 1}, {@code 0}; null is all. */
    public static Acks parse(@Nullable String text) {
        if (text == null) {
            return ALL;
        }
        return switch (text) {
            case "all", "-1" -> ALL;
            case "1" -> LEADER;
            case "0" -> NONE;
            default ->
                throw Problem.of(ProblemKind.BAD_PARAMETER, "parameter \"acks\" must be all, 1 or 0")
                        .exception();
        };
    }
}
