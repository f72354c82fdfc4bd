package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.RunningGateway;
import io.naru.gateway.group.PollClient.Poll;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /v1/groups/{g}/records} and what there is to see of groups. */
@Timeout(60)
class GroupStreamIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static GroupWorld world;

    private final String group = GroupWorld.group();
    private final PollClient client = world.client(0, group);

    @BeforeAll
    static void start() {
        world = new GroupWorld(
                1,
                "--naru.gateway.group.revoke-grace=10s",
                "--naru.gateway.group.stream-sign-of-life=100ms",
                "--naru.gateway.cursor-secret=the same on all gateways");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    /** A stream that is read by a thread of its own. */
    private static final class Stream implements AutoCloseable {
        private final InputStream body;
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

        Stream(RunningGateway gateway, String path, String... headers) {
            try {
                HttpRequest.Builder request = HttpRequest.newBuilder(gateway.uri(path));
                if (headers.length > 0) {
                    request.headers(headers);
                }
                HttpResponse<InputStream> response = gateway.http().send(request.build(), BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                body = response.body();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            Thread reader = new Thread(this::read, "stream");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                String line = reader.readLine();
                while (line != null) {
                    lines.add(line);
                    line = reader.readLine();
                }
                lines.add("END");
            } catch (IOException closed) {
                lines.add("CUT");
            }
        }

        List<JsonNode> json() {
            synchronized (lines) {
                return lines.stream()
                        .filter(line -> line.startsWith("{"))
                        .map(JSON::readTree)
                        .toList();
            }
        }

        List<String> values() {
            return json().stream()
                    .filter(line -> line.has("value"))
                    .map(line -> line.get("value").asString())
                    .toList();
        }

        List<JsonNode> events(String name) {
            return json().stream()
                    .filter(line -> line.path("event").asString("").equals(name))
                    .toList();
        }

        boolean any(Predicate<String> line) {
            synchronized (lines) {
                return lines.stream().anyMatch(line);
            }
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private Stream stream(String query, String... headers) {
        return new Stream(world.gateway(0), "/v1/groups/" + group + "/records?" + query, headers);
    }

    @Test
    void recordsComeAsTheyAreWrittenAndAreAcknowledgedOnceSent() throws Exception {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b");
        try (Stream stream = stream("topics=" + topic + "&from=earliest")) {
            GroupWorld.eventually(() -> stream.values().equals(List.of("a", "b")));
            assertThat(stream.events("assigned").get(0).required("partitions")).hasSize(1);
            GroupWorld.eventually(() -> world.coordinator().committed(group, topic, 0) == 2);
            world.write(topic, 0, "c");
            GroupWorld.eventually(() -> stream.values().equals(List.of("a", "b", "c")));
            GroupWorld.eventually(() -> world.coordinator().committed(group, topic, 0) == 3);
        }
    }

    @Test
    void withoutAutomaticAcknowledgementTheClientCommitsTheCursor() throws Exception {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        try (Stream stream = stream("topics=" + topic + "&from=earliest&ack=none")) {
            GroupWorld.eventually(() -> !stream.events("cursor").isEmpty());
            world.write(topic, 0, "b");
            GroupWorld.eventually(() -> stream.values().size() == 2);
            assertThat(world.coordinator().committed(group, topic, 0)).isLessThanOrEqualTo(0);
            String cursor = stream.events("cursor").get(0).required("cursor").asString();
            assertThat(world.gateway(0)
                            .post("/v1/groups/" + group + "/ack", "{\"cursor\":\"" + cursor + "\"}")
                            .statusCode())
                    .isBetween(200, 204);
            assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(1);
        }
    }

    @Test
    void rebalancesAreEventsAndNothingUnacknowledgedMovesBeforeItIsSaid() throws Exception {
        String topic = world.topic(2);
        world.write(topic, 0, "a");
        world.write(topic, 1, "b");
        try (Stream stream = stream("topics=" + topic + "&from=earliest&ack=none")) {
            GroupWorld.eventually(() -> stream.values().size() == 2);
            var other = client.poll(new Poll().topics(topic).earliest().with("wait_ms", 200));
            GroupWorld.eventually(() -> !stream.events("revoking").isEmpty());
            assertThat(stream.events("revoked")).isEmpty();
            List<JsonNode> cursors = stream.events("cursor");
            String last = cursors.get(cursors.size() - 1).required("cursor").asString();
            world.gateway(0).post("/v1/groups/" + group + "/ack", "{\"cursor\":\"" + last + "\"}");
            GroupWorld.eventually(() -> !stream.events("revoked").isEmpty());
            assertThat(stream.events("revoked").get(0).required("partitions")).hasSize(1);
            assertThat(other.json().has("member")).isTrue();
        }
    }

    @Test
    void memberLeavesAtOnceWhenItsClientDoes() throws Exception {
        String topic = world.topic(1);
        world.write(topic, 0, "a");
        Stream stream = stream("topics=" + topic + "&from=earliest");
        GroupWorld.eventually(() -> stream.values().size() == 1);
        assertThat(world.coordinator().members(group)).hasSize(1);
        stream.close();
        GroupWorld.eventually(() -> world.coordinator().members(group).isEmpty());
    }

    @Test
    void eventsCarryCursorsToResumeFrom() throws Exception {
        String topic = world.topic(1);
        world.write(topic, 0, "a", "b");
        String id;
        try (Stream stream = stream("topics=" + topic + "&from=earliest&ack=none", "Accept", "text/event-stream")) {
            GroupWorld.eventually(() -> stream.any(line -> line.startsWith("id: ")));
            assertThat(stream.any(line -> line.equals("event: assigned"))).isTrue();
            synchronized (stream.lines) {
                id = stream.lines.stream()
                        .filter(line -> line.startsWith("id: "))
                        .reduce((before, last) -> last)
                        .orElseThrow()
                        .substring("id: ".length());
            }
        }
        GroupWorld.eventually(() -> world.coordinator().members(group).isEmpty());
        world.write(topic, 0, "c");
        try (Stream stream = stream(
                "topics=" + topic + "&from=earliest&ack=none", "Accept", "text/event-stream", "Last-Event-ID", id)) {
            GroupWorld.eventually(() -> stream.any(line -> line.startsWith("data:") && line.contains("\"c\"")));
            assertThat(stream.any(line -> line.contains("\"value\":\"a\""))).isFalse();
        }
    }

    /** A client that reads nothing holds up nobody, and no more of the topic than a few answers waits for it. */
    @Test
    void slowClientIsNotReadAhead() throws Exception {
        String topic = world.topic(1);
        String large = "x".repeat(64 * 1024);
        for (int i = 0; i < 400; i++) {
            world.write(topic, 0, large);
        }
        try (Socket socket = world.gateway(0).socket()) {
            String request = "GET /v1/groups/" + group + "/records?topics=" + topic
                    + "&from=earliest HTTP/1.1\r\nHost: a\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            GroupWorld.eventually(() -> world.coordinator().committed(group, topic, 0) > 0);
            client.poll(new Poll().topics(world.topic(1)).with("wait_ms", 1_500));
            assertThat(world.coordinator().committed(group, topic, 0))
                    .as("what the socket took, of 400 records of 64 KiB")
                    .isLessThan(300);
        }
    }

    @Test
    void streamThatCannotBeIsRefusedWithAStatus() {
        String path = "/v1/groups/" + group + "/records";
        assertThat(world.gateway(0).get(path).statusCode()).isEqualTo(400);
        assertThat(world.gateway(0).get(path + "?topics=a&pattern=b").statusCode())
                .isEqualTo(400);
        assertThat(world.gateway(0).get(path + "?topics=there-is-none").statusCode())
                .isEqualTo(404);
        assertThat(world.gateway(0).get(path + "?topics=..").statusCode()).isEqualTo(422);
        assertThat(world.gateway(0).get(path + "?topics=a&ack=perhaps").statusCode())
                .isEqualTo(400);
    }

    @Test
    void coordinatorThatSaysNothingIsSaidWithAStatus() {
        try (GroupWorld own = new GroupWorld(1, "--naru.gateway.group.ack-time=1s")) {
            String topic = own.topic(1);
            own.coordinator().fallSilent();
            HttpResponse<String> answer = own.gateway(0).get("/v1/groups/" + group + "/records?topics=" + topic);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("coordinator of group " + group);
        }
    }

    @Test
    void stoppingGatewayEndsTheStreamWithAnEventAndKeepsWhatWasAcknowledged() throws Exception {
        try (GroupWorld own = new GroupWorld(1, "--naru.gateway.cursor-secret=the same on all gateways")) {
            String topic = own.topic(1);
            own.write(topic, 0, "a");
            try (Stream stream =
                    new Stream(own.gateway(0), "/v1/groups/" + group + "/records?topics=" + topic + "&from=earliest")) {
                GroupWorld.eventually(() -> stream.values().size() == 1);
                own.gateway(0).close();
                GroupWorld.eventually(() -> stream.any(line -> line.equals("END")));
                assertThat(stream.events("closing")).hasSize(1);
                assertThat(own.coordinator().committed(group, topic, 0)).isEqualTo(1);
                GroupWorld.eventually(() -> own.coordinator().members(group).isEmpty());
            }
        }
    }

    @Test
    void groupsAreListedAndDescribedWithTheirLag() {
        String topic = world.topic(2);
        world.write(topic, 0, "a", "b", "c");
        var first = client.poll(new Poll().topics(topic).earliest().with("max_records", 1))
                .ok();
        client.poll(new Poll().with("ack", first.cursor()).with("max_records", 1))
                .ok();

        JsonNode list =
                JSON.readTree(world.gateway(0).get("/v1/groups?prefix=" + group).body());
        assertThat(list.required("groups")).hasSize(1);
        assertThat(list.required("groups").get(0).required("group").asString()).isEqualTo(group);

        JsonNode one = JSON.readTree(world.gateway(0).get("/v1/groups/" + group).body());
        assertThat(one.required("type").asString()).isEqualTo("consumer");
        assertThat(one.required("members")).hasSize(1);
        assertThat(one.required("members").get(0).required("assignment")).hasSize(2);
        JsonNode partition = one.required("partitions").get(0);
        assertThat(partition.required("committed").asLong()).isEqualTo(1);
        assertThat(partition.required("end").asLong()).isEqualTo(3);
        assertThat(partition.required("lag").asLong()).isEqualTo(2);
        assertThat(partition.required("lag_seconds").asDouble()).isPositive();
        assertThat(one.required("lag").asLong()).isEqualTo(2);

        assertThat(world.gateway(0).get("/v1/groups/there-is-none").statusCode())
                .isEqualTo(404);
    }
}
