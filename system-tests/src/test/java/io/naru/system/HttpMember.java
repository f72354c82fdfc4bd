package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A group member over HTTP: {@code POST /v1/groups/{g}/poll}, cursor in, cursor out. */
final class HttpMember {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Http http;
    private final String group;
    private final String topic;
    private final Duration sessionTimeout;
    private @Nullable String member;
    private @Nullable String cursor;
    private Set<String> lastValues = Set.of();

    HttpMember(NaruCluster naru, String group, String topic, Duration sessionTimeout) {
        this.http = new Http(naru.gatewayUrl());
        this.group = group;
        this.topic = topic;
        this.sessionTimeout = sessionTimeout;
    }

    /** Reads on without acknowledging anything. */
    Set<String> poll(int recordsMax) throws IOException {
        return read(send(request(recordsMax)));
    }

    /** Acknowledges what the last poll returned, and reads on. */
    Set<String> ackAndPoll(int recordsMax) throws IOException {
        ObjectNode request = request(recordsMax);
        if (cursor != null) {
            request.put("ack", cursor);
        }
        return read(send(request));
    }

    /** Acknowledges what the last poll returned. */
    void ack() throws IOException {
        ObjectNode request = JSON.createObjectNode();
        request.put("cursor", cursor);
        Http.Answer answer =
                http.post("/v1/groups/" + group + "/ack", request.toString(), "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 204);
    }

    /** A poll that may be refused. */
    Http.Answer tryPoll() throws IOException {
        return send(request(1));
    }

    /** The values that the last poll returned. */
    Set<String> lastValues() {
        return lastValues;
    }

    private ObjectNode request(int recordsMax) {
        ObjectNode request = JSON.createObjectNode();
        request.putArray("topics").add(topic);
        if (member != null) {
            request.put("member", member);
        }
        if (cursor != null) {
            request.put("cursor", cursor);
        }
        request.put("from", "earliest");
        request.put("max_records", recordsMax);
        request.put("wait_ms", 1_000);
        request.put("session_timeout_ms", sessionTimeout.toMillis());
        return request;
    }

    private Http.Answer send(ObjectNode request) throws IOException {
        return http.post("/v1/groups/" + group + "/poll", request.toString(), "Content-Type", "application/json");
    }

    private Set<String> read(Http.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        JsonNode body = answer.json();
        member = body.required("member").asString();
        cursor = body.required("cursor").asString();
        Set<String> values = new TreeSet<>();
        body.required("records")
                .forEach(record -> values.add(record.required("value").asString()));
        lastValues = values;
        return values;
    }
}
