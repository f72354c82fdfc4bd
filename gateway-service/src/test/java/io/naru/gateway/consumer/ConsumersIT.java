package io.naru.gateway.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.consumer.ConsumerClient.Answer;
import io.naru.gateway.group.GroupWorld;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The consumer resource on two gateways, each call at the other one. */
class ConsumersIT {

    private static GroupWorld world;

    @BeforeAll
    static void start() {
        world = new GroupWorld(2);
        world.broker().topic("__naru_http_consumers", 4);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private final String group = GroupWorld.group();
    private final ConsumerClient client = new ConsumerClient(group, world.gateway(0), world.gateway(1));

    @Test
    void createsAnInstance() {
        Answer created = client.create(
                "{\"name\":\"c1\",\"format\":\"json\",\"auto.offset.reset\":\"earliest\"}",
                "Content-Type",
                ConsumerClient.V2,
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "api.example.org",
                "X-Forwarded-Prefix",
                "/kafka");
        assertThat(created.is(200).text())
                .isEqualTo("{\"instance_id\":\"c1\",\"base_uri\":\"https://api.example.org/kafka/consumers/" + group
                        + "/instances/c1\"}");
        assertThat(created.contentType()).isEqualTo(ConsumerClient.V2);
        client.create("{\"name\":\"c1\"}").failed(409, 40902);
        client.delete("c1", "").is(204);
        client.delete("c1", "").failed(404, 40403);
        client.create("{\"name\":\"c1\"}").is(200);
    }

    @Test
    void theBodyIsOptional() {
        Answer created = client.create("").is(200);
        String name = created.json().required("instance_id").asString();
        assertThat(name).startsWith("rest-consumer-");
        client.get(name, "/subscription").is(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"format\":\"avro\"}|422|422",
                "{\"auto.offset.reset\":\"foo\"}|422|42204",
                "{\"fetch.min.bytes\":10000001}|422|40001",
                "{\"fetch.min.bytes\":\"x\"}|422|422",
                "{\"auto.commit.enable\":7}|422|422",
                "{\"foo\":1}|422|422",
                "{\"name\":1}|422|422",
                "{\"name\":\"a\",\"name\":\"b\"}|422|422",
                "{\"name\":|400|400",
                "[]|400|400"
            })
    void refusesWhatNoInstanceCanBe(String body, int status, int code) {
        client.create(body).failed(status, code);
    }

    @Test
    void everyCallMayGoToAnyGateway() {
        String topic = world.topic(2);
        world.write(topic, 0, "\"a0\"", "\"a1\"");
        world.write(topic, 1, "\"b0\"");
        client.subscribed("c1", topic);
        assertThat(client.values("c1")).hasSize(3).contains("a0", "a1", "b0");
        world.write(topic, 1, "\"b1\"");
        assertThat(client.values("c1")).containsExactly("b1");
        world.write(topic, 0, "\"a2\"");
        assertThat(client.values("c1")).containsExactly("a2");
        assertThat(client.post("c1", "/offsets", "").is(200).text()).isEqualTo("[]");
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(3);
        assertThat(world.coordinator().committed(group, topic, 1)).isEqualTo(2);
        assertThat(world.coordinator().members(group)).hasSize(1);
        client.delete("c1", "").is(204);
        GroupWorld.eventually(() -> world.coordinator().members(group).isEmpty());
    }

    @Test
    void aLongReadEndsWhenThereIsSomething() throws Exception {
        String topic = world.topic(1);
        client.subscribed("c1", topic);
        long begun = System.nanoTime();
        CompletableFuture<Answer> reading = client.later("c1", "/records?timeout=15000");
        GroupWorld.eventually(() -> !world.coordinator().members(group).isEmpty());
        world.write(topic, 0, "1");
        assertThat(reading.get(10, TimeUnit.SECONDS).is(200).text())
                .isEqualTo("[{\"topic\":\"" + topic + "\",\"key\":null,\"value\":1,\"partition\":0,\"offset\":0}]");
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(client.get("c1", "/records?timeout=50").is(200).text()).isEqualTo("[]");
    }

    @Test
    void anotherCallEndsALongRead() throws Exception {
        String topic = world.topic(1);
        ConsumerClient one = new ConsumerClient(group, world.gateway(0));
        one.subscribed("c1", topic);
        assertThat(one.get("c1", "/assignments").is(200).text()).contains("\"partition\":0");
        CompletableFuture<Answer> reading = one.later("c1", "/records?timeout=20000");
        GroupWorld.eventually(() -> {
            one.get("c1", "/subscription").is(200);
            return reading.isDone();
        });
        assertThat(reading.get(1, TimeUnit.SECONDS).is(200).text()).isEqualTo("[]");
    }

    @Test
    void aRecordThatIsNotJsonNeitherBlocksNorHidesItsNeighbours() {
        String topic = world.topic(1);
        world.write(topic, 0, "{\"n\":1}", "not json", "{\"n\":3}");
        client.subscribed("c1", topic);
        Answer read = client.get("c1", "/records?timeout=3000", "Accept", "application/vnd.kafka.json.v2+json")
                .is(200);
        assertThat(read.contentType()).isEqualTo("application/vnd.kafka.json.v2+json");
        assertThat(read.json()).hasSize(3);
        assertThat(read.json().get(1).required("value").asString()).isEqualTo("bm90IGpzb24=");
        assertThat(read.json().get(1).required("error_code").asInt()).isEqualTo(40801);
        assertThat(read.json().get(2).required("value").required("n").asInt()).isEqualTo(3);
        assertThat(read.json().get(2).has("error_code")).isFalse();
    }

    @Test
    void binaryIsTheDefaultAndNullStaysNull() {
        String topic = world.topic(1);
        world.broker()
                .log(topic, 0)
                .append(MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(1_000L, "k".getBytes(StandardCharsets.UTF_8), null)));
        client.create("{\"name\":\"c1\",\"auto.offset.reset\":\"earliest\"}").is(200);
        client.post("c1", "/subscription", "{\"topic_pattern\":\"" + topic + "\"}")
                .is(204);
        assertThat(client.get("c1", "/records?timeout=3000", "Accept", "*/*")
                        .is(200)
                        .text())
                .isEqualTo(
                        "[{\"topic\":\"" + topic + "\",\"key\":\"aw==\",\"value\":null,\"partition\":0,\"offset\":0}]");
        assertThat(client.get("c1", "/subscription").is(200).text()).isEqualTo("{\"topics\":[\"" + topic + "\"]}");
        client.get("c1", "/records", "Accept", "application/vnd.kafka.json.v2+json")
                .failed(406, 40601);
        client.get("c1", "/records", "Accept", "text/html").failed(406, 406);
    }

    @Test
    void aRecordLargerThanMaxBytesComesAlone() {
        String topic = world.topic(1);
        world.write(topic, 0, "\"" + "x".repeat(1_000) + "\"", "2");
        client.subscribed("c1", topic);
        assertThat(client.get("c1", "/records?timeout=3000&max_bytes=10")
                        .is(200)
                        .json())
                .hasSize(1);
        assertThat(client.get("c1", "/records?timeout=3000&max_bytes=10")
                        .is(200)
                        .json())
                .hasSize(1);
    }

    @Test
    void seeksInWhatIsAssigned() {
        String topic = world.topic(2);
        world.write(topic, 0, "0", "1", "2", "3");
        client.subscribed("c1", topic);
        assertThat(client.values("c1")).containsExactly("0", "1", "2", "3");
        String p0 = "{\"topic\":\"" + topic + "\",\"partition\":0";
        client.post("c1", "/positions", "{\"offsets\":[" + p0 + ",\"offset\":2}]}")
                .is(204);
        assertThat(client.values("c1")).containsExactly("2", "3");
        client.post("c1", "/positions/beginning", "{\"partitions\":[" + p0 + "}]}")
                .is(204);
        assertThat(client.values("c1")).containsExactly("0", "1", "2", "3");
        client.post("c1", "/positions", "{\"timestamps\":[" + p0 + ",\"timestamp\":\"1970-01-01T00:00:00Z\"}]}")
                .is(204);
        assertThat(client.values("c1")).hasSize(4);
        client.post("c1", "/positions/beginning", "{\"partitions\":[" + p0 + "}]}")
                .is(204);
        client.post("c1", "/positions/end", "{\"partitions\":[" + p0 + "}]}").is(204);
        assertThat(client.get("c1", "/records?timeout=50").is(200).text()).isEqualTo("[]");
        client.post("c1", "/positions", "{\"offsets\":[{\"topic\":\"" + topic + "\",\"partition\":7,\"offset\":0}]}")
                .failed(409, 40903);
        client.post("c1", "/positions", "{\"offsets\":[" + p0 + ",\"offset\":-7}]}")
                .failed(422, 422);
    }

    @Test
    void readsPartitionsOfItsChoice() {
        String topic = world.topic(2);
        world.write(topic, 0, "0");
        world.write(topic, 1, "10", "11");
        client.create("{\"name\":\"c1\",\"format\":\"json\",\"auto.offset.reset\":\"earliest\","
                        + "\"auto.commit.enable\":false}")
                .is(200);
        String p1 = "{\"partitions\":[{\"topic\":\"" + topic + "\",\"partition\":1}]}";
        client.post("c1", "/assignments", p1).is(204);
        assertThat(client.get("c1", "/assignments").is(200).text()).isEqualTo(p1);
        assertThat(client.values("c1")).containsExactly("10", "11");
        client.post("c1", "/offsets", "").is(200);
        assertThat(world.coordinator().committed(group, topic, 1)).isEqualTo(2);
        assertThat(world.coordinator().members(group)).isEmpty();
        client.post("c1", "/subscription", "{\"topics\":[\"" + topic + "\"]}").failed(409, 40903);
        client.post("c1", "/assignments", "{\"partitions\":[{\"topic\":\"" + topic + "\",\"partition\":9}]}")
                .failed(404, 40402);
        client.delete("c1", "/subscription").is(204);
        client.post("c1", "/subscription", "{\"topics\":[\"" + topic + "\"]}").is(204);
        client.post("c1", "/assignments", p1).failed(409, 40903);
    }

    @Test
    void commitsTheNextOffsetOfWhatItIsTold() {
        String topic = world.topic(1);
        world.write(topic, 0, "0", "1", "2");
        client.subscribed("c1", topic);
        client.values("c1");
        String p0 = "{\"topic\":\"" + topic + "\",\"partition\":0";
        client.post("c1", "/offsets", "{\"offsets\":[" + p0 + ",\"offset\":1,\"metadata\":\"m\"}]}")
                .is(200);
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(2);
        assertThat(client.getWith("c1", "/offsets", "{\"partitions\":[" + p0 + "}]}")
                        .is(200)
                        .text())
                .isEqualTo("{\"offsets\":[" + p0 + ",\"offset\":2,\"metadata\":\"\"}]}");
        assertThat(client.get("c1", "/offsets").is(200).text())
                .isEqualTo("{\"offsets\":[" + p0 + ",\"offset\":2,\"metadata\":\"\"}]}");
        client.post("c1", "/offsets", "{\"offsets\":[" + p0 + ",\"offset\":0}]}")
                .is(200);
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(1);
        client.post("c1", "/offsets", "{\"offsets\":[" + p0 + ",\"offset\":-7}]}")
                .failed(422, 422);
        client.post("c1", "/offsets", "{\"partitions\":[" + p0 + ",\"offset\":1}]}")
                .failed(422, 422);
    }

    @Test
    void commitsWhatItIsToldUnlessThatIsAnothers() {
        String topic = world.topic(1);
        String p0 = "{\"offsets\":[{\"topic\":\"" + topic + "\",\"partition\":0,\"offset\":0}]}";
        client.subscribed("c1", topic);
        client.post("c1", "/offsets", p0).is(200);
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(1);
        client.subscribed("c2", topic);
        client.get("c2", "/records?timeout=300").is(200);
        String owned = "{\"partitions\":[{\"topic\":\"" + topic + "\",\"partition\":0}]}";
        GroupWorld.eventually(() -> client.get("c1", "/assignments").text().equals(owned)
                != client.get("c2", "/assignments").text().equals(owned));
        boolean first = client.get("c1", "/assignments").text().equals(owned);
        client.post(first ? "c2" : "c1", "/offsets", p0).failed(409, 40903);
        client.post(first ? "c2" : "c1", "/offsets", "").is(200);
        client.post(first ? "c1" : "c2", "/offsets", p0).is(200);
    }

    @Test
    void automaticCommitsFollowTheNextRead() {
        String topic = world.topic(1);
        world.write(topic, 0, "0", "1");
        client.create("{\"name\":\"c1\",\"format\":\"json\",\"auto.offset.reset\":\"earliest\"}")
                .is(200);
        client.post("c1", "/subscription", "{\"topics\":[\"" + topic + "\"]}").is(204);
        assertThat(client.values("c1")).hasSize(2);
        assertThat(world.coordinator().committed(group, topic, 0)).isLessThanOrEqualTo(0);
        client.get("c1", "/records?timeout=10").is(200);
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(2);
    }

    @Test
    void aMemberThatWasTakenOutJoinsAnewAndGoesOnFromWhatIsCommitted() {
        String topic = world.topic(1);
        world.write(topic, 0, "0", "1", "2");
        client.subscribed("c1", topic);
        assertThat(client.get("c1", "/records?timeout=3000&max_bytes=1").is(200).json())
                .hasSize(1);
        client.post("c1", "/offsets", "").is(200);
        assertThat(client.get("c1", "/records?timeout=3000&max_bytes=1").is(200).json())
                .hasSize(1);
        world.coordinator()
                .evict(group, world.coordinator().members(group).iterator().next());
        // A gateway that does not know yet reads on from where it was, until the coordinator says so.
        GroupWorld.eventually(() -> client.values("c1").equals(List.of("1", "2")));
    }

    /** The client hangs up while its read waits: what the gateway then reads for nobody comes again. */
    @Test
    void anAnswerThatNobodyTookLosesNothing() throws Exception {
        String topic = world.topic(1);
        client.subscribed("c1", topic);
        client.get("c1", "/assignments").is(200);
        String request = "GET /consumers/" + group + "/instances/c1/records?timeout=20000 HTTP/1.1\r\nHost: a\r\n\r\n";
        try (Socket socket = world.gateway(0).socket()) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }
        String[] values = new String[200];
        Arrays.setAll(values, i -> "\"" + i + "x".repeat(4_000) + "\"");
        world.write(topic, 0, values);
        Set<String> seen = new HashSet<>();
        GroupWorld.eventually(() -> {
            seen.addAll(client.values("c1"));
            return seen.size() == 200;
        });
    }

    @Test
    void readingNothingIsRefused() {
        client.create("{\"name\":\"c1\"}").is(200);
        client.get("c1", "/records").failed(409, 40903);
        client.get("nobody", "/records").failed(404, 40403);
        client.post("nobody", "/subscription", "{\"topics\":[\"t\"]}").failed(404, 40403);
        client.post("c1", "/subscription", "{\"topics\":[\"a b\"]}").failed(422, 422);
        client.post("c1", "/subscription", "{}").is(204);
        assertThat(client.get("c1", "/subscription").is(200).text()).isEqualTo("{\"topics\":[]}");
        assertThat(client.get("c1", "/assignments").is(200).text()).isEqualTo("{\"partitions\":[]}");
    }

    @Test
    void twoInstancesShareTheirPartitions() {
        String topic = world.topic(2);
        client.subscribed("c1", topic);
        client.subscribed("c2", topic);
        GroupWorld.eventually(() -> {
            client.get("c1", "/records?timeout=10").is(200);
            client.get("c2", "/records?timeout=10").is(200);
            return client.get("c1", "/assignments")
                                    .json()
                                    .required("partitions")
                                    .size()
                            == 1
                    && client.get("c2", "/assignments")
                                    .json()
                                    .required("partitions")
                                    .size()
                            == 1;
        });
        world.write(topic, 0, "0");
        world.write(topic, 1, "1");
        List<String> both = new ArrayList<>(client.values("c1"));
        both.addAll(client.values("c2"));
        assertThat(both).containsExactlyInAnyOrder("0", "1");
    }
}
