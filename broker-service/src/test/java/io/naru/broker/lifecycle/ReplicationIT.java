package io.naru.broker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.partition.Partition;
import io.naru.cluster.PartitionImage;
import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.server.ServerMetrics;
import io.naru.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers with a small control plane, and the genuine Kafka clients. */
class ReplicationIT {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    private Path dir;

    private FakeController controller;
    private final Map<Integer, BrokerLifecycle> brokers = new TreeMap<>();

    @BeforeEach
    void start() throws Exception {
        controller = new FakeController();
        for (int id = 1; id <= 3; id++) {
            start(id, controller.url());
        }
    }

    @AfterEach
    void stop() {
        brokers.values().forEach(BrokerLifecycle::close);
        controller.close();
    }

    private void start(int id, URI controlPlane) {
        BrokerLifecycle broker = new BrokerLifecycle(
                BrokerSettings.of(id, data(id), controlPlane, Duration.ofSeconds(2)), ServerMetrics.NONE, () -> {});
        brokers.put(id, broker);
        broker.start(1);
        Awaitility.await().until(() -> broker.notReady().isEmpty());
    }

    private Path data(int id) {
        return dir.resolve("broker-" + id);
    }

    private void stop(int id) {
        brokers.remove(id).close();
    }

    private Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>();
        all.put(
                "bootstrap.servers",
                String.join(
                        ",",
                        brokers.values().stream()
                                .map(b -> "127.0.0.1:" + b.kafkaPort())
                                .toList()));
        all.put("key.serializer", StringSerializer.class);
        all.put("value.serializer", StringSerializer.class);
        all.put("key.deserializer", StringDeserializer.class);
        all.put("value.deserializer", StringDeserializer.class);
        all.put("retry.backoff.ms", 20);
        all.put("retry.backoff.max.ms", 100);
        all.put("acks", "all");
        all.putAll(more);
        return all;
    }

    private void create(int minInsync) throws Exception {
        try (Admin admin = Admin.create(client(Map.of()))) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 3)
                            .configs(Map.of("min.insync.replicas", String.valueOf(minInsync)))))
                    .all()
                    .get();
        }
        for (BrokerLifecycle broker : brokers.values()) {
            Awaitility.await()
                    .until(() -> broker.partitions()
                            .find("orders", Uuid.ZERO_UUID, 0)
                            .isPresent());
        }
    }

    private PartitionImage image() {
        return controller.current().partition("orders", 0).orElseThrow();
    }

    private Partition replica(int broker) {
        return brokers.get(broker).partitions().require("orders", Uuid.ZERO_UUID, 0);
    }

    private void awaitLeader(int broker) {
        Awaitility.await().until(() -> replica(broker).isLeader());
    }

    private List<String> produce(Producer<String, String> producer, String prefix, int count) throws Exception {
        List<Future<RecordMetadata>> acks = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(prefix + i);
            acks.add(producer.send(new ProducerRecord<>("orders", 0, null, prefix + i)));
        }
        for (Future<RecordMetadata> ack : acks) {
            ack.get(30, TimeUnit.SECONDS);
        }
        return values;
    }

    /** Sends to that broker, whatever anyone else believes of who leads. */
    private List<String> produceTo(int broker, int acks, String prefix, int count) throws Exception {
        NodeAddress address = new NodeAddress("127.0.0.1", brokers.get(broker).kafkaPort());
        List<String> values = new ArrayList<>();
        try (KafkaClient client = new KafkaClient(ClientOptions.named("stubborn"), 1)) {
            for (int i = 0; i < count; i++) {
                values.add(prefix + i);
                SimpleRecord record = new SimpleRecord(values.get(i).getBytes(StandardCharsets.UTF_8));
                TopicProduceDataCollection topics = new TopicProduceDataCollection(1);
                topics.add(new TopicProduceData()
                        .setName("orders")
                        .setTopicId(replica(broker).topicId())
                        .setPartitionData(List.of(new PartitionProduceData()
                                .setRecords(MemoryRecords.withRecords(Compression.NONE, record)))));
                ProduceResponseData answer = client.send(
                                address,
                                new ProduceRequestData()
                                        .setAcks((short) acks)
                                        .setTimeoutMs(20_000)
                                        .setTopicData(topics),
                                ProduceResponseData.class)
                        .get(25, TimeUnit.SECONDS);
                assertThat(answer.responses()
                                .iterator()
                                .next()
                                .partitionResponses()
                                .get(0)
                                .errorCode())
                        .isZero();
            }
        }
        return values;
    }

    private List<String> readAll(int count) {
        List<String> values = new ArrayList<>();
        try (Consumer<String, String> consumer = new KafkaConsumer<>(client(Map.of()))) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            Awaitility.await().until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
                return values.size() >= count;
            });
        }
        return values;
    }

    /** All replicas have the same bytes. */
    private void assertReplicasEqual() throws IOException {
        long end = replica(image().leader()).log().logEndOffset();
        for (int id : brokers.keySet()) {
            Awaitility.await().until(() -> replica(id).log().logEndOffset() == end);
        }
        byte[] expected = null;
        for (int id : brokers.keySet()) {
            byte[] bytes = Files.readAllBytes(data(id).resolve("broker/orders-0/00000000000000000000.log"));
            expected = expected == null ? bytes : expected;
            assertThat(bytes).as("broker %d", id).isEqualTo(expected);
        }
    }

    @Test
    void whatAllInSyncReplicasHaveSurvivesTheLossOfTheLeader() throws Exception {
        create(2);
        List<String> expected;
        try (Producer<String, String> producer = new KafkaProducer<>(client(Map.of("batch.size", 500)))) {
            expected = produce(producer, "a", 500);
            assertThat(image().isr()).containsExactlyInAnyOrder(1, 2, 3);
            int first = image().leader();
            controller.dead(first);
            expected.addAll(produce(producer, "b", 500));
            assertThat(image().leader()).isNotEqualTo(first);
            stop(image().leader());
        }
        Awaitility.await().until(() -> replica(image().leader()).isUnderMinIsr());
        try (Producer<String, String> producer =
                new KafkaProducer<>(client(Map.of("retries", 0, "enable.idempotence", false)))) {
            assertThatThrownBy(() -> produce(producer, "c", 1)).hasCauseInstanceOf(NotEnoughReplicasException.class);
        }
        for (int id = 1; id <= 3; id++) {
            if (!brokers.containsKey(id)) {
                start(id, controller.url());
            }
        }
        Awaitility.await().until(() -> image().isr().size() >= 2);
        assertThat(readAll(expected.size())).isEqualTo(expected);
        assertReplicasEqual();
    }

    @Test
    void aFollowerThatIsLostLeavesTheIsrAndComesBack() throws Exception {
        create(1);
        int follower = image().leader() % 3 + 1;
        try (Producer<String, String> producer = new KafkaProducer<>(client(Map.of()))) {
            List<String> expected = produce(producer, "a", 10);
            stop(follower);
            assertThat(image().isr()).doesNotContain(follower);
            expected.addAll(produce(producer, "b", 10));
            start(follower, controller.url());
            Awaitility.await().until(() -> image().isr().contains(follower));
            assertThat(controller.registration(follower).previousEpoch()).isPositive();
            expected.addAll(produce(producer, "c", 10));
            assertThat(readAll(30)).isEqualTo(expected);
        }
        assertReplicasEqual();
    }

    @Test
    void whatAStaleLeaderTookAloneIsTruncatedAfterTwoFailovers() throws Exception {
        create(1);
        stop(1);
        try (TcpProxy proxy = TcpProxy.to(controller.url().getPort())) {
            start(1, URI.create("http://127.0.0.1:" + proxy.port()));
            Awaitility.await().until(() -> image().isr().contains(1));
            controller.elect("orders", 1);
            awaitLeader(1);
            List<String> expected;
            try (Producer<String, String> producer = new KafkaProducer<>(client(Map.of()))) {
                expected = produce(producer, "a", 5);
            }
            proxy.cut();
            controller.elect("orders", 2);
            awaitLeader(2);
            long before = replica(1).log().logEndOffset();
            produceTo(1, 1, "lost", 3);
            assertThat(replica(1).log().logEndOffset()).isGreaterThan(before);
            controller.elect("orders", 3);
            awaitLeader(3);
            expected.addAll(produceTo(3, -1, "b", 4));
            proxy.restore();
            Awaitility.await().until(() -> !replica(1).isLeader());
            assertReplicasEqual();
            assertThat(readAll(expected.size())).isEqualTo(expected);
        }
    }

    @Test
    void nobodyPassesForAReplica() throws Exception {
        create(1);
        int leader = image().leader();
        int follower = leader % 3 + 1;
        long epoch = controller.current().brokers().get(follower).epoch();
        try (KafkaClient client = new KafkaClient(ClientOptions.named("stranger"), 1)) {
            assertThat(fetch(client, leader, follower, epoch - 1).errorCode()).isEqualTo((short) 77);
            assertThat(fetch(client, leader, follower, -1).errorCode()).isEqualTo((short) 77);
            assertThat(fetch(client, leader, 99, epoch).errorCode()).isEqualTo((short) 77);
            FetchResponseData answer = fetch(
                    client,
                    leader,
                    leader,
                    controller.current().brokers().get(leader).epoch());
            assertThat(answer.responses().get(0).partitions().get(0).errorCode())
                    .isEqualTo((short) 75);
        }
    }

    private FetchResponseData fetch(KafkaClient client, int leader, int replica, long epoch) throws Exception {
        FetchRequestData request = new FetchRequestData()
                .setReplicaState(new ReplicaState().setReplicaId(replica).setReplicaEpoch(epoch))
                .setMaxBytes(1000)
                .setTopics(List.of(new FetchTopic()
                        .setTopicId(replica(leader).topicId())
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(0)
                                .setCurrentLeaderEpoch(image().leaderEpoch())
                                .setPartitionMaxBytes(1000)))));
        NodeAddress address = new NodeAddress("127.0.0.1", brokers.get(leader).kafkaPort());
        return client.send(address, request, FetchResponseData.class).get(5, TimeUnit.SECONDS);
    }
}
