package io.naru.gateway.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.FakeBroker.Mischief;
import io.naru.gateway.fake.RunningGateway;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Records that must not be written twice, through two gateways in front of one cluster. */
class IdentifiedProduceIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static FakeBroker broker;
    private static RunningGateway one;
    private static RunningGateway other;

    private String topic;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("warm", 1);
        one = RunningGateway.start(
                broker.bootstrap(),
                "--naru.gateway.produce.trace=true",
                "--naru.gateway.produce.retry-for=700ms",
                "--naru.gateway.produce.delivery-timeout=1300ms");
        other = RunningGateway.start(broker.bootstrap());
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        broker.close();
    }

    @BeforeEach
    void freshTopic() {
        topic = "t" + System.nanoTime();
        broker.topic(topic, 3);
        broker.clearMischief();
    }

    private String records() {
        return "/v1/topics/" + topic + "/records";
    }

    private long written() {
        long all = 0;
        for (int p = 0; p < 3; p++) {
            all += broker.log(topic, p).end();
        }
        return all;
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    @Test
    void repetitionIsAnsweredAsTheFirstByAnyGateway() throws InterruptedException {
        HttpResponse<String> first = one.post(records(), "once", "Idempotency-Key", "order-1");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        long begun = System.currentTimeMillis();
        while (System.currentTimeMillis() == begun) {
            Thread.onSpinWait();
        }
        for (RunningGateway gateway : List.of(one, other)) {
            HttpResponse<String> again = gateway.post(records(), "once", "Idempotency-Key", "order-1");
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.headers().firstValue("Location"))
                    .isEqualTo(first.headers().firstValue("Location"));
            assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        }
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void keysOfDifferentTopicsAndDifferentKeysAreDifferent() {
        assertThat(one.post(records(), "a", "Idempotency-Key", "1").statusCode())
                .isEqualTo(201);
        assertThat(one.post(records(), "a", "Idempotency-Key", "2").statusCode())
                .isEqualTo(201);
        assertThat(one.post("/v1/topics/warm/records", "a", "Idempotency-Key", topic)
                        .statusCode())
                .isEqualTo(201);
        assertThat(one.post(records(), "a", "Idempotency-Key", topic).statusCode())
                .isEqualTo(201);
        assertThat(written()).isEqualTo(3);
    }

    @Test
    void keyUsedForAnotherRecordIsRefusedAndNothingIsWritten() {
        one.post(records(), "a", "Idempotency-Key", "k");
        HttpResponse<String> answer = other.post(records(), "b", "Idempotency-Key", "k");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).get("code").asInt()).isEqualTo(42205);
        assertThat(json(answer).get("outcome").asString()).isEqualTo("not_written");
        assertThat(json(answer).get("offset").asLong()).isZero();
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void concurrentRepetitionsHaveOneEffect() {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RunningGateway gateway = i % 2 == 0 ? one : other;
            all.add(CompletableFuture.supplyAsync(() -> gateway.post(records(), "once", "Idempotency-Key", "k")));
        }
        List<String> bodies = all.stream().map(f -> f.join().body()).distinct().toList();
        assertThat(bodies).hasSize(1);
        assertThat(written()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"LOSE_ANSWER", "LOSE_REQUEST", "NOT_LEADER", "TIMED_OUT"})
    void faultsOnTheWayAreRetriedWithoutWritingTwice(Mischief mischief) {
        broker.next(mischief);
        HttpResponse<String> answer = one.post(records(), "once", "Idempotency-Key", "k");
        assertThat(answer.statusCode()).isIn(200, 201);
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void whatMayHaveBeenWrittenIsSaidToBeUnknownAndARepetitionClearsItUp() {
        for (int i = 0; i < 40; i++) {
            broker.next(Mischief.TIMED_OUT);
        }
        HttpResponse<String> answer = one.post(records(), "once", "Idempotency-Key", "k");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer).get("outcome").asString()).isEqualTo("unknown");
        broker.clearMischief();
        assertThat(other.post(records(), "once", "Idempotency-Key", "k").statusCode())
                .isIn(200, 201);
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void recordKeyOrPartitionPlacesTheRecord() {
        assertThat(json(one.post(records() + "?partition=2", "v", "Idempotency-Key", "k"))
                        .get("partition")
                        .asInt())
                .isEqualTo(2);
        HttpResponse<String> keyed = one.post(records() + "?key=a", "v", "Idempotency-Key", "l");
        assertThat(json(keyed).get("partition").asInt()).isEqualTo(Murmur2.partition(new byte[] {'a'}, 0, 1, 3));
        assertThat(one.post(records() + "?partition=7", "v", "Idempotency-Key", "m")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void producersCountForThemselves() {
        HttpResponse<String> made = one.post("/v1/producers", "");
        assertThat(made.statusCode()).isEqualTo(201);
        String id = json(made).get("producer_id").asString();
        String path = records() + "?partition=1";
        assertThat(send(one, path, "a", id, 0, 0).statusCode()).isEqualTo(201);
        assertThat(send(other, path, "b", id, 0, 1).statusCode()).isEqualTo(201);
        HttpResponse<String> repeated = send(other, path, "b", id, 0, 1);
        assertThat(repeated.statusCode()).isEqualTo(200);
        assertThat(json(repeated).get("offset").asLong()).isEqualTo(1);
        HttpResponse<String> gap = send(other, path, "d", id, 0, 3);
        assertThat(gap.statusCode()).isEqualTo(409);
        assertThat(json(gap).get("code").asInt()).isEqualTo(40904);
        assertThat(json(gap).get("expected_sequence").asInt()).isEqualTo(2);
        assertThat(json(gap).get("outcome").asString()).isEqualTo("not_written");
        assertThat(send(one, path, "c", id, 1, 0).statusCode()).isEqualTo(201);
        HttpResponse<String> fenced = send(other, path, "c", id, 0, 2);
        assertThat(fenced.statusCode()).isEqualTo(403);
        assertThat(json(fenced).get("code").asInt()).isEqualTo(40303);
        assertThat(broker.log(topic, 1).values()).containsExactly("a", "b", "c");
    }

    private static HttpResponse<String> send(
            RunningGateway gateway, String path, String body, String id, int epoch, int sequence) {
        return gateway.post(
                path,
                body,
                "Producer-Id",
                id,
                "Producer-Epoch",
                Integer.toString(epoch),
                "Producer-Seq",
                Integer.toString(sequence));
    }

    @ParameterizedTest
    @CsvSource({
        "Producer-Id,5,'',''",
        "Producer-Id,-5,Producer-Seq,1",
        "Producer-Seq,1,Producer-Epoch,0",
        "Idempotency-Key,a,Producer-Id,1",
        "Idempotency-Key,' ',X-A,1"
    })
    void headersThatDoNotGoTogetherAreRefused(String name, String value, String name2, String value2) {
        HttpResponse<String> answer = name2.isEmpty()
                ? one.post(records() + "?partition=0", "v", name, value)
                : one.post(records() + "?partition=0", "v", name, value, name2, value2);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(written()).isZero();
    }

    @Test
    void whatCannotBeKeptIsNotPromised() {
        assertThat(one.post(records() + "?acks=1", "v", "Idempotency-Key", "k").statusCode())
                .isEqualTo(400);
        assertThat(one.post(records() + "?async=true", "v", "Idempotency-Key", "k")
                        .statusCode())
                .isEqualTo(400);
        assertThat(one.post(records(), "{\"value\":1}", "Idempotency-Key", "k", "Content-Type", "application/x-ndjson")
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(one, records(), "v", "5", 0, 0).statusCode()).isEqualTo(400);
        assertThat(one.post("/v1/transactions", "{}").statusCode()).isEqualTo(501);
        assertThat(written()).isZero();
    }

    @Test
    void timeoutAnswersThatTheOutcomeIsUnknown() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        one.post(records(), "warm");
        broker.holdAnswers(gate);
        try {
            HttpResponse<String> answer = one.post(records() + "?timeout=100", "v");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(json(answer).get("outcome").asString()).isEqualTo("unknown");
        } finally {
            gate.complete(null);
            broker.holdAnswers(CompletableFuture.completedFuture(null));
        }
    }

    @Test
    void traceContextTravelsIntoRecordHeaders() {
        one.post(records() + "?partition=0", "v", "traceparent", TRACE, "tracestate", "a=b");
        one.post(records() + "?partition=0", "v", "traceparent", "00-nonsense");
        one.post(
                "/v1/topics/" + topic + "/partitions/0/records",
                "{\"value\":1}\n{\"value\":2,\"headers\":{\"traceparent\":\"own\"}}",
                "Content-Type",
                "application/x-ndjson",
                "traceparent",
                TRACE);
        other.post(records() + "?partition=0", "v", "traceparent", TRACE);
        List<List<String>> headers = broker.log(topic, 0).records().stream()
                .map(r -> java.util.Arrays.stream(r.headers())
                        .map(IdentifiedProduceIT::text)
                        .toList())
                .toList();
        assertThat(headers)
                .containsExactly(
                        List.of("traceparent=" + TRACE, "tracestate=a=b"),
                        List.of(),
                        List.of("traceparent=" + TRACE),
                        List.of("traceparent=own"),
                        List.of());
    }

    private static String text(Header header) {
        return header.key() + "=" + Utils.utf8(header.value());
    }
}
