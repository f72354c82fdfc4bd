package io.naru.gateway.v3;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Route;
import io.naru.gateway.produce.Acks;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.RecordInput;
import io.naru.gateway.produce.TopicState;
import io.naru.gateway.produce.TraceHeaders;
import io.naru.gateway.produce.WriteServices;
import io.naru.gateway.topic.JsonProblems;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.UnknownTopicException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v3/clusters/{c}/topics/{t}/records}: records one after the other in a body, a report for each in the answer, in order, as it
 * becomes known ({@link V3Stream}); and {@code …/records:batch}, which is read whole. Records share batches with everybody's.
 */
public final class RecordsRoute implements Route {

    private static final int CLUSTER_SEGMENT = 2;
    private static final int TOPIC_SEGMENT = 4;
    private static final Pattern ID = Pattern.compile("[0-9a-zA-Z_-]{1,80}");
    private static final int NO_SUCH_TOPIC = 40403;
    private static final int EMPTY = 42206;
    private static final int WHOLE_BYTES_MAX = 256 * 1024;
    private static final int BAD_BATCH = 42208;

    private final WriteServices services;
    private final MetadataCache metadata;
    private final boolean batch;

    /**
     * A route.
     *
     * @param batch whether the body is one object with entries
     */
    public RecordsRoute(WriteServices services, MetadataCache metadata, boolean batch) {
        this.services = services;
        this.metadata = metadata;
        this.batch = batch;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.isWrite();
        Acks acks = Acks.parse(exchange.query().allow("acks", "timeout").text("acks"));
        String type = MediaTypes.essence(exchange.request().getContentType());
        if (!type.equals(MediaTypes.JSON)) {
            throw Problem.of(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "send Content-Type: application/json")
                    .exception();
        }
        MediaTypes.requireUtf8(exchange.request());
        BodyReader.refuseEncodings(exchange.request());
        String asked = exchange.segment(CLUSTER_SEGMENT);
        if (!asked.equals(metadata.clusterId().orElse(asked))) {
            throw Problem.of(
                            ProblemKind.NO_SUCH_PATH,
                            "there is no cluster " + asked + " here; this is "
                                    + metadata.clusterId().orElse(""))
                    .exception();
        }
        if (batch) {
            services.manners().limitTime(exchange);
            services.bodies().read(exchange, (bytes, length) -> batch(exchange, acks, bytes, length));
        } else {
            stream(exchange, acks);
        }
    }

    private void stream(Exchange exchange, Acks acks) throws IOException {
        TopicState topic = services.directory().known(exchange.segment(TOPIC_SEGMENT));
        if (topic != null) {
            stream(exchange, acks, topic);
            return;
        }
        exchange.suspend();
        find(exchange, services.workers(), found -> stream(exchange, acks, found));
    }

    private void stream(Exchange exchange, Acks acks, TopicState topic) throws IOException {
        V3Stream stream = new V3Stream(exchange, topic, metadata.clusterId().orElse(""), acks, services);
        long length = exchange.request().getContentLengthLong();
        boolean bodiless = length < 0 && exchange.request().getHeader("Transfer-Encoding") == null;
        if (bodiless || (length >= 0 && length <= WHOLE_BYTES_MAX)) {
            services.bodies().read(exchange, stream::whole);
        } else {
            exchange.suspend();
            stream.begin();
        }
    }

    private static void answer(Exchange exchange, int status, int code, String message) {
        exchange.answer(status, MediaTypes.JSON, error(code, message));
    }

    private static JsonOut error(int code, String message) {
        return new JsonOut(160)
                .ascii("{\"error_code\":")
                .number(code)
                .ascii(",\"message\":")
                .string(message)
                .ascii("}\n");
    }

    /** What is said to a body in which there is nothing. */
    static JsonOut emptyBody() {
        return error(EMPTY, "Payload error. Request body is empty. Data is required.");
    }

    private void batch(Exchange exchange, Acks acks, byte[] bytes, int length) {
        exchange.suspend();
        if (length == 0) {
            exchange.answer(422, MediaTypes.JSON, emptyBody());
            return;
        }
        List<ParsedRecord> records = new ArrayList<>();
        String wrong = entries(bytes, length, records);
        if (wrong != null) {
            answer(exchange, 422, BAD_BATCH, "Produce batch error. " + wrong);
        } else {
            find(exchange, Runnable::run, topic -> append(exchange, acks, records, topic));
        }
    }

    /** What is wrong with the batch as a whole, or null. */
    private @Nullable String entries(byte[] bytes, int length, List<ParsedRecord> records) {
        JsonObjectWalker body = new JsonObjectWalker(services.limits().jsonDepth());
        Set<String> ids = new HashSet<>();
        boolean found = false;
        try {
            body.begin(bytes, 0, length);
            while (body.next()) {
                if (found || !body.nameIs("entries") || !body.isArray()) {
                    throw JsonProblems.field(JsonProblems.step(body.nameText()), "a batch has one array of entries");
                }
                found = true;
                JsonObjectWalker all = new JsonObjectWalker(services.limits().jsonDepth());
                all.beginArray(bytes, body.valueStart(), body.valueEnd());
                while (all.next()) {
                    int most = services.limits().batchEntries();
                    if (records.size() == most) {
                        return "There are more than " + most + " entries (naru.gateway.limits.batch-entries).";
                    }
                    String pointer = "/entries/" + records.size();
                    ParsedRecord record = ParsedRecord.parse(
                            bytes,
                            all.valueStart(),
                            all.valueEnd(),
                            services.limits().jsonDepth(),
                            true,
                            pointer);
                    if (record.id == null || !ID.matcher(record.id).matches()) {
                        return "At " + pointer + "/id: expected 1 to 80 of the characters 0-9, a-z, A-Z, - and _.";
                    }
                    if (!ids.add(record.id)) {
                        return "At " + pointer + "/id: the id is not distinct.";
                    }
                    records.add(record);
                }
            }
            body.expectNothingAfter();
        } catch (JsonSyntaxException wrong) {
            throw JsonProblems.body(wrong);
        }
        return records.isEmpty() ? "There are no entries." : null;
    }

    /** What is done with a topic that was found. */
    private interface Found {
        void with(TopicState topic) throws IOException;
    }

    private void find(Exchange exchange, Executor on, Found found) {
        services.directory()
                .find(exchange.segment(TOPIC_SEGMENT))
                .whenCompleteAsync(
                        (topic, error) -> {
                            try {
                                if (error == null) {
                                    found.with(topic);
                                } else if ((error.getCause() == null ? error : error.getCause())
                                        instanceof UnknownTopicException) {
                                    answer(
                                            exchange,
                                            404,
                                            NO_SUCH_TOPIC,
                                            "This server does not host this topic-partition.");
                                } else {
                                    exchange.fail(error);
                                }
                            } catch (IOException | RuntimeException mistake) {
                                exchange.fail(mistake);
                            }
                        },
                        on);
    }

    private void append(Exchange exchange, Acks acks, List<ParsedRecord> records, TopicState topic) {
        TraceHeaders trace = services.manners().trace(exchange.request());
        long now = System.currentTimeMillis();
        records.forEach(record -> record.timeFrom(now));
        BatchReports reports = new BatchReports(exchange, metadata.clusterId().orElse(""), topic.name(), records);
        RecordInput input = new RecordInput();
        for (int i = 0; i < records.size(); i++) {
            records.get(i).read(input, now);
            if (trace != null) {
                trace.addTo(input);
            }
            int to = services.batcher().place(topic, input);
            if (to < 0) {
                reports.failed(i, ProduceBatcher.noSuchPartition(topic, input.partition()));
            } else if (!services.batcher().append(topic, to, acks, input, reports, i)) {
                reports.failed(i, ProduceBatcher.full());
            }
        }
    }
}
