package io.naru.gateway.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.FakeBroker.Mischief;
import io.naru.gateway.fake.RunningGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import tools.jackson.databind.json.JsonMapper;

/** Writing over HTTP, on the real servlet stack, in front of a broker in memory. */
class ProduceHttpTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NDJSON = "application/x-ndjson";

    private static FakeBroker broker;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("warm", 1);
        gateway = RunningGateway.start(
                broker.bootstrap(),
                "--naru.gateway.produce.retry-for=700ms",
                "--naru.gateway.produce.delivery-timeout=1300ms",
                "--naru.gateway.limits.body-size=2MB",
                "--naru.gateway.limits.line-size=64KB",
                "--naru.gateway.limits.body-time=2s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    private String topic;

    @BeforeEach
    void freshTopic() {
        topic = "t" + System.nanoTime();
        broker.topic(topic, 3);
        broker.clearMischief();
        broker.recordBytesMax(Integer.MAX_VALUE);
    }

    private String records() {
        return "/v1/topics/" + topic + "/records";
    }

    private Record only() {
        List<Record> all = IntStream.range(0, 3)
                .mapToObj(p -> broker.log(topic, p).records())
                .flatMap(List::stream)
                .toList();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    void theBodyIsTheValueByteForByte() {
        HttpResponse<String> answer = gateway.post(
                records() + "?partition=1", "hello world", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).hasValue("/v1/topics/" + topic + "/partitions/1/records/0");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.get("topic").asString()).isEqualTo(topic);
        assertThat(body.get("partition").asInt()).isEqualTo(1);
        assertThat(body.get("offset").asLong()).isZero();
        assertThat(body.get("timestamp").asLong()).isPositive();
        assertThat(Utils.toArray(only().value())).isEqualTo("hello world".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 8_191, 8_192, 16_384, 16_385, 100_000, 1_000_000})
    void anyBytesOfAnySize(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        assertThat(gateway.post(records(), bytes).statusCode()).isEqualTo(201);
        assertThat(Utils.toArray(only().value())).isEqualTo(bytes);
    }

    @Test
    void anEmptyBodyIsAnEmptyValueAndATombstoneIsNone() {
        assertThat(gateway.post(records() + "?partition=0", "").statusCode()).isEqualTo(201);
        assertThat(gateway.post(records() + "?partition=0&key=k&tombstone=true", "")
                        .statusCode())
                .isEqualTo(201);
        List<Record> stored = broker.log(topic, 0).records();
        assertThat(stored.get(0).valueSize()).isZero();
        assertThat(stored.get(0).hasValue()).isTrue();
        assertThat(stored.get(1).hasValue()).isFalse();
        assertThat(gateway.post(records() + "?tombstone=true", "x").statusCode())
                .isEqualTo(400);
    }

    @Test
    void keyTimeAndHeadersComeFromQueryAndHeaders() {
        assertThat(gateway.post(
                                records() + "?key=a%20%C3%A9&timestamp=2023-11-14T22:13:20Z",
                                "v",
                                "Record-Header-Trace",
                                "abc",
                                "record-header-x",
                                "1")
                        .statusCode())
                .isEqualTo(201);
        Record stored = only();
        assertThat(Utils.utf8(stored.key(), stored.keySize())).isEqualTo("a é");
        assertThat(stored.timestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(stored.headers())
                .extracting(h -> h.key() + "=" + Utils.utf8(h.value()))
                .containsExactlyInAnyOrder("trace=abc", "x=1");
    }

    @Test
    void chunkedBodiesAreTakenAsTheyCome() throws IOException {
        String answer = gateway.raw("POST " + records() + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 201");
        assertThat(Utils.utf8(only().value(), only().valueSize())).isEqualTo("hello world");
    }

    @Test
    void aBodyCutShortWritesNothing() throws IOException {
        try (Socket socket = gateway.socket()) {
            socket.getOutputStream()
                    .write(("POST " + records() + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .satisfiesAnyOf(
                            a -> assertThat(a).isEmpty(), a -> assertThat(a).startsWith("HTTP/1.1 400"));
        }
        assertThat(broker.log(topic, 0).end()
                        + broker.log(topic, 1).end()
                        + broker.log(topic, 2).end())
                .isZero();
    }

    @Test
    void aBodyThatDripsIsCutOff() throws IOException {
        try (Socket socket = gateway.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + records() + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String head = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            assertThat(head).startsWith("HTTP/1.1 408");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'?partition=3', 404, 40402",
        "'?partition=-1', 400, 40001",
        "'?partition=1.5', 400, 40001",
        "'?partition=', 400, 40001",
        "'?partition=2147483648', 400, 40001",
        "'?partition=0&partition=1', 400, 40001",
        "'?acks=2', 400, 40001",
        "'?timestamp=soon', 400, 40001",
        "'?kee=x', 400, 40001",
        "'?tombstone=maybe', 400, 40001",
    })
    void badParametersAreNamedAndNothingIsWritten(String query, int status, int code) {
        HttpResponse<String> answer = gateway.post(records() + query, "x");
        assertThat(answer.statusCode()).isEqualTo(status);
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(problem.get("code").asInt()).isEqualTo(code);
        assertThat(problem.get("outcome").asString()).isEqualTo("not_written");
        assertThat(broker.log(topic, 0).end()
                        + broker.log(topic, 1).end()
                        + broker.log(topic, 2).end())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/topics/nope/records, 404, 40401",
        "/v1/topics/a%20b/records, 422, 42201",
        "/v1/topics/%C3%A9/records, 422, 42201",
        "/v1/topics/a%3Bb/records, 422, 42201",
        "/v1/topics/warm/partitions/x/records, 404, 40402",
        "/v1/topics/warm/partitions/-1/records, 404, 40402",
        "/v1/topics/warm/partitions/7/records, 404, 40402",
        "/v1/topics/warm/nothing, 404, 40400",
        "/v1/topics//records, 404, 40400",
        "/v1/topics/a;x=1/records, 400, 40001",
    })
    void badPathsAreNamed(String path, int status, int code) {
        HttpResponse<String> answer = gateway.post(path, "x");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).get("code").asInt()).isEqualTo(code);
    }

    @Test
    void otherMethodsAreToldWhatIsAllowed() {
        HttpResponse<String> answer = gateway.method("PATCH", records(), "x");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
    }

    @Test
    void bodiesAreBounded() {
        HttpResponse<String> answer = gateway.post(records(), new byte[2 * 1024 * 1024 + 1]);
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(gateway.post(records(), "x", "Content-Encoding", "gzip").statusCode())
                .isEqualTo(415);
    }

    @Test
    void aRecordTheTopicDoesNotTakeIs413() {
        broker.recordBytesMax(500);
        HttpResponse<String> answer = gateway.post(records(), new byte[600]);
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(answer.body()).get("code").asInt()).isEqualTo(41302);
    }

    @Test
    void tooFewReplicasAre503WithARetryTime() {
        Mischief[] many = new Mischief[300];
        Arrays.fill(many, Mischief.NOT_ENOUGH_REPLICAS);
        broker.next(many);
        HttpResponse<String> answer = gateway.post(records(), "x");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(JSON.readTree(answer.body()).get("outcome").asString()).isEqualTo("not_written");
    }

    @Test
    void aLostAnswerIsRetriedAndNotSeen() {
        broker.next(Mischief.LOSE_ANSWER);
        assertThat(gateway.post(records(), "x").statusCode()).isEqualTo(201);
        assertThat(only().valueSize()).isEqualTo(1);
    }

    @Test
    void asyncPromisesNothing() {
        HttpResponse<String> answer = gateway.post(records() + "?async=true", "x");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(gateway.post(records() + "?acks=0", "x").statusCode()).isEqualTo(202);
        assertThat(gateway.post(records() + "?acks=1", "x").statusCode()).isEqualTo(201);
    }

    @Test
    void ndjsonAnswersLineByLineAndKeepsNeighbours() {
        List<String> given = List.of(
                "{\"value\":{\"a\":1},\"partition\":0}",
                "{\"value\":",
                "",
                "{\"key\":\"k\",\"value\":\"two\",\"partition\":0}\r",
                "{\"value\":1,\"partition\":9}",
                "{\"value\":1,\"huh\":9}",
                "{\"value\":{\"$binary\":\"/w==\"},\"partition\":0}");
        String lines = given.stream().collect(Collectors.joining("\n"));
        HttpResponse<String> answer = gateway.post(records(), lines, "Content-Type", NDJSON + "; charset=utf-8");
        assertThat(answer.statusCode()).isEqualTo(200);
        List<JsonNode> answers = answer.body().lines().map(JSON::readTree).toList();
        assertThat(answers).hasSize(6);
        assertThat(answers.get(0).get("offset").asLong()).isZero();
        assertThat(answers.get(1).at("/error/line").asInt()).isEqualTo(2);
        assertThat(answers.get(1).at("/error/code").asInt()).isEqualTo(40003);
        assertThat(answers.get(1).at("/error/outcome").asString()).isEqualTo("not_written");
        assertThat(answers.get(2).get("offset").asLong()).isEqualTo(1);
        assertThat(answers.get(3).at("/error/code").asInt()).isEqualTo(40402);
        assertThat(answers.get(3).at("/error/line").asInt()).isEqualTo(5);
        assertThat(answers.get(4).at("/error/code").asInt()).isEqualTo(42202);
        assertThat(answers.get(5).get("offset").asLong()).isEqualTo(2);
        assertThat(broker.log(topic, 0).values())
                .startsWith("{\"a\":1}", "\"two\"")
                .hasSize(3);
    }

    @Test
    void ndjsonOfManyRecordsKeepsTheirOrder() {
        int count = 60_000;
        String lines = IntStream.range(0, count)
                .mapToObj(i -> "{\"value\":" + i + ",\"partition\":2}")
                .collect(Collectors.joining("\n"));
        HttpResponse<String> answer = gateway.post(records(), lines, "Content-Type", NDJSON);
        assertThat(answer.body().lines()).hasSize(count);
        assertThat(answer.body())
                .startsWith("{\"partition\":2,\"offset\":0}")
                .endsWith("\"offset\":" + (count - 1) + "}\n");
        assertThat(broker.log(topic, 2).values().get(count - 1)).isEqualTo(Integer.toString(count - 1));
        assertThat(broker.log(topic, 2).end()).isEqualTo(count);
    }

    @Test
    void anEndlessStreamIsAnsweredWhileItComes() throws IOException {
        try (Socket socket = gateway.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + records() + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: " + NDJSON
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (int i = 0; i < 5; i++) {
                String line = "{\"value\":" + i + ",\"partition\":0}\n";
                out.write((Integer.toHexString(line.length()) + "\r\n" + line + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                assertThat(lineWith(in, "offset")).isEqualTo("{\"partition\":0,\"offset\":" + i + "}");
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(in.lines().filter(line -> line.contains("offset"))).isEmpty();
        }
    }

    private static String lineWith(BufferedReader in, String text) throws IOException {
        String line = in.readLine();
        while (line != null && !line.contains(text)) {
            line = in.readLine();
        }
        return line;
    }

    @Test
    void aLineTooLongIsReportedAndPassedOver() {
        String lines = "{\"value\":1,\"partition\":0}\n{\"value\":\"" + "x".repeat(400_000)
                + "\",\"partition\":0}\n{\"value\":2,\"partition\":0}\n";
        HttpResponse<String> answer = gateway.post(records(), lines, "Content-Type", NDJSON);
        List<JsonNode> answers = answer.body().lines().map(JSON::readTree).toList();
        assertThat(answers).hasSize(3);
        assertThat(answers.get(1).at("/error/status").asInt()).isEqualTo(413);
        assertThat(broker.log(topic, 0).values()).containsExactly("1", "2");
    }

    @Test
    void ndjsonWithoutRecordsOrWithoutTopicIsRefusedWhole() {
        assertThat(gateway.post(records(), "\n \n", "Content-Type", NDJSON).statusCode())
                .isEqualTo(400);
        assertThat(gateway.post("/v1/topics/nope/records", "{\"value\":1}", "Content-Type", NDJSON)
                        .statusCode())
                .isEqualTo(404);
        assertThat(gateway.post(records(), "{\"value\":1}", "Content-Type", NDJSON + "; charset=utf-16")
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void healthAnswersBesideManyStalledBodies() throws IOException {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = gateway.socket();
                stalled.add(socket);
                socket.getOutputStream()
                        .write(("POST " + records() + " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            long before = System.nanoTime();
            assertThat(gateway.managementStatus("/actuator/health")).isEqualTo(200);
            assertThat(gateway.post(records(), "x").statusCode()).isEqualTo(201);
            assertThat(System.nanoTime() - before).isLessThan(2_000_000_000L);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }
}
