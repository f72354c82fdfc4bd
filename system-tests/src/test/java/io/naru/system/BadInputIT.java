package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.KafkaEndpoint;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Requests that are wrong get an answer that names the mistake, and nothing is written. No topics on first use here. The same whatever brokers are behind. */
@Timeout(120)
@ParameterizedClass
@EnumSource
class BadInputIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TOPIC = "strict";
    private static BackEnd.Running running;
    private static KafkaEndpoint brokers;
    private static Http http;
    private long endBefore;

    @Parameter
    BackEnd backEnd = BackEnd.NARU;

    @BeforeParameterizedClassInvocation
    static void start(BackEnd backEnd) throws IOException {
        running = backEnd.start(false);
        brokers = running.brokers();
        http = new Http(running.gateway());
        assertThat(http.put("/v1/topics/" + TOPIC, "{\"partitions\":1}").status())
                .isBetween(200, 201);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        running.close();
    }

    @BeforeEach
    void measure() throws Exception {
        endBefore = endOffset();
    }

    @Test
    void anUnknownTopicIsNotCreated() throws Exception {
        Http.Answer answer = http.post("/v1/topics/nowhere/records", "hello");
        assertProblem(answer, 404);
        assertNotWritten(answer);
        assertThat(answer.json().required("code").asInt()).isEqualTo(40401);
        assertThat(answer.json().required("detail").asString()).contains("nowhere");
        assertProblem(http.get("/v1/topics/nowhere"), 404);
        assertProblem(http.get("/v1/topics/nowhere/records?from=earliest"), 404);
    }

    @Test
    void anUnknownTopicIsNotCreatedForAKafkaProducerEither() throws Exception {
        try (KafkaProducer<String, String> producer = Clients.producer(brokers, Map.of("max.block.ms", 3_000))) {
            Assertions.assertThatThrownBy(() ->
                            producer.send(new ProducerRecord<>("nowhere", "v")).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        }
        try (Admin admin = Clients.admin(brokers)) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).doesNotContain("nowhere");
        }
    }

    static Stream<String> invalidNames() {
        return Stream.of("a%20b", "%C3%A9", "x".repeat(250), "a%00b", "a%0d%0ab", "a%2fb", "%2e%2e", "a:b", "a,b");
    }

    @ParameterizedTest
    @MethodSource("invalidNames")
    void anInvalidTopicNameIsRefused(String name) throws Exception {
        Http.Answer answer = http.post("/v1/topics/" + name + "/records", "hello");
        assertThat(answer.status()).as(answer.toString()).isIn(400, 404, 422);
        assertThat(answer.header("Content-Type")).as(answer.toString()).contains("json");
        try (Admin admin = Clients.admin(brokers)) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).containsExactly(TOPIC);
        }
    }

    @Test
    void aNameThatKafkaWouldRefuseIsUnprocessable() throws Exception {
        Http.Answer answer = http.post("/v1/topics/a%20b/records", "hello");
        assertProblem(answer, 422);
        assertNotWritten(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"replication_factor\":5}",
                "{\"replication_factor\":0}",
                "{\"partitions\":0}",
                "{\"partitions\":-5}",
                "{\"configs\":{\"no.such.config\":\"1\"}}"
            })
    void aTopicThatTheClusterCannotHaveIsUnprocessable(String body) throws Exception {
        Http.Answer answer = http.put("/v1/topics/impossible", body);
        assertProblem(answer, 422);
        assertProblem(http.get("/v1/topics/impossible"), 404);
    }

    @Test
    void aPartitionOutOfRangeIsNotFound() throws Exception {
        for (String partition : List.of("1", "99")) {
            Http.Answer answer = http.post("/v1/topics/" + TOPIC + "/records?partition=" + partition, "hello");
            assertProblem(answer, 404);
            assertNotWritten(answer);
            assertThat(answer.json().required("code").asInt()).isEqualTo(40402);
        }
        assertProblem(http.get("/v1/topics/" + TOPIC + "/partitions/99/records?offset=0"), 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partition=x",
                "partition=",
                "partition=2147483648",
                "partition=1.5",
                "partition=-7",
                "timestamp=yesterday",
                "acks=2",
                "partition=0&partition=0"
            })
    void aParameterThatMakesNoSenseIsRefused(String query) throws Exception {
        Http.Answer answer = http.post("/v1/topics/" + TOPIC + "/records?" + query, "hello");
        assertThat(answer.status()).as(answer.toString()).isIn(400, 404, 422);
        assertProblem(answer, answer.status());
        assertNotWritten(answer);
    }

    @Test
    void anOversizeRecordIsRefused() throws Exception {
        Http.Answer answer = http.post("/v1/topics/" + TOPIC + "/records", new byte[2 << 20]);
        assertProblem(answer, 413);
        assertNotWritten(answer);
    }

    @Test
    void anOversizeBodyIsRefused() throws Exception {
        Http.Answer answer = http.post("/v1/topics/" + TOPIC + "/records", new byte[9 << 20]);
        assertProblem(answer, 413);
        assertNotWritten(answer);
    }

    @Test
    void aMalformedLineIsReportedAndItsNeighboursAreWritten() throws Exception {
        String lines = """
                {"value":1}
                {"value":
                {"value":3}
                []
                {"value":5,"colour":"red"}
                {"value":6,"partition":99}
                {"value":7}
                """;
        Http.Answer answer =
                http.post("/v1/topics/" + TOPIC + "/records", lines, "Content-Type", "application/x-ndjson");
        assertThat(answer.status()).as(answer.toString()).isLessThan(300);
        List<JsonNode> results = answer.ndjson();
        assertThat(results).as(answer.toString()).hasSize(7);
        assertThat(results)
                .extracting(result -> result.has("error"))
                .containsExactly(false, true, false, true, true, true, false);
        assertThat(values(3)).containsExactly("1", "3", "7");
    }

    static Stream<String> textsThatAreCodeElsewhere() {
        return Stream.of(
                "'; DROP TABLE topics; --",
                "<script>alert(1)</script>",
                "${jndi:ldap://127.0.0.1/x}",
                "{{7*7}}",
                "../../etc/passwd\u0000.txt",
                "a\r\nWARN forged\tline\u001b[2J\u0007",
                "\ud83d\ude00 \u202eright to left\u202c \u2028\ufeff",
                "\uffff\u0080e\u0301",
                "%00%0d%0a\\\"'`",
                "__proto__");
    }

    /** H97: as key, value and header, by both ways in and both ways out. */
    @ParameterizedTest
    @MethodSource("textsThatAreCodeElsewhere")
    void textThatIsCodeElsewhereIsStoredByteForByte(String text) throws Exception {
        Http.Answer raw = http.post(
                "/v1/topics/" + TOPIC + "/records?key=" + URLEncoder.encode(text, StandardCharsets.UTF_8), text);
        assertThat(raw.status()).as(raw.toString()).isEqualTo(201);
        ObjectNode envelope = JSON.createObjectNode();
        envelope.putObject("key").put("$text", text);
        envelope.putObject("value").put("$text", text);
        envelope.putObject("headers").put(text, text);
        Http.Answer line = http.post(
                "/v1/topics/" + TOPIC + "/records",
                JSON.writeValueAsString(envelope),
                "Content-Type",
                "application/x-ndjson");
        assertThat(line.ndjson().get(0).has("offset")).as(line.toString()).isTrue();

        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<ConsumerRecord<byte[], byte[]>> stored = records(2);
        assertThat(stored).allSatisfy(record -> {
            assertThat(record.key()).isEqualTo(bytes);
            assertThat(record.value()).isEqualTo(bytes);
        });
        Header header = stored.get(1).headers().iterator().next();
        assertThat(header.key()).isEqualTo(text);
        assertThat(header.value()).isEqualTo(bytes);

        JsonNode page = http.get("/v1/topics/" + TOPIC
                        + "/partitions/0/records?value_format=text&key_format=text&offset=" + endBefore)
                .json();
        assertThat(page).hasSize(2).allSatisfy(record -> {
            assertThat(record.get("key").asString()).isEqualTo(text);
            assertThat(record.get("value").asString()).isEqualTo(text);
        });
        assertThat(page.get(1).get("headers").toString()).contains(JSON.writeValueAsString(text));
        Http.Answer one = http.get(
                "/v1/topics/" + TOPIC + "/partitions/0/records/" + endBefore, "Accept", "application/octet-stream");
        assertThat(one.response().body()).isEqualTo(bytes);
    }

    @Test
    void unknownPathsAndMethodsAreNamedInJson() throws Exception {
        assertThat(http.get("/v1/nope").status()).isEqualTo(404);
        assertThat(http.get("/v1/nope").header("Content-Type")).contains("json");
        assertThat(http.put("/v1/topics/" + TOPIC + "/records", "{}").status()).isEqualTo(405);
    }

    @Test
    void anOffsetBeyondTheEndIsNotSatisfiable() throws Exception {
        assertProblem(http.get("/v1/topics/" + TOPIC + "/partitions/0/records?offset=1000000"), 416);
        for (String query :
                List.of("offset=-5", "offset=abc", "offset=9223372036854775808", "offset=", "max_bytes=-1")) {
            Http.Answer answer = http.get("/v1/topics/" + TOPIC + "/partitions/0/records?" + query);
            assertThat(answer.status()).as(query + ": " + answer).isIn(400, 422);
        }
    }

    private static void assertProblem(Http.Answer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.required("status").asInt()).isEqualTo(status);
        assertThat(problem.required("title").asString()).isNotBlank();
        assertThat(problem.required("detail").asString()).isNotBlank();
        assertThat(problem.required("code").isIntegralNumber()).isTrue();
    }

    private void assertNotWritten(Http.Answer answer) throws Exception {
        assertThat(answer.json().required("outcome").asString()).isEqualTo("not_written");
        assertThat(endOffset()).isEqualTo(endBefore);
    }

    private static long endOffset() throws Exception {
        try (Admin admin = Clients.admin(brokers)) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get(30, TimeUnit.SECONDS)
                    .offset();
        }
    }

    /** The last {@code count} values. */
    private List<String> values(int count) {
        return records(count).stream()
                .map(ConsumerRecord::value)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.bytesConsumer(brokers, Map.of())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, endBefore);
            return Polling.atLeast(count, consumer);
        }
    }
}
