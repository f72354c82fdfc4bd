package io.naru.gateway.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import io.naru.gateway.strict.RawHttp.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Valid requests, changed at random: whatever comes of them is answered at once, is never a mistake of the gateway's, and what is refused
 * is not written in part. {@code -Dnaru.seed=} takes another seed.
 */
class GeneratedVariantsIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long SEED = Long.getLong("naru.seed", 20_261_122L);
    private static final int VARIANTS = 400;
    private static final String INTERESTING = "\"\\{}[],:0159.-+eEtfn \t\r\n\0\u007f\u0080\u00ff\u00c3\u00a9%/?&=;*'$u";

    private static FakeBroker broker;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("t", 2);
        gateway = RunningGateway.start(
                broker.bootstrap(), "--naru.gateway.limits.body-time=5s", "--naru.gateway.admin-url=");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    /**
     * A valid request.
     *
     * @param whole whether a refusal means that nothing was written
     */
    record Valid(String method, String target, String headers, String body, boolean whole) {

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    static List<Valid> valid() {
        return List.of(
                new Valid(
                        "POST",
                        "/v1/topics/t/records?key=a&partition=1&timestamp=5&acks=1",
                        "Record-Header-A: b\r\n",
                        "hello",
                        true),
                new Valid("POST", "/v1/topics/t/records", "Content-Type: application/x-ndjson\r\n", """
                        {"key":"k","value":{"a":[1,2.5e3,"\\u00e9"]},"headers":{"h":"v"},"partition":1}
                        {"value":{"$binary":"AAEC"},"timestamp":7}
                        {"value":null}
                        """, false),
                new Valid(
                        "POST",
                        "/topics/t",
                        "Content-Type: application/vnd.kafka.json.v2+json\r\n",
                        "{\"records\":[{\"key\":\"a\",\"value\":{\"b\":[true,null,-1]}},{\"value\":\"x\",\"partition\":1}]}",
                        true),
                new Valid(
                        "POST",
                        "/topics/t/partitions/0",
                        "Content-Type: application/vnd.kafka.binary.v2+json\r\nAccept: application/vnd.kafka.v2+json\r\n",
                        "{\"records\":[{\"key\":\"AAEC\",\"value\":\"/+8=\"}],\"value_schema_id\":null}",
                        true),
                new Valid(
                        "POST",
                        "/v3/clusters/fake-cluster/topics/t/records:batch",
                        "Content-Type: application/json\r\n",
                        "{\"entries\":[{\"id\":\"a\",\"key\":{\"type\":\"STRING\",\"data\":\"k\"},\"value\":{\"type\":\"BINARY\",\"data\":\"AAEC\"},"
                                + "\"headers\":[{\"name\":\"h\",\"value\":\"AA==\"}],\"timestamp\":\"2026-01-31T12:00:00Z\"}]}",
                        true),
                new Valid(
                        "GET",
                        "/v1/topics/t/partitions/1/records?offset=0&limit=2&key_format=text",
                        "Accept: application/json\r\n",
                        "",
                        true),
                new Valid(
                        "GET",
                        "/v1/topics/t/records?from=0:0,1:0&isolation=read_committed",
                        "Accept: text/event-stream\r\n",
                        "",
                        true),
                new Valid(
                        "GET", "/topics/t/partitions/1/offsets", "Accept: application/json, */*;q=0.5\r\n", "", true));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void theRequestsThemselvesAreValid(Valid request) throws IOException {
        assertThat(send(request.method(), request.target(), request.headers(), request.body())
                        .status())
                .isBetween(200, 299);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void variantsAreAnsweredAndNeverAMistakeOfOurs(Valid request) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < VARIANTS; i++) {
            String target = request.target();
            String headers = request.headers();
            String body = request.body();
            int part = random.nextInt(request.body().isEmpty() ? 2 : 6);
            if (part == 0) {
                target = "/" + changed(target.substring(1), random).replaceAll("[\\s\\x00-\\x20\\x7f-\\xff]", "_");
            } else if (part == 1) {
                headers = changed(headers.substring(0, headers.length() - 2), random)
                                .replaceAll("[\\r\\n]", "_") + "\r\n";
            } else {
                body = changed(body, random);
            }
            long before = ends();
            Answer answer = send(request.method(), target, headers, body);
            String what = "seed %d, variant %d: %s %s%n%s%n%s%n→ %s"
                    .formatted(SEED, i, request.method(), target, headers, body, answer);
            assertThat(answer.status()).as(what).isBetween(200, 499);
            if (answer.status() >= 400) {
                assertThat(isJsonOrNone(answer)).as(what).isTrue();
                assertThat(!request.whole() || ends() == before).as(what).isTrue();
            }
        }
    }

    @Test
    void everyTruncationOfABodyIsRefusedAndWritesNothing() throws IOException {
        for (Valid request : valid()) {
            if (request.headers().contains("json")
                    && request.whole()
                    && !request.body().isEmpty()) {
                for (int length = 0; length < request.body().length(); length++) {
                    long before = ends();
                    Answer answer = send(
                            request.method(),
                            request.target(),
                            request.headers(),
                            request.body().substring(0, length));
                    assertThat(answer.status())
                            .as(request + " cut to " + length)
                            .isBetween(400, 499);
                    assertThat(isJsonOrNone(answer)).isTrue();
                    assertThat(ends()).isEqualTo(before);
                }
            }
        }
    }

    private static long ends() {
        return broker.log("t", 0).end() + broker.log("t", 1).end();
    }

    private static Answer send(String method, String target, String headers, String body) throws IOException {
        return RawHttp.send(
                gateway,
                method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
                        + (method.equals("POST") ? "Content-Length: " + body.length() + "\r\n" : "") + "\r\n" + body);
    }

    private static boolean isJsonOrNone(Answer answer) {
        try {
            return answer.body().isEmpty() || JSON.readTree(answer.body()).isObject();
        } catch (JacksonException notJson) {
            return false;
        }
    }

    /** One to three changes: a character replaced, inserted, taken away; a piece doubled or cut out. */
    private static String changed(String text, Random random) {
        StringBuilder all = new StringBuilder(text);
        for (int i = 1 + random.nextInt(3); i > 0 && !all.isEmpty(); i--) {
            int at = random.nextInt(all.length());
            char c = INTERESTING.charAt(random.nextInt(INTERESTING.length()));
            int to = Math.min(all.length(), at + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> all.setCharAt(at, c);
                case 1 -> all.insert(at, c);
                case 2 -> all.deleteCharAt(at);
                case 3 -> all.insert(at, all.substring(at, to));
                case 4 -> all.delete(at, to);
                default -> all.setCharAt(at, (char) random.nextInt(256));
            }
        }
        return all.toString();
    }
}
