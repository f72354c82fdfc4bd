package io.naru.gateway.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import io.naru.gateway.strict.RawHttp.Answer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a stranger may send: every refusal is JSON in the dialect of its path, and nothing of it is written. */
class StrictHttpIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String HOST = "Host: x\r\n";
    private static final String POST = "POST /v1/topics/t/records HTTP/1.1\r\nHost: x\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    private static FakeBroker broker;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("t", 1);
        gateway = RunningGateway.start(
                broker.bootstrap(), "--naru.gateway.limits.body-time=2s", "--naru.gateway.limits.body-size=1MB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                // Two ways to read where a request ends.
                Arguments.of(400, POST + "Content-Length: 5\r\n" + CHUNKED + "\r\n0\r\n\r\n"),
                Arguments.of(400, POST + CHUNKED + "content-length: 5\r\n\r\n0\r\n\r\n"),
                Arguments.of(400, POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
                Arguments.of(400, POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
                Arguments.of(400, POST + "Content-Length: 5, 5\r\n\r\nhello"),
                Arguments.of(400, POST + "Content-Length: -1\r\n\r\n"),
                Arguments.of(400, POST + "Content-Length: +5\r\n\r\nhello"),
                Arguments.of(400, POST + "Content-Length: abc\r\n\r\n"),
                Arguments.of(501, POST + "Transfer-Encoding: foo\r\n\r\n"),
                Arguments.of(501, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(400, POST + CHUNKED + CHUNKED + "\r\n0\r\n\r\n"),
                Arguments.of(400, POST.replace("1.1", "1.0") + CHUNKED + "\r\n5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, POST + CHUNKED + "\r\nZZ\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, POST + CHUNKED + "\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, POST + CHUNKED + "\r\n5\r\nhelloXX0\r\n\r\n"),
                // Heads.
                Arguments.of(400, "GET /v1/topics HTTP/1.1\r\n" + HOST + "X-A: b\r\n c\r\n\r\n"),
                Arguments.of(400, "GET /v1/topics HTTP/1.1\r\n" + HOST + "X-A : b\r\n\r\n"),
                Arguments.of(400, "GET /v1/topics HTTP/1.1\r\n" + HOST + "X-A: b\0c\r\n\r\n"),
                Arguments.of(400, "GET /v1/topics HTTP/1.1\r\n" + HOST + "X-A: b\rc\r\n\r\n"),
                Arguments.of(400, "GET /v1/topics HTTP/1.1\r\n\r\n"),
                Arguments.of(400, "GET /v1/topics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                Arguments.of(400, "GET /v1/topics HTTP/1.1\r\nHost: a b\r\n\r\n"),
                Arguments.of(400, "GET http://y/v1/topics HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(505, "GET /v1/topics HTTP/9.9\r\n" + HOST + "\r\n"),
                Arguments.of(0, "GET /v1/topics\r\n\r\n"),
                Arguments.of(417, POST + "Expect: 200-ok\r\nContent-Length: 5\r\n\r\nhello"),
                Arguments.of(431, "GET /v1/topics HTTP/1.1\r\n" + HOST + "X-A: " + "a".repeat(9_000) + "\r\n\r\n"),
                Arguments.of(431, "GET /v1/topics HTTP/1.1\r\n" + HOST + "X-A: b\r\n".repeat(200) + "\r\n"),
                Arguments.of(414, "GET /v1/topics/" + "a".repeat(9_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /v1/topics?" + "a=1&".repeat(1_200) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                // Methods and paths.
                Arguments.of(405, "TRACE /v1/topics HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(405, "FOO /v1/topics HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(405, "PATCH /v1/topics HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(501, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"),
                Arguments.of(404, "GET /nope HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(404, "GET /error HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(404, "GET //topics//a HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /v1/topics/..%2f..%2fetc HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /../../etc/passwd HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /v1/topics/a%00b HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /v1/topics/a%0d%0ab HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /v1/topics/%zz HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /v1/topics;x=1 HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /v1\\topics HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(400, "GET /v1/topics/<a> HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(422, "GET /v1/topics/a%20b HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(422, "GET /v1/topics/%C3%A9 HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(422, "GET /v1/topics/" + "a".repeat(250) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(404, "GET /actuator/env HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(404, "GET /actuator/heapdump HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(404, "POST /actuator/shutdown HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n"),
                // Media types.
                Arguments.of(406, "GET /v1/topics HTTP/1.1\r\n" + HOST + "Accept: zzz\r\n\r\n"),
                Arguments.of(406, "GET /v1/topics HTTP/1.1\r\n" + HOST + "Accept: application/xml\r\n\r\n"),
                Arguments.of(415, POST + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusalsAreJsonAndNothingIsWritten(int status, String request) throws IOException {
        Map<TopicPartition, Long> before = broker.ends();
        Answer answer = RawHttp.send(gateway, request);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.get("code").isIntegralNumber()).isTrue();
        assertThat(body.get("status").asInt()).isEqualTo(status == 0 ? 400 : status);
        assertThat(answer.head()).doesNotContain("Server:");
        if (status > 0) {
            assertThat(answer.head()).contains("application/problem+json");
        }
        assertThat(broker.ends()).isEqualTo(before);
    }

    @Test
    void errorsOfOlderApisHaveTheirShape() throws IOException {
        for (String path :
                new String[] {"/topics/a%00b", "/topics/..%2fa", "/v3/nope", "/consumers/x/y/z/nope", "/brokers/1"}) {
            Answer answer = RawHttp.send(gateway, "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n");
            JsonNode body = JSON.readTree(answer.body());
            assertThat(body.propertyNames()).as(path).containsExactly("error_code", "message");
            assertThat(body.get("error_code").asInt()).isEqualTo(answer.status());
        }
    }

    @Test
    void headOfWhatIsRefusedHasNoBody() throws IOException {
        try (RawHttp raw = new RawHttp(gateway)) {
            raw.write("HEAD /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(raw.read().body()).isEmpty();
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderAndWhatFollowsARefusalIsNotARequest() throws IOException {
        Map<TopicPartition, Long> before = broker.ends();
        try (RawHttp raw = new RawHttp(gateway)) {
            String hidden = POST + "Content-Length: 1\r\n\r\nx";
            raw.write("GET /v1/topics HTTP/1.1\r\n" + HOST + "\r\n" + POST
                    + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden);
            assertThat(raw.read().status()).isEqualTo(200);
            Answer second = raw.read();
            assertThat(second.status()).isEqualTo(400);
            assertThat(second.closes()).isTrue();
            assertThat(raw.isClosed()).isTrue();
        }
        assertThat(broker.ends()).isEqualTo(before);
    }

    @Test
    void requestsAfterOneThatLeftItsBodyUnreadAreReadInTheirPlace() throws IOException {
        try (RawHttp raw = new RawHttp(gateway)) {
            raw.write("POST /nope HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhelloGET /v1/topics HTTP/1.1\r\n"
                    + HOST + "\r\n");
            assertThat(raw.read().status()).isEqualTo(404);
            assertThat(raw.read().status()).isEqualTo(200);
        }
        try (RawHttp raw = new RawHttp(gateway)) {
            // The rest comes a moment later: it is read away, not taken for a request.
            raw.write("POST /nope HTTP/1.1\r\n" + HOST + "Content-Length: 50\r\n\r\nhello");
            raw.write("GET /v1/topics HTTP/1.1\r\n" + HOST + "\r\nabcdefghi");
            assertThat(raw.read().status()).isEqualTo(404);
            raw.write("GET /v1/topics HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(raw.read().status()).isEqualTo(200);
        }
    }

    @Test
    void oversizeBodiesGetTheirAnswerAlthoughTheClientIsStillSending() throws Exception {
        byte[] large = new byte[20 * 1024 * 1024];
        for (boolean chunked : new boolean[] {false, true}) {
            HttpRequest request = HttpRequest.newBuilder(gateway.uri("/v1/topics/t/records"))
                    .POST(
                            chunked
                                    ? HttpRequest.BodyPublishers.ofInputStream(
                                            () -> new java.io.ByteArrayInputStream(large))
                                    : HttpRequest.BodyPublishers.ofByteArray(large))
                    .build();
            HttpResponse<String> answer = gateway.http().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(JSON.readTree(answer.body()).get("code").asInt()).isEqualTo(41301);
        }
    }

    @Test
    void whoAsksBeforeSendingIsToldBeforeSending() throws IOException {
        try (RawHttp raw = new RawHttp(gateway)) {
            raw.write(POST + "Expect: 100-continue\r\nContent-Length: 9000000\r\n\r\n");
            Answer answer = raw.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.closes()).isTrue();
        }
        try (RawHttp raw = new RawHttp(gateway)) {
            raw.write(POST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 100");
            raw.write("hello");
            assertThat(raw.read().status()).isEqualTo(201);
        }
    }

    @Test
    void bodiesThatDoNotComeHoldNoThread() throws IOException {
        List<RawHttp> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                // Some are refused before their body, some wait for it, some never will be looked at.
                String[] heads = {
                    "POST /nope HTTP/1.1\r\n" + HOST,
                    POST,
                    "GET /v1/topics/none HTTP/1.1\r\n" + HOST,
                    "GET /v1/topics HTTP/1.1\r\n" + HOST,
                    "TRACE /v1/topics HTTP/1.1\r\n" + HOST,
                    "POST /topics/t HTTP/1.1\r\n" + HOST
                };
                String body = i % 2 == 0 ? "Content-Length: 1000\r\n\r\nx" : CHUNKED + "\r\n5\r\nh";
                stalled.add(new RawHttp(gateway).write(heads[i % heads.length] + body));
            }
            long before = System.nanoTime();
            assertThat(gateway.get("/v1/topics").statusCode()).isEqualTo(200);
            assertThat(gateway.managementStatus("/actuator/health/liveness")).isEqualTo(200);
            assertThat(System.nanoTime() - before).isLessThan(1_000_000_000L);
            for (RawHttp one : stalled) {
                Answer answer = one.read();
                assertThat(answer.status()).isIn(404, 408, 405, 200, 415);
                assertThat(answer.closes()).as(answer.toString()).isTrue();
            }
        } finally {
            for (RawHttp one : stalled) {
                one.close();
            }
        }
    }

    @Test
    void bodiesThatDripAreCut() throws Exception {
        Map<TopicPartition, Long> before = broker.ends();
        try (RawHttp raw = new RawHttp(gateway)) {
            raw.write(POST + "Content-Length: 100\r\n\r\n");
            long begun = System.nanoTime();
            java.util.concurrent.ScheduledExecutorService drip =
                    java.util.concurrent.Executors.newSingleThreadScheduledExecutor();
            drip.scheduleAtFixedRate(
                    () -> {
                        try {
                            raw.write("x");
                        } catch (IOException closed) {
                            throw new java.io.UncheckedIOException(closed);
                        }
                    },
                    0,
                    200,
                    java.util.concurrent.TimeUnit.MILLISECONDS);
            Answer answer = raw.read();
            drip.shutdownNow();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(System.nanoTime() - begun).isBetween(1_900_000_000L, 4_000_000_000L);
        }
        assertThat(broker.ends()).isEqualTo(before);
    }
}
