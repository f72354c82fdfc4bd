package io.naru.gateway.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.gateway.topic.GatewayFixture;
import io.naru.gateway.topic.GatewayFixture.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Records and topics as Strimzi's bridge has them. */
class StrimziIT {

    private static final String JSON = "application/vnd.kafka.json.v2+json";
    private static final String BINARY = "application/vnd.kafka.binary.v2+json";
    private static final String TEXT = "application/vnd.kafka.text.v2+json";
    private static final String V2 = "application/vnd.kafka.v2+json";

    private static GatewayFixture gateway;

    private String topic;

    @BeforeAll
    static void start() {
        gateway = new GatewayFixture("--naru.gateway.v2.dialect=strimzi");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void freshTopic() {
        topic = "t" + System.nanoTime();
        gateway.broker().topic(topic, 2);
    }

    private Answer post(String path, String type, String body) {
        return gateway.post(path, body, "Content-Type", type);
    }

    private static void failed(Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith(V2);
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(status);
        assertThat(answer.json().get("message").asString()).isNotEmpty();
        assertThat(answer.json().has("validation_errors")).isEqualTo(status == 400);
    }

    private List<Record> records(int partition) {
        return gateway.broker().log(topic, partition).records();
    }

    @Test
    void storesHeadersAndTimestampsAndAnswersOffsetsOnly() {
        Answer answer = post("/topics/" + topic, TEXT, """
                {"records":[
                  {"key":"k","value":"\\u00e9 \\"x\\"","partition":1,"timestamp":1700000000000,
                   "headers":[{"key":"a","value":"eA=="},{"key":"n","value":null}]},
                  {"value":null,"partition":1}]}""");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith(V2);
        assertThat(answer.text())
                .isEqualTo("{\"offsets\":[{\"partition\":1,\"offset\":0},{\"partition\":1,\"offset\":1}]}");
        Record first = records(1).get(0);
        assertThat(Utils.utf8(first.value(), first.valueSize())).isEqualTo("é \"x\"");
        assertThat(Utils.utf8(first.key(), first.keySize())).isEqualTo("k");
        assertThat(first.timestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(first.headers()[0].key()).isEqualTo("a");
        assertThat(first.headers()[0].value()).isEqualTo("x".getBytes(StandardCharsets.UTF_8));
        assertThat(first.headers()[1].value()).isNull();
        assertThat(records(1).get(1).hasValue()).isFalse();
        assertThat(records(1).get(1).headers()).isEmpty();
    }

    @Test
    void jsonAndBinaryAreAsInTheOtherDialect() {
        assertThat(post("/topics/" + topic + "/partitions/0", JSON, "{\"records\":[{\"value\":{\"a\": 1}}]}")
                        .text())
                .isEqualTo("{\"offsets\":[{\"partition\":0,\"offset\":0}]}");
        assertThat(post(
                                "/topics/" + topic + "/partitions/0",
                                BINARY,
                                "{\"records\":[{\"value\":\"eA==\",\"headers\":[]}]}")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.broker().log(topic, 0).values()).containsExactly("{\"a\":1}", "x");
    }

    @Test
    void asyncAnswersAtOnceWithNothing() {
        Answer answer =
                post("/topics/" + topic + "?async=true", TEXT, "{\"records\":[{\"value\":\"v\",\"partition\":0}]}");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.text()).isEmpty();
        await().until(() -> gateway.broker().log(topic, 0).end() == 1);
    }

    @Test
    void missingTopicsAndPartitionsAreToldForEachRecordAtOnce() {
        for (Answer answer : List.of(
                post("/topics/none", TEXT, "{\"records\":[{\"value\":\"a\"},{\"value\":\"b\"}]}"),
                post(
                        "/topics/" + topic,
                        TEXT,
                        "{\"records\":[{\"value\":\"a\",\"partition\":9},{\"value\":\"b\",\"partition\":8}]}"),
                post(
                        "/topics/" + topic + "/partitions/7",
                        TEXT,
                        "{\"records\":[{\"value\":\"a\"},{\"value\":\"b\"}]}"))) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.json().get("offsets").size()).isEqualTo(2);
            for (JsonNode one : answer.json().get("offsets")) {
                assertThat(one.get("error_code").asInt()).isEqualTo(404);
                assertThat(one.has("message")).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|{}|400",
                "|{\"records\":null}|400",
                "|{\"records\":[]}|400",
                "|{\"records\":{}}|400",
                "|{\"records\":[null]}|400",
                "|{\"records\":[{\"key\":\"k\"}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"partition\":-1}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"partition\":1.5}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"foo\":1}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"timestamp\":\"now\"}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"timestamp\":-1}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"headers\":{}}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"headers\":[1]}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"headers\":[{\"key\":\"a\"}]}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"headers\":[{\"value\":\"eA==\"}]}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"headers\":[{\"key\":\"a\",\"value\":\"*\"}]}]}|400",
                "|{\"records\":[{\"value\":\"v\",\"headers\":[{\"key\":\"a\",\"key\":\"b\",\"value\":null}]}]}|400",
                "|{\"records\":[{\"value\":5}]}|422",
                "|[|400",
                "/partitions/0|{\"records\":[{\"value\":\"v\",\"partition\":0}]}|400",
                "/partitions/0|{\"records\":[{\"value\":\"v\",\"timestamp\":1}]}|400"
            })
    void wrongRecordsAreRefusedWithTheirStatusAsNumber(String suffix, String body, int status) {
        failed(post("/topics/" + topic + (suffix == null ? "" : suffix), TEXT, body), status);
        assertThat(records(0)).isEmpty();
        assertThat(records(1)).isEmpty();
    }

    @Test
    void otherMediaTypesAreNotTaken() {
        failed(post("/topics/" + topic, "text/plain", "x"), 415);
        failed(gateway.get("/topics/none"), 404);
        failed(gateway.get("/topics/" + topic + "/partitions/9"), 404);
        failed(gateway.get("/topics?x=1"), 400);
        failed(gateway.get("/admin/nothing"), 404);
    }

    @Test
    void metadataIsAsInTheOtherDialect() {
        assertThat(gateway.get("/topics").json().toString()).contains("\"" + topic + "\"");
        assertThat(gateway.get("/topics/" + topic + "/partitions/1/offsets").text())
                .isEqualTo("{\"beginning_offset\":0,\"end_offset\":0}");
    }

    @ParameterizedTest
    @ValueSource(strings = {V2, JSON, "application/json; charset=utf-8"})
    void topicsAreMade(String type) {
        String name = "n" + System.nanoTime();
        Answer answer = post("/admin/topics", type, "{\"topic_name\":\"" + name + "\",\"partitions_count\":3}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(gateway.get("/topics/" + name + "/partitions").json().size()).isEqualTo(3);
        failed(post("/admin/topics", type, "{\"topic_name\":\"" + name + "\"}"), 409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|400",
                "{\"topic_name\":5}|400",
                "{\"topic_name\":\"a\",\"partitions_count\":0}|400",
                "{\"topic_name\":\"a\",\"replication_factor\":1.5}|400",
                "{\"topic_name\":\"a\",\"x\":1}|400",
                "{\"topic_name\":\"a\",\"topic_name\":\"b\"}|400",
                "{\"topic_name\":\"..\"}|422",
                "[]|400"
            })
    void topicsThatCannotBeAreNotMade(String body, int status) {
        failed(post("/admin/topics", V2, body), status);
    }
}
