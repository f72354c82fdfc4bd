package io.naru.gateway.produce;

import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.PathPartition;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Query;
import io.naru.gateway.http.Route;
import io.naru.gateway.http.Timestamps;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/topics/{t}/records} and {@code …/partitions/{p}/records}: the body, whatever it is, is one record's value, byte for
 * byte; {@code application/x-ndjson} is handed to {@link NdjsonProduce}.
 */
public final class RawProduceRoute implements Route {

    private static final String RECORD_HEADER = "record-header-";
    private static final int TOPIC_SEGMENT = 2;
    private static final int PARTITION_SEGMENT = 4;

    private final BodyReader bodies;
    private final TopicDirectory directory;
    private final ProduceBatcher batcher;
    private final NdjsonProduce ndjson;
    private final IdentifiedProduce identified;
    private final WriteManners manners;
    private final boolean ofPartition;

    /**
     * A route.
     *
     * @param ofPartition whether the path names the partition
     */
    public RawProduceRoute(
            BodyReader bodies,
            TopicDirectory directory,
            ProduceBatcher batcher,
            NdjsonProduce ndjson,
            IdentifiedProduce identified,
            WriteManners manners,
            boolean ofPartition) {
        this.bodies = bodies;
        this.directory = directory;
        this.batcher = batcher;
        this.ndjson = ndjson;
        this.identified = identified;
        this.manners = manners;
        this.ofPartition = ofPartition;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.isWrite();
        HttpServletRequest request = exchange.request();
        Query query = exchange.query();
        Acks acks = Acks.parse(query.text("acks"));
        int partition = ofPartition ? PathPartition.of(exchange, PARTITION_SEGMENT) : RecordInput.ANY_PARTITION;
        String type = request.getContentType();
        if (type != null && MediaTypes.essence(type).equals(MediaTypes.NDJSON)) {
            query.allow("acks");
            ndjson.handle(exchange, exchange.segment(TOPIC_SEGMENT), acks, partition);
            return;
        }
        if (ofPartition) {
            query.allow("key", "timestamp", "acks", "timeout", "tombstone", "async");
        } else {
            query.allow("key", "partition", "timestamp", "acks", "timeout", "tombstone", "async");
            partition = (int) query.number("partition", RecordInput.ANY_PARTITION, 0, Integer.MAX_VALUE);
        }
        RecordInput record = new RecordInput();
        record.partition(partition);
        record.timestamp(Timestamps.parameter(query, "timestamp", System.currentTimeMillis()));
        byte[] key = query.bytes("key");
        if (key != null) {
            record.key(key, 0, key.length);
        }
        boolean mayBeIdentified = headers(request, record);
        TraceHeaders trace = manners.trace(request);
        if (trace != null) {
            trace.addTo(record);
        }
        boolean tombstone = query.flag("tombstone");
        boolean async = query.flag("async");
        IdentifiedProduce.@Nullable Identified who =
                mayBeIdentified ? IdentifiedProduce.of(request, exchange.segment(TOPIC_SEGMENT), acks, async) : null;
        manners.limitTime(exchange);
        bodies.read(exchange, (bytes, length) -> {
            if (tombstone && length > 0) {
                throw Problem.of(ProblemKind.BAD_BODY, "tombstone=true stands for no value, but there is a body")
                        .exception();
            }
            record.value(bytes, 0, tombstone ? RecordInput.NULL : length);
            produce(exchange, topic -> {
                if (who != null) {
                    identified.produce(exchange, topic, record, who);
                } else {
                    append(exchange, topic, record, acks, async);
                }
            });
        });
    }

    /** One walk over the headers. True when some may say who writes, or on what condition. */
    private static boolean headers(HttpServletRequest request, RecordInput record) {
        boolean identified = false;
        Enumeration<String> names = request.getHeaderNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement();
            char first = name.charAt(0);
            if ((first == 'r' || first == 'R')
                    && name.regionMatches(true, 0, RECORD_HEADER, 0, RECORD_HEADER.length())) {
                String key = name.substring(RECORD_HEADER.length()).toLowerCase(Locale.ROOT);
                if (key.isEmpty()) {
                    throw Problem.of(ProblemKind.BAD_PARAMETER, "Record-Header- is not followed by a name")
                            .exception();
                }
                Enumeration<String> values = request.getHeaders(name);
                while (values.hasMoreElements()) {
                    // The container has read bytes as Latin-1; this gives the bytes back, whatever they encode.
                    record.headers().add(utf8(key), values.nextElement().getBytes(StandardCharsets.ISO_8859_1));
                }
            } else if (first == 'i' || first == 'I' || first == 'p' || first == 'P') {
                identified = true;
            }
        }
        return identified;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void produce(Exchange exchange, Consumer<TopicState> write) {
        String name = exchange.segment(TOPIC_SEGMENT);
        TopicState topic = directory.known(name);
        exchange.suspend();
        if (topic != null) {
            write.accept(topic);
            return;
        }
        directory.find(name).whenComplete((found, error) -> {
            if (error != null) {
                exchange.fail(error);
                return;
            }
            try {
                write.accept(found);
            } catch (RuntimeException e) {
                exchange.fail(e);
            }
        });
    }

    private void append(Exchange exchange, TopicState topic, RecordInput record, Acks acks, boolean async) {
        int partition = batcher.place(topic, record);
        if (partition < 0) {
            exchange.fail(ProduceBatcher.noSuchPartition(topic, record.partition()));
            return;
        }
        RecordOutcome outcome =
                async ? Unwatched.INSTANCE : new SingleRecord(exchange, topic.name(), record.timestamp());
        if (!batcher.append(topic, partition, acks, record, outcome, 0)) {
            exchange.fail(ProduceBatcher.full());
        } else if (async) {
            JsonOut body = new JsonOut(128);
            body.ascii("{\"topic\":\"")
                    .ascii(topic.name())
                    .ascii("\",\"partition\":")
                    .number(partition);
            body.ascii(",\"outcome\":\"").ascii(Outcome.UNKNOWN.text()).ascii("\"}\n");
            exchange.answer(202, MediaTypes.JSON, body);
        }
    }

    /** Nobody waits for it. */
    private enum Unwatched implements RecordOutcome {
        INSTANCE;

        @Override
        public void written(int tag, int partition, long offset, long timestamp) {
            // nobody asked
        }

        @Override
        public void failed(int tag, Problem problem) {
            // nothing was promised
        }
    }
}
