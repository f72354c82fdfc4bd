package io.naru.gateway.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import io.naru.gateway.strict.RawHttp.Answer;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pages of other origins, names of requests. */
class MannersIT {

    private static final String APP = "https://app.example.com";

    private static FakeBroker broker;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("t", 1);
        gateway = RunningGateway.start(broker.bootstrap(), "--naru.gateway.cors.allowed-origins=" + APP);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    private static Answer send(String head) throws IOException {
        return RawHttp.send(gateway, head + "Host: me:8080\r\nConnection: close\r\n\r\n");
    }

    @Test
    void pagesOfAllowedOriginsMayCallAndReadWhatTheyNeed() throws IOException {
        Answer answer = send("POST /v1/topics/t/records HTTP/1.1\r\nOrigin: " + APP + "\r\nContent-Length: 0\r\n");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.head())
                .contains("Access-Control-Allow-Origin: " + APP)
                .contains("Vary: Origin")
                .contains("Access-Control-Expose-Headers: Location, Link, ETag");
    }

    @Test
    void pagesOfOtherOriginsAreRefusedAndWriteNothing() throws IOException {
        long before = broker.log("t", 0).end();
        for (String origin :
                new String[] {"https://evil.example.com", "null", APP + ".evil.com", "http://app.example.com"}) {
            Answer answer =
                    send("POST /v1/topics/t/records HTTP/1.1\r\nOrigin: " + origin + "\r\nContent-Length: 0\r\n");
            assertThat(answer.status()).as(origin).isEqualTo(403);
            assertThat(answer.body()).contains("\"code\":40302").contains("allowed-origins");
            assertThat(answer.head()).doesNotContain("Access-Control");
        }
        assertThat(broker.log("t", 0).end()).isEqualTo(before);
    }

    @Test
    void pagesThatTheGatewayServesMayCall() throws IOException {
        assertThat(send("GET /v1/topics HTTP/1.1\r\nOrigin: http://me:8080\r\n").status())
                .isEqualTo(200);
    }

    @Test
    void preflightRequestsAreAnswered() throws IOException {
        Answer answer = send("OPTIONS /v1/topics/t/records HTTP/1.1\r\nOrigin: " + APP
                + "\r\nAccess-Control-Request-Method: POST\r\n"
                + "Access-Control-Request-Headers: content-type, record-header-a\r\n");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.head())
                .contains("Access-Control-Allow-Origin: " + APP)
                .contains("Access-Control-Allow-Methods: GET, HEAD, OPTIONS, POST")
                .contains("Access-Control-Allow-Headers: content-type, record-header-a")
                .contains("Access-Control-Max-Age: 600");
        Answer refused = send("OPTIONS /v1/topics/t/records HTTP/1.1\r\nOrigin: " + APP
                + ".evil\r\nAccess-Control-Request-Method: POST\r\n");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.head()).doesNotContain("Access-Control");
    }

    @Test
    void optionsWithoutAnOriginNamesTheMethods() throws IOException {
        Answer answer = send("OPTIONS /v1/topics HTTP/1.1\r\n");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.head()).contains("Allow: GET, HEAD, OPTIONS").doesNotContain("Access-Control");
        assertThat(send("OPTIONS /nope HTTP/1.1\r\n").status()).isEqualTo(404);
    }

    @Test
    void everyAnswerNamesItsRequest() {
        HttpResponse<String> first = gateway.get("/v1/topics");
        HttpResponse<String> second = gateway.get("/nope");
        String one = first.headers().firstValue("X-Request-Id").orElseThrow();
        assertThat(one).isNotBlank();
        assertThat(second.headers().firstValue("X-Request-Id"))
                .isPresent()
                .isNotEqualTo(first.headers().firstValue("X-Request-Id"));
    }

    @Test
    void theClientMayNameItsRequestIfTheNameIsSane() {
        assertThat(gateway.get("/v1/topics", "X-Request-Id", "order-17/a")
                        .headers()
                        .firstValue("X-Request-Id"))
                .hasValue("order-17/a");
        assertThat(gateway.get("/v1/topics", "X-Request-Id", "x".repeat(200))
                        .headers()
                        .firstValue("X-Request-Id")
                        .orElseThrow())
                .doesNotContain("xx");
    }
}
