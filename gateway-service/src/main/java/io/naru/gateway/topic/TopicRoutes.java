package io.naru.gateway.topic;

import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Router;
import io.naru.gateway.produce.TopicDirectory;
import io.naru.gateway.produce.TopicState;
import io.naru.protocol.client.OutcomeUnknownException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** {@code PUT}, {@code GET} and {@code DELETE /v1/topics/{t}}, {@code GET /v1/topics}. */
public final class TopicRoutes {

    private static final int TOPIC_SEGMENT = 2;
    private static final long GONE_WAIT_MS = 2_000;

    private final BodyReader bodies;
    private final TopicCalls calls;
    private final TopicDirectory directory;
    private final TopicCreation creation;
    private final LimitsProperties limits;

    /** Routes that read bodies with {@code bodies} and tell {@code directory} of what they change. */
    public TopicRoutes(BodyReader bodies, TopicCalls calls, TopicDirectory directory, LimitsProperties limits) {
        this.bodies = bodies;
        this.calls = calls;
        this.directory = directory;
        this.creation = new TopicCreation(calls);
        this.limits = limits;
    }

    /** Adds them. */
    public void addTo(Router router) {
        router.add("GET", "/v1/topics", this::list)
                .add("GET", "/v1/topics/*", this::get)
                .add("PUT", "/v1/topics/*", this::put)
                .add("DELETE", "/v1/topics/*", this::delete);
    }

    /**
     * The topic that a segment of the path names.
     *
     * @throws io.naru.gateway.http.ProblemException 422 when no topic can have that name
     */
    public static String name(Exchange exchange, int segment) {
        String name = exchange.segment(segment);
        if (!Topic.isValid(name)) {
            throw KafkaProblems.of(Errors.INVALID_TOPIC_EXCEPTION, null).exception();
        }
        return name;
    }

    private void list(Exchange exchange) {
        boolean internal = exchange.query().allow("internal").flag("internal");
        MediaTypes.choose(exchange.request(), java.util.List.of(MediaTypes.JSON));
        exchange.suspend();
        calls.list()
                .thenAccept(topics -> exchange.answer(
                        200,
                        MediaTypes.JSON,
                        TopicJson.list(topics.stream()
                                .filter(t -> internal || !t.internal())
                                .toList())))
                .exceptionally(error -> {
                    exchange.fail(error);
                    return null;
                });
    }

    private void get(Exchange exchange) {
        exchange.query().allow();
        MediaTypes.choose(exchange.request(), java.util.List.of(MediaTypes.JSON));
        String name = name(exchange, TOPIC_SEGMENT);
        exchange.suspend();
        calls.describeWithOffsets(name)
                .thenAccept(
                        found -> exchange.answer(200, MediaTypes.JSON, TopicJson.one(found.topic(), found.offsets())))
                .exceptionally(error -> {
                    exchange.fail(error);
                    return null;
                });
    }

    private void put(Exchange exchange) throws IOException {
        exchange.query().allow();
        String name = name(exchange, TOPIC_SEGMENT);
        MediaTypes.requireUtf8(exchange.request());
        bodies.read(exchange, (bytes, length) -> {
            TopicSpec spec = new TopicSpecParser(limits.jsonDepth()).parse(bytes, length);
            exchange.suspend();
            creation.ensure(name, spec)
                    .thenAccept(ensured -> {
                        refresh(name);
                        exchange.header("Location", "/v1/topics/" + name);
                        exchange.answer(
                                ensured.created() ? 201 : 200,
                                MediaTypes.JSON,
                                TopicJson.one(ensured.topic(), ensured.offsets()));
                    })
                    .exceptionally(error -> {
                        exchange.fail(ofChange(error));
                        return null;
                    });
        });
    }

    private void delete(Exchange exchange) {
        exchange.query().allow();
        String name = name(exchange, TOPIC_SEGMENT);
        exchange.suspend();
        calls.delete(name)
                // Brokers hear of it one after the other; who asks next should not find it again.
                .thenCompose(done -> calls.await(name, GONE_WAIT_MS, (topic, error) -> topic == null))
                .thenAccept(gone -> {
                    refresh(name);
                    exchange.answer(204);
                })
                .exceptionally(error -> {
                    exchange.fail(ofChange(error));
                    return null;
                });
    }

    private void refresh(String name) {
        TopicState written = directory.known(name);
        if (written != null) {
            directory.refresh(written);
        }
    }

    /** What a failed change means; only an answer that was lost leaves it open whether it happened. */
    private static Problem ofChange(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        Problem problem = KafkaProblems.of(cause);
        boolean open = cause instanceof OutcomeUnknownException
                || cause instanceof org.apache.kafka.common.errors.TimeoutException
                || problem.kind() == ProblemKind.INTERNAL
                || problem.kind() == ProblemKind.KAFKA_ERROR;
        return problem.withOutcome(open ? Outcome.UNKNOWN : Outcome.NOT_WRITTEN);
    }
}
