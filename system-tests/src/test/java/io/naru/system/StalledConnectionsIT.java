package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that say half of what they promise, many of them, and everyone else in the meantime. 256 MB of heap. */
@Timeout(180)
class StalledConnectionsIT {

    private static final int STALLED = 2_000;
    private static final int ROUNDS = 10;

    private static NaruCluster naru;
    private static Http http;

    @BeforeAll
    static void start() throws IOException {
        naru = NaruCluster.standalone().heapMb(256).start();
        http = new Http(naru.gatewayUrl());
        assertThat(http.post("/v1/topics/calm/records", "before").status()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    private static Socket connect(String head) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), naru.gatewayUrl().getPort());
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** A stalled head, a stalled short body, one of a megabyte that has begun, and a stream: a quarter each. */
    private static String stalled(int i) {
        String post = "POST /v1/topics/calm/records HTTP/1.1\r\nHost: a\r\n";
        return switch (i % 4) {
            case 0 -> "GET /v1/topics HTTP/1.1\r\nHost: a\r\nX-A: ";
            case 1 -> post + "Content-Length: 100\r\n\r\nhalf of ";
            case 2 -> post + "Content-Length: 1000000\r\n\r\n" + "x".repeat(4_000);
            default -> post + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"val";
        };
    }

    @Test
    void healthAnswersBesideTwoThousandStalledConnections() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < STALLED; i++) {
                sockets.add(connect(stalled(i)));
            }
            URI health = naru.managementUrl(NaruService.GATEWAY).resolve("/actuator/health");
            HttpClient client = HttpClient.newHttpClient();
            long slowestMs = 0;
            for (int i = 0; i < ROUNDS; i++) {
                long begun = System.nanoTime();
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(health)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                slowestMs = Math.max(slowestMs, (System.nanoTime() - begun) / 1_000_000);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(http.post("/v1/topics/calm/records", "beside").status())
                        .isEqualTo(201);
            }
            System.out.println("slowest health beside " + STALLED + " stalled connections: " + slowestMs + " ms");
            // All of them are ended, each with an answer or without a word, and nothing of theirs was stored.
            for (Socket socket : sockets) {
                socket.setSoTimeout(60_000);
                assertThat(readToEnd(socket)).matches("(?s)|HTTP/1\\.1 (400|408|200) .*");
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertThat(http.get("/v1/topics/calm/records?from=earliest").text()).doesNotContain("half of");
        assertThat(naru.processOf(NaruService.GATEWAY).isAlive()).isTrue();
    }

    private static String readToEnd(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    @Test
    void tlsOnThePlainPortIsRefused() throws IOException {
        try (Socket socket = connect("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0003\r\n\r\n")) {
            socket.setSoTimeout(60_000);
            assertThat(readToEnd(socket)).matches("(?s)|HTTP/1\\.1 400 .*");
        }
    }
}
