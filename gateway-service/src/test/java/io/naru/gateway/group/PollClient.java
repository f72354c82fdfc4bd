package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.RunningGateway;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A client of groups over HTTP. */
final class PollClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RunningGateway gateway;
    private final String group;

    PollClient(RunningGateway gateway, String group) {
        this.gateway = gateway;
        this.group = group;
    }

    /** The body of a poll in the making. */
    static final class Poll {
        private final ObjectNode body = JSON.createObjectNode();

        Poll topics(String... topics) {
            var array = body.putArray("topics");
            List.of(topics).forEach(array::add);
            return this;
        }

        Poll with(String name, String value) {
            body.put(name, value);
            return this;
        }

        Poll with(String name, long value) {
            body.put(name, value);
            return this;
        }

        Poll earliest() {
            return with("from", "earliest");
        }

        Poll records(int max) {
            return with("max_records", max);
        }

        Poll waitMs(long ms) {
            return with("wait_ms", ms);
        }

        Poll cursor(Polled before) {
            return with("cursor", before.cursor());
        }

        Poll ack(Polled before) {
            return with("ack", before.cursor());
        }
    }

    /** What came of a call. */
    record Polled(int status, JsonNode json, HttpResponse<String> raw) {

        static Polled of(HttpResponse<String> raw) {
            return new Polled(
                    raw.statusCode(), raw.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(raw.body()), raw);
        }

        Polled ok() {
            assertThat(status).as(raw.body()).isEqualTo(200);
            return this;
        }

        Polled failed(int code) {
            assertThat(json.path("code").asInt()).as(raw.body()).isEqualTo(code);
            assertThat(status).isEqualTo(code / 100);
            assertThat(json.required("detail").asString()).isNotBlank();
            return this;
        }

        String cursor() {
            return json.required("cursor").asString();
        }

        String member() {
            return json.required("member").asString();
        }

        String state() {
            return json.required("state").asString();
        }

        List<String> values() {
            List<String> values = new ArrayList<>();
            json.required("records").forEach(r -> values.add(r.required("value").asString()));
            return values;
        }

        List<Integer> assignment() {
            return partitions(json.required("assignment"));
        }

        List<Integer> rebalance(String what) {
            return partitions(json.path("rebalance").path(what));
        }

        List<Integer> listed(String what) {
            return partitions(json.path(what));
        }

        private static List<Integer> partitions(JsonNode array) {
            List<Integer> partitions = new ArrayList<>();
            array.forEach(p -> partitions.add(p.required("partition").asInt()));
            return partitions;
        }
    }

    Polled poll(Poll poll) {
        return Polled.of(gateway.post("/v1/groups/" + group + "/poll", poll.body.toString()));
    }

    /** A poll whose answer is waited for elsewhere. */
    CompletableFuture<Polled> later(Poll poll) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri("/v1/groups/" + group + "/poll"))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(poll.body.toString()))
                .build();
        return gateway.http()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(Polled::of);
    }

    Polled raw(String body) {
        return Polled.of(gateway.post("/v1/groups/" + group + "/poll", body));
    }

    Polled ack(String cursor) {
        return Polled.of(gateway.post("/v1/groups/" + group + "/ack", "{\"cursor\":\"" + cursor + "\"}"));
    }

    Polled leave(String member) {
        return Polled.of(gateway.method("DELETE", "/v1/groups/" + group + "/members/" + member, ""));
    }
}
