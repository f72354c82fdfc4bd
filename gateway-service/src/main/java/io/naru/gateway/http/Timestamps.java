package io.naru.gateway.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Times as people and programs write them. */
public final class Timestamps {

    private Timestamps() {}

    /** Milliseconds since 1970 from a number of them or from ISO-8601 with an offset; null when it is neither. */
    public static @Nullable Long parse(String text) {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException tooLarge) {
                return null;
            }
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return instant.toEpochMilli() < 0 ? null : instant.toEpochMilli();
        } catch (DateTimeException | ArithmeticException notATime) {
            return null;
        }
    }

    /**
     * The query parameter, or {@code defaultValue}.
     *
     * @throws ProblemException when it is no time
     */
    public static long parameter(Query query, String name, long defaultValue) {
        String text = query.text(name);
        if (text == null) {
            return defaultValue;
        }
        Long ms = parse(text);
        if (ms == null) {
            throw Problem.of(
                            ProblemKind.BAD_PARAMETER,
                            "parameter \"" + name
                                    + "\" must be milliseconds since 1970 or a time like 2026-01-31T12:00:00Z")
                    .exception();
        }
        return ms;
    }
}
