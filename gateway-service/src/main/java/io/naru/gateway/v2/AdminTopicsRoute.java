package io.naru.gateway.v2;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Exchange;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.MediaTypes;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Route;
import io.naru.gateway.topic.JsonProblems;
import io.naru.gateway.topic.TopicCalls;
import io.naru.gateway.topic.TopicSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** Strimzi's {@code POST /admin/topics}: {@code {"topic_name","partitions_count"?,"replication_factor"?}}; 201 and {@code {}}. */
public final class AdminTopicsRoute implements Route {

    private final BodyReader bodies;
    private final TopicCalls calls;
    private final int jsonDepth;

    /** A route over these calls. */
    public AdminTopicsRoute(BodyReader bodies, TopicCalls calls, int jsonDepth) {
        this.bodies = bodies;
        this.calls = calls;
        this.jsonDepth = jsonDepth;
    }

    /** What is asked for. */
    private record Wanted(String name, TopicSpec spec) {}

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.isWrite();
        exchange.query().allow();
        String answerType = AnswerType.of(exchange.request());
        String type = MediaTypes.essence(exchange.request().getContentType());
        if (!AnswerType.isTaken(type)) {
            throw Problem.of(
                            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                            "send Content-Type: application/vnd.kafka.v2+json or application/json")
                    .exception();
        }
        MediaTypes.requireUtf8(exchange.request());
        bodies.read(exchange, (bytes, length) -> {
            Wanted wanted = parse(bytes, length);
            exchange.suspend();
            calls.create(wanted.name(), wanted.spec())
                    .thenAccept(result -> {
                        Errors error = Errors.forCode(result.errorCode());
                        if (error != Errors.NONE) {
                            throw KafkaProblems.of(error, result.errorMessage()).exception();
                        }
                        exchange.answer(201, answerType, new JsonOut(2).ascii("{}"));
                    })
                    .exceptionally(error -> {
                        exchange.fail(error);
                        return null;
                    });
        });
    }

    private Wanted parse(byte[] bytes, int length) {
        JsonObjectWalker body = new JsonObjectWalker(jsonDepth);
        Set<String> seen = new HashSet<>();
        String name = null;
        int partitions = TopicSpec.CLUSTER_DEFAULT;
        short replicas = TopicSpec.CLUSTER_DEFAULT;
        try {
            body.begin(bytes, 0, length);
            while (body.next()) {
                String field = body.nameText();
                if (!seen.add(field)) {
                    throw wrong(field, "the field is given twice");
                }
                switch (field) {
                    case "topic_name" -> {
                        if (!body.isString()) {
                            throw wrong(field, "expected a string");
                        }
                        name = new String(body.stringBytes(), StandardCharsets.UTF_8);
                    }
                    case "partitions_count" -> partitions = (int) number(body, field, Integer.MAX_VALUE);
                    case "replication_factor" -> replicas = (short) number(body, field, Short.MAX_VALUE);
                    default ->
                        throw wrong(field, "unknown field; there are topic_name, partitions_count, replication_factor");
                }
            }
            body.expectNothingAfter();
        } catch (JsonSyntaxException bad) {
            throw JsonProblems.body(bad);
        }
        if (name == null) {
            throw wrong("topic_name", "the field is missing");
        }
        if (!Topic.isValid(name)) {
            throw KafkaProblems.of(Errors.INVALID_TOPIC_EXCEPTION, null).exception();
        }
        return new Wanted(name, new TopicSpec(partitions, replicas, Map.of()));
    }

    private static long number(JsonObjectWalker body, String field, long max) {
        if (body.isNull()) {
            return TopicSpec.CLUSTER_DEFAULT;
        }
        try {
            return body.wholeNumber(1, max);
        } catch (JsonSyntaxException bad) {
            throw bad.isMalformed() ? JsonProblems.body(bad) : wrong(field, String.valueOf(bad.getMessage()));
        }
    }

    private static ProblemException wrong(String field, String why) {
        return ProduceShape.STRIMZI.wrong(JsonProblems.step(field), why);
    }
}
