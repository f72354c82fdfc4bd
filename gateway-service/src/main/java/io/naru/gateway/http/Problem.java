package io.naru.gateway.http;

import io.naru.gateway.format.JsonOut;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, for a program (kind, outcome, whether and when to retry) and for the person who reads the log (detail).
 *
 * @param kind              its number and status
 * @param detail            what is wrong, where, and what to do about it
 * @param outcome           for writes: what became of them
 * @param retryAfterSeconds when the same call may succeed; 0 when retrying cannot help
 * @param numbers           figures that a program needs to go on, by name
 */
public record Problem(
        ProblemKind kind, String detail, @Nullable Outcome outcome, int retryAfterSeconds, Map<String, Long> numbers) {

    /** A problem that no retry mends. */
    public static Problem of(ProblemKind kind, String detail) {
        return new Problem(kind, detail, null, 0, Map.of());
    }

    /** A problem that passes by itself. */
    public static Problem passing(ProblemKind kind, String detail) {
        return new Problem(kind, detail, null, 1, Map.of());
    }

    /** The same, of a write. */
    public Problem withOutcome(Outcome of) {
        return outcome != null ? this : new Problem(kind, detail, of, retryAfterSeconds, numbers);
    }

    /** The same with a figure. */
    public Problem with(String name, long number) {
        return new Problem(kind, detail, outcome, retryAfterSeconds, Map.of(name, number));
    }

    /** As an exception. */
    public ProblemException exception() {
        return new ProblemException(this);
    }

    /**
     * Writes the object of RFC 9457.
     *
     * @param line line of the body it is about, or 0
     */
    public void write(JsonOut out, long line) {
        out.ascii("{\"status\":").number(kind.status());
        out.ascii(",\"code\":").number(kind.code());
        out.ascii(",\"title\":").string(kind.title());
        out.ascii(",\"detail\":").string(detail);
        if (line > 0) {
            out.ascii(",\"line\":").number(line);
        }
        if (outcome != null) {
            out.ascii(",\"outcome\":").string(outcome.text());
        }
        out.ascii(",\"retriable\":").ascii(retryAfterSeconds > 0 ? "true" : "false");
        numbers.forEach((name, number) -> out.put(',').string(name).put(':').number(number));
        out.put('}');
    }
}
