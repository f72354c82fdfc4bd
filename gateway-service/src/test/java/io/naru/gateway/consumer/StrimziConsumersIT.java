package io.naru.gateway.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.group.GroupWorld;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where the bridge's words differ from the proxy's; and instances that nobody uses. */
class StrimziConsumersIT {

    private static GroupWorld world;

    @BeforeAll
    static void start() {
        world = new GroupWorld(1, "--naru.gateway.v2.dialect=strimzi", "--naru.gateway.v2.instance-timeout=1s");
        world.broker().topic("__naru_http_consumers", 2);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private final String group = GroupWorld.group();
    private final ConsumerClient client = new ConsumerClient(group, world.gateway(0));

    private String topicWithAHeader() {
        String topic = world.topic(1);
        world.broker()
                .log(topic, 0)
                .append(MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord(
                                1_000L,
                                "k".getBytes(StandardCharsets.UTF_8),
                                "v".getBytes(StandardCharsets.UTF_8),
                                new Header[] {new RecordHeader("h", "x".getBytes(StandardCharsets.UTF_8))})));
        return topic;
    }

    @Test
    void showsTextWithTimestampAndHeaders() {
        String topic = topicWithAHeader();
        client.create(
                        "{\"name\":\"c1\",\"format\":\"text\",\"auto.offset.reset\":\"earliest\",\"enable.auto.commit\":false}")
                .is(200);
        client.post("c1", "/subscription", "{\"topics\":[\"" + topic + "\"]}").is(204);
        assertThat(client.get("c1", "/records?timeout=3000", "Accept", "application/vnd.kafka.text.v2+json")
                        .is(200)
                        .text())
                .isEqualTo("[{\"topic\":\"" + topic + "\",\"key\":\"k\",\"value\":\"v\",\"partition\":0,\"offset\":0,"
                        + "\"timestamp\":1000,\"headers\":[{\"key\":\"h\",\"value\":\"eA==\"}]}]");
        assertThat(client.get("c1", "/subscription").is(200).text())
                .isEqualTo("{\"topics\":[\"" + topic + "\"],\"partitions\":[{\"" + topic + "\":[0]}]}");
        client.post("c1", "/offsets", "{\"offsets\":[{\"topic\":\"" + topic + "\",\"partition\":0,\"offset\":1}]}")
                .is(204);
        assertThat(world.coordinator().committed(group, topic, 0)).isEqualTo(1);
        client.post("c1", "/positions", "{\"offsets\":[{\"topic\":\"" + topic + "\",\"partition\":3,\"offset\":1}]}")
                .failed(404, 404);
    }

    @Test
    void errorsHaveTheirStatusAsNumber() {
        client.create("{\"name\":\"c1\"}").is(200);
        client.create("{\"name\":\"c1\"}").failed(409, 409);
        client.create("{\"foo\":1}").failed(400, 400);
        client.create("{\"format\":\"avro\"}").failed(422, 422);
        client.create("{\"auto.offset.reset\":\"foo\"}").failed(422, 422);
        client.post("c1", "/subscription", "{}").failed(422, 422);
        client.post("c1", "/subscription", "{\"topics\":[\"t\"],\"topic_pattern\":\"t\"}")
                .failed(409, 409);
        client.get("c1", "/records").failed(409, 409);
        client.get("nobody", "/records").failed(404, 404);
    }

    @Test
    void anInstanceThatNobodyUsesIsDeletedAndLeaves() {
        String topic = world.topic(1);
        client.subscribed("c1", topic);
        GroupWorld.eventually(() -> world.coordinator().members(group).size() == 1);
        GroupWorld.eventually(() -> world.coordinator().members(group).isEmpty());
        GroupWorld.eventually(() -> client.create("{\"name\":\"c1\"}").status() == 200);
    }
}
