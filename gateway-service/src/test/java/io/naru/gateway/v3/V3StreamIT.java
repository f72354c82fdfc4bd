package io.naru.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Version 3 records while the request is still being sent. */
class V3StreamIT {

    private static final JsonMapper JSON = new JsonMapper();

    private static FakeBroker broker;
    private static RunningGateway gateway;

    private String topic;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("warm", 1);
        gateway = RunningGateway.start(broker.bootstrap(), "--naru.gateway.limits.line-size=4KB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    @BeforeEach
    void freshTopic() {
        topic = "t" + System.nanoTime();
        broker.topic(topic, 1);
    }

    /** A chunked request that a test writes bit by bit, and its answer line by line. */
    private static final class Conversation implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final BufferedReader in;

        Conversation(RunningGateway to, String topic) throws IOException {
            this(to, topic, "");
        }

        Conversation(RunningGateway to, String topic, String query) throws IOException {
            socket = to.socket();
            out = socket.getOutputStream();
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            out.write(
                    ("POST /v3/clusters/fake-cluster/topics/" + topic + "/records" + query + " HTTP/1.1\r\nHost: a\r\n"
                                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        void send(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        void end() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        /** The next report; null at the end of the answer. */
        JsonNode report() throws IOException {
            for (String line = in.readLine(); line != null && !line.equals("0"); line = in.readLine()) {
                if (line.startsWith("{")) {
                    return JSON.readTree(line);
                }
            }
            return null;
        }

        List<Integer> codes() throws IOException {
            List<Integer> codes = new ArrayList<>();
            for (JsonNode report = report(); report != null; report = report()) {
                codes.add(report.get("error_code").asInt());
            }
            return codes;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String record(String data) {
        return "{\"value\":{\"type\":\"JSON\",\"data\":" + data + "}}";
    }

    @Test
    void reportComesWhileTheBodyIsOpen() throws IOException {
        try (Conversation talk = new Conversation(gateway, topic)) {
            for (int i = 0; i < 3; i++) {
                talk.send(record("" + i));
                JsonNode report = talk.report();
                assertThat(report.get("error_code").asInt()).isEqualTo(200);
                assertThat(report.get("offset").asLong()).isEqualTo(i);
            }
            talk.end();
            assertThat(talk.report()).isNull();
        }
        assertThat(broker.log(topic, 0).values()).containsExactly("0", "1", "2");
    }

    @Test
    void valuesNeedNoSeparatorAndMayComeInAnyPieces() throws IOException {
        String all = record("\"a } { \\\" \\\\\"") + record("[{}]") + "\r\n\t " + record("{\"é\":\"]\"}");
        byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
        try (Conversation talk = new Conversation(gateway, topic)) {
            for (int i = 0; i < bytes.length; i++) {
                // Latin-1 out of one byte is not that byte in UTF-8, so pieces go out as they are.
                talk.out.write("1\r\n".getBytes(StandardCharsets.US_ASCII));
                talk.out.write(bytes, i, 1);
                talk.out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                talk.out.flush();
            }
            talk.end();
            assertThat(talk.codes()).containsExactly(200, 200, 200);
        }
        assertThat(broker.log(topic, 0).values()).containsExactly("\"a } { \\\" \\\\\"", "[{}]", "{\"é\":\"]\"}");
    }

    @Test
    void whatIsNoRecordIsReportedAndTheStreamGoesOn() throws IOException {
        try (Conversation talk = new Conversation(gateway, topic)) {
            talk.send("{\"nonsense\":1}");
            JsonNode report = talk.report();
            assertThat(report.get("error_code").asInt()).isEqualTo(422);
            assertThat(report.get("message").asString()).startsWith("Error: 42206 : ");
            talk.send("{\"value\":{\"type\":\"BINARY\",\"data\":\"*\"}}5 \"x\"[]{\"partition_id\":-1}");
            talk.send(record("1"));
            talk.end();
            assertThat(talk.codes()).containsExactly(400, 422, 422, 422, 40402, 200);
        }
        assertThat(broker.log(topic, 0).values()).containsExactly("1");
    }

    @Test
    void whatIsNoJsonEndsTheStreamWithOneReport() throws IOException {
        try (Conversation talk = new Conversation(gateway, topic)) {
            talk.send(record("1") + "}" + record("2"));
            assertThat(talk.codes()).containsExactly(200, 400);
        }
        assertThat(broker.log(topic, 0).values()).containsExactly("1");
    }

    @Test
    void bodyThatEndsInARecordDoesNotStoreIt() throws IOException {
        try (Conversation talk = new Conversation(gateway, topic)) {
            talk.send(record("1") + "{\"value\":{\"type\":\"JSON\",\"data\":12");
            talk.end();
            assertThat(talk.codes()).containsExactly(200, 400);
        }
        assertThat(broker.log(topic, 0).values()).containsExactly("1");
    }

    @Test
    void recordOverTheLimitEndsTheStreamBeforeItIsWhole() throws IOException {
        try (Conversation talk = new Conversation(gateway, topic)) {
            talk.send(record("1") + "{\"value\":{\"type\":\"STRING\",\"data\":\"" + "x".repeat(5000));
            assertThat(talk.codes()).containsExactly(200, 413);
        }
        assertThat(broker.log(topic, 0).values()).containsExactly("1");
    }

    @Test
    void emptyStreamIsA422() throws IOException {
        try (Conversation talk = new Conversation(gateway, topic)) {
            talk.send(" \n");
            talk.end();
            assertThat(talk.in.readLine()).startsWith("HTTP/1.1 422");
            assertThat(talk.report().get("error_code").asInt()).isEqualTo(42206);
        }
    }

    @Test
    void unknownTopicIsA404BeforeTheStream() throws IOException {
        try (Conversation talk = new Conversation(gateway, "none")) {
            talk.send(record("1"));
            talk.end();
            assertThat(talk.in.readLine()).startsWith("HTTP/1.1 404");
            assertThat(talk.report().get("error_code").asInt()).isEqualTo(40403);
        }
    }

    private static JsonNode next(Conversation talk) throws IOException {
        talk.send(record("1"));
        return talk.report();
    }

    @Test
    void streamThatIsTooOldIsToldSoAndThenCut() throws IOException {
        try (RunningGateway brief = RunningGateway.start(broker.bootstrap(), "--naru.gateway.limits.stream-time=0ms");
                Conversation talk = new Conversation(brief, topic)) {
            int told = 0;
            try {
                for (JsonNode report = next(talk); report != null; report = next(talk)) {
                    assertThat(report.get("error_code").asInt()).isEqualTo(408);
                    told++;
                }
            } catch (SocketException cut) {
                assertThat(told).isPositive();
            }
            assertThat(told).isPositive();
        }
        assertThat(broker.log(topic, 0).end()).isZero();
    }

    @Test
    void tenThousandRecordsOfOneChunkedBodyAreReportedInOrder() throws IOException, InterruptedException {
        int count = 10_000;
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(record("" + i));
        }
        byte[] body = all.toString().getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> answer = gateway.http()
                .send(
                        HttpRequest.newBuilder(gateway.uri("/v3/clusters/fake-cluster/topics/" + topic + "/records"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()
                        .lines()
                        .map(line -> JSON.readTree(line).get("offset").asInt()))
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
        assertThat(broker.log(topic, 0).end()).isEqualTo(count);
    }

    @Test
    void batchIsLimited() {
        StringBuilder entries = new StringBuilder("{\"entries\":[");
        for (int i = 0; i < 11; i++) {
            entries.append(i == 0 ? "" : ",").append("{\"id\":\"").append(i).append("\",\"value\":null}");
        }
        HttpResponse<String> answer = gateway.post(
                "/v3/clusters/fake-cluster/topics/" + topic + "/records:batch",
                entries.append("]}").toString(),
                "Content-Type",
                "application/json");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).get("error_code").asInt()).isEqualTo(42208);
        assertThat(broker.log(topic, 0).end()).isZero();
    }

    @Test
    void aRecordThatIsNotAcknowledgedInTimeIsToldAndTheStreamGoesOn() throws IOException {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try (Conversation stream = new Conversation(gateway, topic, "?timeout=200")) {
            stream.send(record("1"));
            assertThat(stream.report().get("offset").asLong()).isZero();
            broker.holdAnswers(acknowledged);
            stream.send(record("2"));
            JsonNode late = stream.report();
            assertThat(late.get("error_code").asInt()).isEqualTo(50003);
            assertThat(late.get("message").asString()).contains("timeout=200").contains("may still be written");
            acknowledged.complete(null);
            stream.send(record("3"));
            assertThat(stream.report().get("offset").asLong()).isEqualTo(2);
            stream.end();
            assertThat(stream.report()).isNull();
        } finally {
            acknowledged.complete(null);
        }
    }
}
