package io.naru.gateway.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.FakeBroker.Mischief;
import io.naru.gateway.fake.RunningGateway;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Records that are appended only if their partition still ends where their writer thinks, through two gateways. */
class IfMatchIT {

    private static final JsonMapper JSON = new JsonMapper();

    private static FakeBroker broker;
    private static RunningGateway one;
    private static RunningGateway other;

    private String topic;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("warm", 1);
        one = RunningGateway.start(broker.bootstrap());
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
        broker.topic(topic, 2);
        broker.clearMischief();
    }

    private String records() {
        return "/v1/topics/" + topic + "/partitions/1/records";
    }

    private static String quoted(long end) {
        return "\"" + end + "\"";
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    @Test
    void appendsWhereThePartitionStillEnds() {
        HttpResponse<String> first = one.post(records(), "a", "If-Match", "\"0\"");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(json(first).get("offset").asLong()).isZero();
        HttpResponse<String> second =
                other.post("/v1/topics/" + topic + "/records?partition=1", "b", "if-match", "\"1\"");
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(broker.log(topic, 1).values()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 999_999_999_999_999_999L})
    void otherEndIsRefusedWithTheOneThereIs(long end) {
        one.post(records(), "a");
        HttpResponse<String> answer = one.post(records(), "b", "If-Match", quoted(end));
        assertThat(answer.statusCode()).isEqualTo(412);
        assertThat(json(answer).get("code").asInt()).isEqualTo(41201);
        assertThat(json(answer).get("end_offset").asLong()).isEqualTo(1);
        assertThat(json(answer).get("outcome").asString()).isEqualTo("not_written");
        assertThat(broker.log(topic, 1).values()).containsExactly("a");
    }

    @Test
    void oneOfManyWritersWinsEachOffset() {
        AtomicInteger won = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int w = 0; w < 8; w++) {
                RunningGateway gateway = w % 2 == 0 ? one : other;
                String value = "w" + w;
                all.add(CompletableFuture.runAsync(
                        () -> {
                            for (int end = 0; end < 25; end++) {
                                int status = gateway.post(records(), value, "If-Match", quoted(end))
                                        .statusCode();
                                assertThat(status).isIn(201, 412);
                                (status == 201 ? won : lost).incrementAndGet();
                            }
                        },
                        writers));
            }
            all.forEach(CompletableFuture::join);
        } finally {
            writers.shutdownNow();
        }
        assertThat(broker.log(topic, 1).end()).isEqualTo(won.get());
        assertThat(won.get() + lost.get()).isEqualTo(200);
    }

    @Test
    void lostAnswerIsSaidToBeUnknownAndNotTriedAgain() {
        broker.next(Mischief.LOSE_ANSWER);
        HttpResponse<String> answer = one.post(records(), "a", "If-Match", "\"0\"");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer).get("outcome").asString()).isEqualTo("unknown");
        assertThat(broker.log(topic, 1).values()).containsExactly("a");
    }

    /** A leader that is cut off may say so after it has appended. */
    @Test
    void leaderThatHasMovedLeavesItOpen() {
        broker.next(Mischief.NOT_LEADER);
        HttpResponse<String> answer = one.post(records(), "a", "If-Match", "\"0\"");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer).get("outcome").asString()).isEqualTo("unknown");
        assertThat(one.post(records(), "a", "If-Match", "\"0\"").statusCode()).isEqualTo(201);
    }

    @Test
    void lostAnswerIsFoundAgainWithAnIdempotencyKey() {
        broker.next(Mischief.LOSE_ANSWER);
        HttpResponse<String> answer = one.post(records(), "a", "If-Match", "\"0\"", "Idempotency-Key", topic);
        assertThat(answer.statusCode()).isIn(200, 201);
        HttpResponse<String> again = other.post(records(), "a", "If-Match", "\"0\"", "Idempotency-Key", topic);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(answer.body());
        assertThat(broker.log(topic, 1).values()).containsExactly("a");
    }

    @Test
    void whatIsCertainlyNotWrittenIsTriedAgain() {
        broker.next(Mischief.NOT_ENOUGH_REPLICAS);
        assertThat(one.post(records(), "a", "If-Match", "\"0\"").statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "*", "W/\"0\"", "\"0\", \"1\"", "\"-1\"", "\"01\"", "\"x\"", "\"9223372036854775808\""})
    void whatIsNoOffsetInQuotesIsRefused(String condition) {
        assertThat(one.post(records(), "a", "If-Match", condition).statusCode()).isEqualTo(400);
        assertThat(broker.log(topic, 1).end()).isZero();
    }

    @Test
    void conditionNeedsOnePartitionOneRecordAndAnAnswer() {
        String anywhere = "/v1/topics/" + topic + "/records";
        assertThat(one.post(anywhere, "a", "If-Match", "\"0\"").statusCode()).isEqualTo(400);
        assertThat(one.post(anywhere + "?key=k", "a", "If-Match", "\"0\"").statusCode())
                .isEqualTo(400);
        assertThat(one.post(records() + "?acks=1", "a", "If-Match", "\"0\"").statusCode())
                .isEqualTo(400);
        assertThat(one.post(records() + "?async=true", "a", "If-Match", "\"0\"").statusCode())
                .isEqualTo(400);
        assertThat(one.post(records(), "{\"value\":1}", "If-Match", "\"0\"", "Content-Type", "application/x-ndjson")
                        .statusCode())
                .isEqualTo(400);
        assertThat(broker.log(topic, 1).end()).isZero();
    }

    @Test
    void brokerThatCannotIsNotTrusted() {
        try (FakeBroker kafka = new FakeBroker().genuine().topic(topic, 2).start();
                RunningGateway gateway = RunningGateway.start(kafka.bootstrap())) {
            HttpResponse<String> answer = gateway.post(records(), "a", "If-Match", "\"0\"");
            assertThat(answer.statusCode()).isEqualTo(501);
            assertThat(json(answer).get("outcome").asString()).isEqualTo("not_written");
            assertThat(json(answer).get("detail").asString()).contains("Apache Kafka");
            assertThat(kafka.log(topic, 1).end()).isZero();
        }
    }
}
