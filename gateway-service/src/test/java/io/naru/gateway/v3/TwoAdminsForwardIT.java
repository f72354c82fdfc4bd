package io.naru.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A gateway that knows two admin-services, of which one stands by. */
class TwoAdminsForwardIT {

    private static final String REFUSAL =
            "{\"error_code\":503,\"message\":\"This admin-service is not the active controller.\"}";

    @Test
    void theOneThatOnlyStandsByIsPassedOverAndNotAskedAgain() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer passive = admin(503, REFUSAL, asked);
        HttpServer active = admin(200, "{\"data\":[]}", new AtomicInteger());
        try (FakeBroker broker = FakeBroker.withTopic("t", 1);
                RunningGateway gateway = gateway(broker, passive, active)) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = gateway.get("/v3/clusters");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
            assertThat(asked).hasValue(1);
        } finally {
            passive.stop(0);
            active.stop(0);
        }
    }

    @Test
    void whenNoneIsActiveItsRefusalIsTheAnswer() throws IOException {
        HttpServer one = admin(503, REFUSAL, new AtomicInteger());
        HttpServer other = admin(503, REFUSAL, new AtomicInteger());
        try (FakeBroker broker = FakeBroker.withTopic("t", 1);
                RunningGateway gateway = gateway(broker, one, other)) {
            HttpResponse<String> answer = gateway.get("/v3/clusters");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo(REFUSAL);
        } finally {
            one.stop(0);
            other.stop(0);
        }
    }

    private static RunningGateway gateway(FakeBroker broker, HttpServer first, HttpServer second) {
        return RunningGateway.start(broker.bootstrap(), "--naru.gateway.admin-url=" + url(first) + "," + url(second));
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static HttpServer admin(int status, String body, AtomicInteger asked) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (status == 503) {
                exchange.getResponseHeaders().set("Naru-Outcome", "not-written");
            }
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }
}
