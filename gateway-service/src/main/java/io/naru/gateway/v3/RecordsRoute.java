package io.naru.gateway.v3;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.JsonScanner;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Route;
import io.naru.gateway.produce.Acks;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.RecordInput;
import io.naru.gateway.produce.TopicDirectory;
import io.naru.gateway.produce.TopicState;
import io.naru.gateway.produce.TraceHeaders;
import io.naru.gateway.produce.WriteManners;
import io.naru.gateway.topic.JsonProblems;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.UnknownTopicException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v3/clusters/{c}/topics/{t}/records}: records one after the other in a body, a report for each in the answer, in order; and
 * {@code …/records:batch}. A body is read whole, up to the limit on bodies, and its records share batches with everybody's.
 */
public final class RecordsRoute implements Route {

    private static final int CLUSTER_SEGMENT = 2;
    private static final int TOPIC_SEGMENT = 4;
    private static final Pattern ID = Pattern.compile("[0-9a-zA-Z_-]{1,80}");
    private static final int NO_SUCH_TOPIC = 40403;
    private static final int EMPTY = 42206;
    private static final int BAD_BATCH = 42208;

    private final BodyReader bodies;
    private final MetadataCache metadata;
    private final TopicDirectory directory;
    private final ProduceBatcher batcher;
    private final WriteManners manners;
    private final LimitsProperties limits;
    private final boolean batch;

    /**
     * A route.
     *
     * @param batch whether the body is one object with entries
     */
    public RecordsRoute(
            BodyReader bodies,
            MetadataCache metadata,
            TopicDirectory directory,
            ProduceBatcher batcher,
            WriteManners manners,
            LimitsProperties limits,
            boolean batch) {
        this.bodies = bodies;
        this.metadata = metadata;
        this.directory = directory;
        this.batcher = batcher;
        this.manners = manners;
        this.limits = limits;
        this.batch = batch;
    }

    /** A request that has been read. */
    private record Call(
            Exchange exchange, Acks acks, List<@Nullable ParsedRecord> records, List<@Nullable Problem> problems) {}

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
        String asked = exchange.segment(CLUSTER_SEGMENT);
        if (!asked.equals(metadata.clusterId().orElse(asked))) {
            throw Problem.of(
                            ProblemKind.NO_SUCH_PATH,
                            "there is no cluster " + asked + " here; this is "
                                    + metadata.clusterId().orElse(""))
                    .exception();
        }
        manners.limitTime(exchange);
        bodies.read(exchange, (bytes, length) -> {
            exchange.suspend();
            Call call = new Call(exchange, acks, new ArrayList<>(), new ArrayList<>());
            String wrong = batch ? entries(bytes, length, call) : concatenated(bytes, length, call);
            if (wrong != null) {
                answer(exchange, 422, BAD_BATCH, "Produce batch error. " + wrong);
            } else if (call.records().isEmpty()) {
                answer(exchange, 422, EMPTY, "Payload error. Request body is empty. Data is required.");
            } else {
                find(call);
            }
        });
    }

    private static void answer(Exchange exchange, int status, int code, String message) {
        JsonOut body = new JsonOut(160).ascii("{\"error_code\":").number(code);
        exchange.answer(
                status,
                MediaTypes.JSON,
                body.ascii(",\"message\":").string(message).ascii("}\n"));
    }

    private static void add(Call call, @Nullable ParsedRecord record, @Nullable Problem problem) {
        call.records().add(record);
        call.problems().add(problem);
    }

    /** What is no JSON ends the request there; what is JSON and no record is reported and passed over. */
    private @Nullable String concatenated(byte[] bytes, int length, Call call) {
        JsonScanner scanner = new JsonScanner(limits.jsonDepth());
        int at = scanner.space(bytes, 0, length);
        while (at < length) {
            requireRoom(call);
            int end = scanner.value(bytes, at, length);
            if (end < 0) {
                add(
                        call,
                        null,
                        Problem.of(
                                ProblemKind.BAD_BODY,
                                "not JSON at byte " + (scanner.failedAt() + 1) + ": " + scanner.reason()
                                        + "; nothing from here on was read"));
                return null;
            }
            try {
                add(call, ParsedRecord.parse(bytes, at, end, limits.jsonDepth(), false, ""), null);
            } catch (ProblemException wrong) {
                add(call, null, wrong.problem());
            }
            at = scanner.space(bytes, end, length);
        }
        return null;
    }

    private void requireRoom(Call call) {
        if (call.records().size() == limits.recordsPerRequest()) {
            throw Problem.of(
                            ProblemKind.TOO_MANY_RECORDS,
                            "the body has more than " + limits.recordsPerRequest()
                                    + " records (naru.gateway.limits.records-per-request); send several")
                    .exception();
        }
    }

    /** What is wrong with the batch as a whole, or null. */
    private @Nullable String entries(byte[] bytes, int length, Call call) {
        JsonObjectWalker body = new JsonObjectWalker(limits.jsonDepth());
        Set<String> ids = new HashSet<>();
        boolean found = false;
        try {
            body.begin(bytes, 0, length);
            while (body.next()) {
                if (found || !body.nameIs("entries") || !body.isArray()) {
                    throw JsonProblems.field(JsonProblems.step(body.nameText()), "a batch has one array of entries");
                }
                found = true;
                JsonObjectWalker all = new JsonObjectWalker(limits.jsonDepth());
                all.beginArray(bytes, body.valueStart(), body.valueEnd());
                while (all.next()) {
                    requireRoom(call);
                    String pointer = "/entries/" + call.records().size();
                    ParsedRecord record = ParsedRecord.parse(
                            bytes, all.valueStart(), all.valueEnd(), limits.jsonDepth(), true, pointer);
                    if (record.id == null || !ID.matcher(record.id).matches()) {
                        return "At " + pointer + "/id: expected 1 to 80 of the characters 0-9, a-z, A-Z, - and _.";
                    }
                    if (!ids.add(record.id)) {
                        return "At " + pointer + "/id: the id is not distinct.";
                    }
                    add(call, record, null);
                }
            }
            body.expectNothingAfter();
        } catch (JsonSyntaxException wrong) {
            throw JsonProblems.body(wrong);
        }
        return call.records().isEmpty() ? "There are no entries." : null;
    }

    private void find(Call call) {
        directory.find(call.exchange().segment(TOPIC_SEGMENT)).whenComplete((topic, error) -> {
            try {
                if (error == null) {
                    append(call, topic);
                    return;
                }
                Throwable cause = error.getCause() == null ? error : error.getCause();
                if (cause instanceof UnknownTopicException) {
                    answer(call.exchange(), 404, NO_SUCH_TOPIC, "This server does not host this topic-partition.");
                } else {
                    call.exchange().fail(error);
                }
            } catch (RuntimeException mistake) {
                call.exchange().fail(mistake);
            }
        });
    }

    private void append(Call call, TopicState topic) {
        Reports reports =
                new Reports(call.exchange(), metadata.clusterId().orElse(""), topic.name(), call.records(), batch);
        TraceHeaders trace = manners.trace(call.exchange().request());
        long now = System.currentTimeMillis();
        RecordInput input = new RecordInput();
        for (int i = 0; i < call.records().size(); i++) {
            ParsedRecord record = call.records().get(i);
            Problem problem = call.problems().get(i);
            if (record == null) {
                reports.failed(i, problem == null ? Problem.of(ProblemKind.INTERNAL, "not read") : problem);
                continue;
            }
            record.read(input, now);
            if (trace != null) {
                trace.addTo(input);
            }
            int to = batcher.place(topic, input);
            if (to < 0) {
                reports.failed(i, ProduceBatcher.noSuchPartition(topic, input.partition()));
            } else if (!batcher.append(topic, to, call.acks(), input, reports, i)) {
                reports.failed(i, ProduceBatcher.full());
            }
        }
    }
}
