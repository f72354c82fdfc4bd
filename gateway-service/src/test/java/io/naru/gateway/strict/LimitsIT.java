package io.naru.gateway.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import io.naru.gateway.group.GroupWorld;
import io.naru.gateway.strict.RawHttp.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each limit of docs/api/limits.md at a small value: what is within it is served, what is beyond it gets the answer that stands there. */
@Timeout(120)
class LimitsIT {

    private static final int CONNECTIONS = 40;
    /** Fewer: other tests' connections may still be closing. */
    private static final int SERVED = 30;

    private static GroupWorld world;
    private static FakeBroker broker;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        world = new GroupWorld(
                1,
                "--naru.gateway.limits.body-size=1MB",
                "--naru.gateway.limits.body-memory=1MB",
                "--naru.gateway.limits.records-per-request=3",
                "--naru.gateway.limits.batch-entries=2",
                "--naru.gateway.limits.json-depth=5",
                "--naru.gateway.limits.long-polls=2",
                "--naru.gateway.limits.wait-max=1s",
                "--naru.gateway.produce.buffer-memory=512KB",
                "--naru.gateway.read.page-size-max=2MB",
                "--naru.gateway.read.memory=300KB",
                "--naru.gateway.read.keep-alive=300ms",
                "--naru.gateway.v2.instances-max=2",
                "--server.tomcat.max-connections=" + CONNECTIONS);
        broker = world.broker();
        broker.topic("t", 1).topic("held", 1).topic("large", 1).topic("__naru_http_consumers", 4);
        gateway = world.gateway(0);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void recordsInABody() throws IOException {
        assertThat(v2(3).status()).isEqualTo(200);
        assertThat(v2(4).status()).isEqualTo(413);
    }

    private static Answer v2(int records) throws IOException {
        return post(
                "/topics/t",
                "application/vnd.kafka.json.v2+json",
                "{\"records\":[" + "{\"value\":1},".repeat(records - 1) + "{\"value\":1}]}");
    }

    @Test
    void entriesOfABatch() throws IOException {
        assertThat(batch("1,2").status()).isEqualTo(207);
        assertThat(batch("1,2,3").status()).isEqualTo(422);
    }

    private static Answer batch(String ids) throws IOException {
        return post(
                "/v3/clusters/fake-cluster/topics/t/records:batch",
                "application/json",
                "{\"entries\":[" + ids.replaceAll("\\d", "{\"id\":\"$0\",\"value\":{\"type\":\"JSON\",\"data\":1}}")
                        + "]}");
    }

    @Test
    void nestingOfJson() throws IOException {
        assertThat(nested(2).status()).isEqualTo(200);
        assertThat(nested(6).status()).isEqualTo(400);
    }

    private static Answer nested(int depth) throws IOException {
        return post(
                "/topics/t",
                "application/vnd.kafka.json.v2+json",
                "{\"records\":[{\"value\":" + "[".repeat(depth) + "]".repeat(depth) + "}]}");
    }

    @Test
    void waitingAndPageSize() throws IOException {
        assertThat(get("/v1/topics/t/partitions/0/records?wait=1000").status()).isEqualTo(200);
        assertThat(get("/v1/topics/t/partitions/0/records?wait=1001").status()).isEqualTo(400);
        assertThat(get("/v1/topics/t/partitions/0/records?max_bytes=2097152").status())
                .isEqualTo(200);
        assertThat(get("/v1/topics/t/partitions/0/records?max_bytes=2097153").status())
                .isEqualTo(400);
    }

    @Test
    void pagesThatAreBeingMade() throws IOException {
        broker.topic("pages", 1);
        post("/v1/topics/pages/records", "", "x".repeat(100_000));
        assertThat(get("/v1/topics/pages/partitions/0/records").status()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            post("/v1/topics/pages/records", "", "x".repeat(100_000));
        }
        Answer refused = get("/v1/topics/pages/partitions/0/records");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.head()).contains("Retry-After");
        assertThat(get("/v1/topics/pages/partitions/0/records?limit=1").status())
                .isEqualTo(200);
    }

    @Test
    void requestsThatWait() throws IOException {
        List<RawHttp> followers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            RawHttp follower = new RawHttp(gateway).write(request("GET", "/v1/topics/t/records?follow=true", "", null));
            assertThat(follower.readHead()).contains("200");
            followers.add(follower);
        }
        Answer refused = get("/v1/topics/t/records?follow=true");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.head()).contains("Retry-After");
        for (RawHttp follower : followers) {
            follower.close();
        }
        Answer later = refused;
        while (later.status() == 503) { // until it is seen that they have gone
            try (RawHttp follower = new RawHttp(gateway)) {
                String head = follower.write(request("GET", "/v1/topics/t/records?follow=true", "", null))
                        .readHead();
                later = new Answer(Integer.parseInt(head.substring(9, 12)), head, "");
            }
        }
        assertThat(later.status()).isEqualTo(200);
    }

    /** Two of these fit into 1 MB. */
    @Test
    void bodiesThatAreArriving() throws IOException {
        List<Socket> all = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Socket slow = gateway.socket();
                all.add(slow);
                write(slow, "POST /v1/topics/large/records HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n");
                write(slow, "x".repeat(399_999));
            }
            List<Socket> refused = List.of();
            while (refused.size() < 3) {
                refused = answered(all);
            }
            for (Socket socket : all) {
                if (refused.contains(socket)) {
                    assertThat(readOne(socket)).startsWith("HTTP/1.1 503").contains("Retry-After");
                } else {
                    write(socket, "x");
                    assertThat(readOne(socket)).startsWith("HTTP/1.1 201");
                }
            }
        } finally {
            for (Socket socket : all) {
                socket.close();
            }
        }
    }

    private static List<Socket> answered(List<Socket> sockets) throws IOException {
        List<Socket> answered = new ArrayList<>();
        for (Socket socket : sockets) {
            if (socket.getInputStream().available() > 0) {
                answered.add(socket);
            }
        }
        return answered;
    }

    /** Five of these fit into 512 KB. */
    @Test
    void recordsThatWaitToBeWritten() throws IOException {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        broker.holdAnswers(gate);
        List<Socket> all = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = gateway.socket();
                all.add(socket);
                write(socket, request("POST", "/v1/topics/held/records", "", "x".repeat(100_000)));
            }
            List<Socket> refused = List.of();
            while (refused.size() < 3) {
                refused = answered(all);
            }
            gate.complete(null);
            for (Socket socket : all) {
                assertThat(readOne(socket)).startsWith(refused.contains(socket) ? "HTTP/1.1 503" : "HTTP/1.1 201");
            }
        } finally {
            gate.complete(null);
            for (Socket socket : all) {
                socket.close();
            }
        }
    }

    @Test
    void consumerInstances() throws IOException {
        String type = "application/vnd.kafka.v2+json";
        for (String name : List.of("a", "b")) {
            assertThat(post("/consumers/limited", type, "{\"name\":\"" + name + "\"}")
                            .status())
                    .isEqualTo(200);
        }
        Answer refused = post("/consumers/limited", type, "{\"name\":\"c\"}");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(RawHttp.send(gateway, request("DELETE", "/consumers/limited/instances/a", "", null))
                        .status())
                .isEqualTo(204);
        assertThat(post("/consumers/limited", type, "{\"name\":\"c\"}").status())
                .isEqualTo(200);
    }

    @Test
    void connections() throws IOException {
        List<Socket> all = new ArrayList<>();
        try {
            String request = request("GET", "/v1/topics/t", "", null).replace("close", "keep-alive");
            while (all.size() < CONNECTIONS + 5) {
                Socket socket = gateway.socket();
                all.add(socket);
                write(socket, request);
            }
            for (Socket served : all.subList(0, SERVED)) {
                readOne(served);
            }
            Socket beyond = all.get(CONNECTIONS + 4);
            assertThat(beyond.getInputStream().available()).isZero();
            for (Socket served : all.subList(0, SERVED)) {
                served.close();
            }
            assertThat(readOne(beyond)).startsWith("HTTP/1.1 200");
        } finally {
            for (Socket socket : all) {
                socket.close();
            }
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readOne(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] some = new byte[4096];
        int length = in.read(some);
        return new String(some, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
    }

    private static Answer get(String target) throws IOException {
        return RawHttp.send(gateway, request("GET", target, "", null));
    }

    private static Answer post(String target, String type, String body) throws IOException {
        return RawHttp.send(gateway, request("POST", target, type, body));
    }

    private static String request(String method, String target, String type, String body) {
        return method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
                + (body == null ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n"
                + (body == null ? "" : body);
    }
}
