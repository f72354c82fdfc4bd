package io.naru.gateway.read;

import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Query;
import io.naru.gateway.http.Timestamps;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * What a page is asked to be.
 *
 * @param partition of which partition
 * @param start     how its first offset is given
 * @param from      offset, time or number of records, as {@code start} says
 * @param until     first offset that is not wanted any more, or {@link Long#MAX_VALUE}
 * @param limit     records at most
 * @param maxBytes  bytes of keys, values and headers at most; one record always fits
 * @param waitMs    how long to wait for a first record
 * @param isolation which transactions are seen
 * @param formats   how records are shown
 * @param ndjson    lines instead of an array
 */
record PageRequest(
        TopicPartition partition,
        Start start,
        long from,
        long until,
        int limit,
        long maxBytes,
        long waitMs,
        Isolation isolation,
        RecordFormats formats,
        boolean ndjson) {

    private static final int LIMIT_DEFAULT = 1_000;
    private static final int LIMIT_MAX = 100_000;

    /** Where a page begins. */
    enum Start {
        EARLIEST,
        OFFSET,
        TIMESTAMP,
        TAIL
    }

    static PageRequest of(Exchange exchange, TopicPartition partition, ReadServices services) {
        Query query = exchange.query()
                .allow(
                        "offset",
                        "timestamp",
                        "tail",
                        "limit",
                        "max_bytes",
                        "wait",
                        "until",
                        "isolation",
                        "key_format",
                        "value_format");
        Start start = start(query);
        long from = switch (start) {
            case EARLIEST -> 0;
            case OFFSET -> query.number("offset", 0, 0, Long.MAX_VALUE);
            case TIMESTAMP -> Timestamps.parameter(query, "timestamp", 0);
            case TAIL -> query.number("tail", 0, 0, Long.MAX_VALUE);
        };
        ReadProperties properties = services.properties();
        String type = MediaTypes.choose(exchange.request(), List.of(MediaTypes.JSON, MediaTypes.NDJSON));
        return new PageRequest(
                partition,
                start,
                from,
                query.number("until", Long.MAX_VALUE, 0, Long.MAX_VALUE),
                (int) query.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX),
                query.number(
                        "max_bytes",
                        properties.pageSize().toBytes(),
                        1,
                        properties.pageSizeMax().toBytes()),
                waitMs(query, services),
                query.oneOf("isolation", Isolation.READ_UNCOMMITTED),
                RecordFormats.of(query),
                type.equals(MediaTypes.NDJSON));
    }

    private static Start start(Query query) {
        int given = (query.has("offset") ? 1 : 0) + (query.has("timestamp") ? 1 : 0) + (query.has("tail") ? 1 : 0);
        if (given > 1) {
            throw bad("offset, timestamp and tail exclude each other; give one of them");
        }
        return query.has("offset")
                ? Start.OFFSET
                : query.has("timestamp") ? Start.TIMESTAMP : query.has("tail") ? Start.TAIL : Start.EARLIEST;
    }

    /** Milliseconds, or seconds with an s: {@code wait=5000}, {@code wait=5s}. */
    private static long waitMs(Query query, ReadServices services) {
        String text = query.text("wait");
        long max = services.limits().waitMax().toMillis();
        if (text == null) {
            return 0;
        }
        boolean seconds = text.endsWith("s") && !text.endsWith("ms");
        String digits = text.endsWith("ms")
                ? text.substring(0, text.length() - 2)
                : seconds ? text.substring(0, text.length() - 1) : text;
        try {
            long value = digits.startsWith("+") ? -1 : Long.parseLong(digits);
            long ms = seconds ? Math.multiplyExact(value, 1000L) : value;
            if (ms >= 0 && ms <= max) {
                return ms;
            }
        } catch (NumberFormatException | ArithmeticException notATime) {
            throw badWait(max);
        }
        throw badWait(max);
    }

    private static ProblemException badWait(long max) {
        return bad("parameter \"wait\" must be between 0 and " + max + " milliseconds (or seconds, like 5s)");
    }

    private static ProblemException bad(String detail) {
        return Problem.of(ProblemKind.BAD_PARAMETER, detail).exception();
    }
}
