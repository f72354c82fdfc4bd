package io.naru.gateway.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.RunningGateway;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of version 2 that sends each call to the next gateway. */
final class ConsumerClient {

    static final String V2 = "application/vnd.kafka.v2+json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<RunningGateway> gateways;
    private final String group;
    private int turn;

    ConsumerClient(String group, RunningGateway... gateways) {
        this.group = group;
        this.gateways = new ArrayList<>(List.of(gateways));
    }

    /** What came of a call. */
    record Answer(int status, String text, String contentType) {

        JsonNode json() {
            return JSON.readTree(text);
        }

        Answer is(int expected) {
            assertThat(status).as(text).isEqualTo(expected);
            return this;
        }

        void failed(int expectedStatus, int code) {
            is(expectedStatus);
            assertThat(json().required("error_code").asInt()).as(text).isEqualTo(code);
            assertThat(json().required("message").asString()).isNotBlank();
        }
    }

    /** From now on this gateway is asked no more. */
    void without(RunningGateway gateway) {
        gateways.remove(gateway);
    }

    private Answer call(String method, String path, String body, String... headers) {
        RunningGateway gateway = gateways.get(turn++ % gateways.size());
        HttpResponse<String> answer = gateway.method(method, "/consumers/" + group + path, body, headers);
        return new Answer(
                answer.statusCode(),
                answer.body(),
                answer.headers().firstValue("Content-Type").orElse(""));
    }

    Answer create(String body, String... headers) {
        return call("POST", "", body, headers);
    }

    Answer post(String instance, String what, String body) {
        return call("POST", "/instances/" + instance + what, body, "Content-Type", V2);
    }

    Answer get(String instance, String what, String... headers) {
        return call("GET", "/instances/" + instance + what, "", headers);
    }

    Answer getWith(String instance, String what, String body) {
        return call("GET", "/instances/" + instance + what, body, "Content-Type", V2);
    }

    Answer delete(String instance, String what) {
        return call("DELETE", "/instances/" + instance + what, "");
    }

    /** Creates an instance of JSON records that reads a topic from its beginning and commits when it is told to. */
    void subscribed(String instance, String topic) {
        create("{\"name\":\"" + instance
                        + "\",\"format\":\"json\",\"auto.offset.reset\":\"earliest\",\"auto.commit.enable\":\"false\"}")
                .is(200);
        post(instance, "/subscription", "{\"topics\":[\"" + topic + "\"]}").is(204);
    }

    List<String> values(String instance) {
        return values(get(instance, "/records?timeout=3000").is(200));
    }

    static List<String> values(Answer answer) {
        List<String> values = new ArrayList<>();
        answer.json().forEach(record -> values.add(record.required("value").asString()));
        return values;
    }

    CompletableFuture<Answer> later(String instance, String what) {
        return CompletableFuture.supplyAsync(() -> get(instance, what));
    }
}
