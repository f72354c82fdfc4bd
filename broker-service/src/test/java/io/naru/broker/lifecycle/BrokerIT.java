package io.naru.broker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.client.OutcomeUnknownException;
import io.naru.protocol.server.ServerMetrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One broker with a small control plane, and the genuine Kafka clients. */
class BrokerIT {

    @TempDir
    Path dir;

    private FakeController controller;
    private BrokerLifecycle broker;

    @BeforeEach
    void start() throws Exception {
        controller = new FakeController();
        startBroker();
    }

    private void startBroker() {
        broker = new BrokerLifecycle(
                BrokerSettings.of(1, dir, controller.url(), Duration.ofSeconds(30)), ServerMetrics.NONE, () -> {});
        broker.start(1);
        Awaitility.await().until(() -> broker.notReady().isEmpty());
    }

    @AfterEach
    void stop() {
        broker.close();
        controller.close();
    }

    private Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> all = new java.util.HashMap<>(more);
        all.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort());
        all.put("key.serializer", StringSerializer.class);
        all.put("value.serializer", StringSerializer.class);
        all.put("key.deserializer", StringDeserializer.class);
        all.put("value.deserializer", StringDeserializer.class);
        return all;
    }

    private List<ConsumerRecord<String, String>> readAll(Consumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        Awaitility.await().until(() -> {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return records.size() >= count;
        });
        return records;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatAProducerWritesAConsumerReads(String codec) throws Exception {
        int count = 2_000;
        List<Future<RecordMetadata>> acks = new ArrayList<>();
        try (Producer<String, String> producer =
                new KafkaProducer<>(client(Map.of("compression.type", codec, "batch.size", 4_000, "linger.ms", 1)))) {
            for (int i = 0; i < count; i++) {
                acks.add(producer.send(new ProducerRecord<>(
                        "made-on-first-use",
                        0,
                        1_000L + i,
                        i % 3 == 0 ? null : "k" + i,
                        i % 7 == 0 ? null : "v" + i,
                        List.of(new RecordHeader("h", ("x" + i).getBytes(StandardCharsets.UTF_8))))));
            }
            for (int i = 0; i < count; i++) {
                assertThat(acks.get(i).get().offset()).isEqualTo(i);
            }
        }
        TopicPartition partition = new TopicPartition("made-on-first-use", 0);
        try (Consumer<String, String> consumer = new KafkaConsumer<>(client(Map.of("max.poll.records", 100_000)))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<ConsumerRecord<String, String>> records = readAll(consumer, count);
            assertThat(records).hasSize(count);
            for (int i = 0; i < count; i++) {
                ConsumerRecord<String, String> record = records.get(i);
                assertThat(record.offset()).isEqualTo(i);
                assertThat(record.timestamp()).isEqualTo(1_000L + i);
                assertThat(record.key()).isEqualTo(i % 3 == 0 ? null : "k" + i);
                assertThat(record.value()).isEqualTo(i % 7 == 0 ? null : "v" + i);
                assertThat(record.headers().lastHeader("h").value())
                        .isEqualTo(("x" + i).getBytes(StandardCharsets.UTF_8));
            }
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, (long) count);
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            assertThat(consumer.offsetsForTimes(Map.of(partition, 1_500L))
                            .get(partition)
                            .offset())
                    .isEqualTo(500);
            assertThat(consumer.offsetsForTimes(Map.of(partition, 1_000_000L)).get(partition))
                    .isNull();
        }
    }

    /** Clients would take it for the truth. */
    @Test
    void beforeItKnowsTheClusterABrokerCallsNoTopicUnknown() throws Exception {
        try (BrokerLifecycle early = new BrokerLifecycle(
                        BrokerSettings.of(2, dir.resolve("early"), controller.url(), Duration.ofSeconds(30)),
                        ServerMetrics.NONE,
                        () -> {});
                KafkaClient client = new KafkaClient(ClientOptions.named("early"), 1)) {
            NodeAddress address = new NodeAddress("127.0.0.1", early.kafkaPort());
            assertThatThrownBy(() -> client.send(address, new MetadataRequestData(), MetadataResponseData.class)
                            .get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(OutcomeUnknownException.class);
        }
    }

    @Test
    void aConsumerThatWaitsIsWokenByTheNextRecord() throws Exception {
        TopicPartition partition = new TopicPartition("t", 0);
        try (Producer<String, String> producer = new KafkaProducer<>(client(Map.of()));
                Consumer<String, String> consumer = new KafkaConsumer<>(client(Map.of("fetch.max.wait.ms", 5_000)))) {
            producer.send(new ProducerRecord<>("t", "first")).get();
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1);
            consumer.poll(Duration.ofMillis(300));
            producer.send(new ProducerRecord<>("t", "second")).get();
            long sent = System.nanoTime();
            assertThat(readAll(consumer, 1)).extracting(ConsumerRecord::value).containsExactly("second");
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void recordsOutliveAStop() throws Exception {
        try (Producer<String, String> producer = new KafkaProducer<>(client(Map.of()))) {
            producer.send(new ProducerRecord<>("kept", 0, "a", "1")).get();
        }
        broker.close();
        assertThat(dir.resolve("broker/.kafka_cleanshutdown")).exists();
        startBroker();
        TopicPartition partition = new TopicPartition("kept", 0);
        try (Consumer<String, String> consumer = new KafkaConsumer<>(client(Map.of()))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(readAll(consumer, 1)).extracting(ConsumerRecord::value).containsExactly("1");
        }
    }

    @Test
    void adminCallsAreRelayed() throws Exception {
        try (Admin admin = Admin.create(client(Map.of()))) {
            var created = admin.createTopics(
                    List.of(new NewTopic("a", 3, (short) 1).configs(Map.of("retention.ms", "12345"))));
            created.all().get();
            assertThat(created.numPartitions("a").get()).isEqualTo(3);
            assertThat(admin.describeTopics(List.of("a"))
                            .allTopicNames()
                            .get()
                            .get("a")
                            .partitions())
                    .hasSize(3);
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, "a");
            var node = new ConfigResource(ConfigResource.Type.BROKER, "1");
            var configs = admin.describeConfigs(List.of(topic)).all().get().get(topic);
            assertThat(configs.get("retention.ms").value()).isEqualTo("12345");
            assertThat(configs.get("segment.bytes").value()).isEqualTo("1073741824");
            assertThat(admin.describeConfigs(List.of(node))
                            .all()
                            .get()
                            .get(node)
                            .get("num.partitions")
                            .value())
                    .isEqualTo("1");
            Path log = dir.resolve("broker/a-0");
            assertThat(log).exists();
            admin.deleteTopics(List.of("a")).all().get();
            Awaitility.await().until(() -> !Files.exists(log));
            assertThatThrownBy(() ->
                            admin.describeTopics(List.of("a")).allTopicNames().get())
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void deletedRecordsAreGoneForGood() throws Exception {
        TopicPartition partition = new TopicPartition("shrinking", 0);
        try (Producer<String, String> producer = new KafkaProducer<>(client(Map.of()));
                Admin admin = Admin.create(client(Map.of()))) {
            for (int i = 0; i < 5; i++) {
                producer.send(new ProducerRecord<>("shrinking", "v" + i)).get();
            }
            assertThat(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                            .lowWatermarks()
                            .get(partition)
                            .get()
                            .lowWatermark())
                    .isEqualTo(2);
            assertThatThrownBy(() -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(6)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(org.apache.kafka.common.errors.OffsetOutOfRangeException.class);
        }
        broker.close();
        startBroker();
        try (Consumer<String, String> consumer = new KafkaConsumer<>(client(Map.of()))) {
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 2L);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(readAll(consumer, 3)).extracting(ConsumerRecord::value).containsExactly("v2", "v3", "v4");
        }
    }

    @Test
    void mistakesAreNamed() throws Exception {
        try (Producer<String, String> producer = new KafkaProducer<>(client(Map.of("max.request.size", 5_000_000)));
                Consumer<String, String> consumer = new KafkaConsumer<>(client(Map.of("auto.offset.reset", "none")))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("t", "x".repeat(2_000_000)))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            TopicPartition partition = new TopicPartition("t", 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, 17);
            assertThatThrownBy(() -> readAll(consumer, 1)).isInstanceOf(OffsetOutOfRangeException.class);
        }
    }
}
