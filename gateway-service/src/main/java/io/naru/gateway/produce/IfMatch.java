package io.naru.gateway.produce;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code If-Match: "<end offset>"}: the record is appended only if its partition ends there. */
final class IfMatch {

    static final String HEADER = "If-Match";

    /** No condition. */
    static final long ANY_END = -1;

    private static final Pattern ONE_OFFSET = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");

    private IfMatch() {}

    /**
     * The end offset that a header asks for; {@link #ANY_END} when there is none.
     *
     * @throws ProblemException 400 when it is anything but one offset in quotes
     */
    static long of(@Nullable String header) {
        if (header == null) {
            return ANY_END;
        }
        Matcher offset = ONE_OFFSET.matcher(header.strip());
        if (!offset.matches()) {
            throw Problem.of(
                            ProblemKind.BAD_PARAMETER,
                            "If-Match is not one end offset in quotes, such as \"42\": where the partition must end")
                    .exception();
        }
        return Long.parseLong(offset.group(1));
    }

    /** The partition ends elsewhere. */
    static Problem endsAt(long expected, long actual) {
        Problem problem = Problem.of(
                ProblemKind.OTHER_END,
                "the partition ends at offset " + actual + ", not at " + expected
                        + ": read what came in between, then decide anew");
        return problem.with("end_offset", actual);
    }

    /** The brokers cannot do it. */
    static Problem notServed() {
        return Problem.of(
                ProblemKind.NOT_IMPLEMENTED,
                "If-Match needs brokers that look and append in one step; Naru's do, the one that leads this partition does"
                        + " not (Apache Kafka has no such append). Leave the header out, or put the gateway in front of Naru");
    }
}
