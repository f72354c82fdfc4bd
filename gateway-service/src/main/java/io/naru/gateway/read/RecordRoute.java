package io.naru.gateway.read;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.format.RecordWriter;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Route;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * {@code GET /v1/topics/{t}/partitions/{p}/records/{offset}}: one record as JSON, or, where Accept asks for
 * {@code application/octet-stream}, its value's bytes alone (204 for a tombstone).
 */
public final class RecordRoute implements Route {

    private static final int OFFSET_SEGMENT = 6;
    private static final int FETCH_BYTES = 64 * 1024;
    private final ReadServices services;

    /** A route. */
    public RecordRoute(ReadServices services) {
        this.services = services;
    }

    @Override
    public void handle(Exchange exchange) {
        TopicPartition partition = PageRoute.partition(exchange);
        long offset = offset(exchange.segment(OFFSET_SEGMENT));
        RecordFormats formats = RecordFormats.of(exchange.query().allow("key_format", "value_format"));
        boolean bytes = MediaTypes.choose(exchange.request(), List.of(MediaTypes.JSON, MediaTypes.BYTES))
                .equals(MediaTypes.BYTES);
        exchange.suspend();
        services.reads().topic(partition.topic()).whenComplete((topic, error) -> {
            if (error != null) {
                exchange.fail(error);
            } else if (partition.partition() >= topic.partitions().size()) {
                exchange.fail(PageRoute.noSuchPartition(topic, partition.partition()));
            } else {
                fetch(exchange, partition, offset, formats, bytes);
            }
        });
    }

    private static long offset(String text) {
        try {
            long offset = text.startsWith("+") ? -1 : Long.parseLong(text);
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException notANumber) {
            throw notAnOffset(text);
        }
        throw notAnOffset(text);
    }

    private static ProblemException notAnOffset(String text) {
        return Problem.of(ProblemKind.BAD_PARAMETER, "\"" + text + "\" is no offset; offsets are 0, 1, 2 …")
                .exception();
    }

    private void fetch(Exchange exchange, TopicPartition partition, long offset, RecordFormats formats, boolean bytes) {
        services.reads()
                .fetch(partition, offset, FETCH_BYTES, Isolation.READ_UNCOMMITTED)
                .whenCompleteAsync(
                        (fetched, error) -> {
                            try {
                                if (error != null) {
                                    exchange.fail(error);
                                } else {
                                    answer(exchange, partition, offset, formats, bytes, fetched);
                                }
                            } catch (RuntimeException e) {
                                exchange.fail(e);
                            }
                        },
                        services.workers());
    }

    private void answer(
            Exchange exchange,
            TopicPartition partition,
            long offset,
            RecordFormats formats,
            boolean bytes,
            Fetched fetched) {
        if (fetched.error() == Errors.OFFSET_OUT_OF_RANGE) {
            OutOfRange.answer(exchange, services.reads(), partition, offset, Isolation.READ_UNCOMMITTED);
            return;
        }
        if (fetched.error() != Errors.NONE) {
            exchange.fail(KafkaProblems.of(fetched.error(), null));
            return;
        }
        RecordCursor cursor = fetched.cursor(offset);
        if (!cursor.next() || cursor.offset() != offset) {
            exchange.fail(Problem.of(
                    ProblemKind.NO_SUCH_RECORD,
                    partition + " has no record at offset " + offset
                            + (offset >= fetched.readableEnd()
                                    ? "; the next one will be there"
                                    : "; it was compacted away, or is a transaction marker")));
            return;
        }
        if (!bytes) {
            JsonOut out = new JsonOut(512);
            formats.writer().write(out, RecordWriter.prefix(partition.topic(), partition.partition()), cursor);
            out.put('\n');
            send(exchange, MediaTypes.JSON, out.array(), out.length());
            return;
        }
        byte[] value = cursor.valueCopy();
        if (value == null) {
            exchange.answer(204);
        } else {
            send(exchange, MediaTypes.BYTES, value, value.length);
        }
    }

    private static void send(Exchange exchange, String type, byte[] body, int length) {
        exchange.answer(200, type, body, 0, length);
    }
}
