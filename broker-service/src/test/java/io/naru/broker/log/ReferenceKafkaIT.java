package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.cleaner.LogCleaner;
import io.naru.broker.log.cleaner.Throttle;
import io.naru.testkit.ReferenceKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Genuine Apache Kafka and Naru take over each other's files, and compact the same records out of them. */
@Timeout(300)
class ReferenceKafkaIT {

    private static ReferenceKafka kafka;

    @TempDir
    private Path data;

    private final Random random = new Random(11);

    @BeforeAll
    static void start() {
        kafka = ReferenceKafka.start(Map.of("log.cleaner.backoff.ms", "100", "log.cleaner.threads", "1"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static Map<String, Object> client() {
        return Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "key.serializer", ByteArraySerializer.class,
                "value.serializer", ByteArraySerializer.class,
                "key.deserializer", ByteArrayDeserializer.class,
                "value.deserializer", ByteArrayDeserializer.class,
                "isolation.level", "read_uncommitted");
    }

    private static Uuid createTopic(String name, Map<String, String> configs) throws Exception {
        try (Admin admin = Admin.create(client())) {
            Uuid id = admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(configs)))
                    .topicId(name)
                    .get();
            Path directory = kafka.logDirectory().resolve(name + "-0");
            Awaitility.await().until(() -> Files.isDirectory(directory));
            return id;
        }
    }

    private static String text(long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value) {
        return offset + " " + timestamp + " " + text(key) + "=" + text(value);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** All records that Kafka gives out. */
    private static List<String> consume(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(client())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    found.add(text(record.offset(), record.timestamp(), record.key(), record.value()));
                }
            }
        }
        return found;
    }

    /** All records that the log gives out. */
    private static List<String> read(Log log) {
        List<String> found = new ArrayList<>();
        long next = log.logStartOffset();
        while (true) {
            LogRead read = log.read(next, 1 << 20, true, Long.MAX_VALUE);
            if (read.sizeInBytes() == 0) {
                return found;
            }
            for (Record record : Batches.read(read.records())) {
                if (record.offset() >= next) {
                    found.add(text(record.offset(), record.timestamp(), bytes(record.key()), bytes(record.value())));
                }
            }
            next = Batches.lastOffset(read.records()) + 1;
        }
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LogManager manager() throws IOException {
        return LogManager.open(LogSettings.of(data, "cluster", 1), System.currentTimeMillis());
    }

    /** Cleans until there is nothing to clean, with all checkpoints written before. */
    private static void clean(LogManager manager, Log log) {
        long nowMs = System.currentTimeMillis();
        log.highWatermark(log::logEndOffset);
        log.flush(log.logEndOffset(), nowMs);
        manager.checkpoint();
        manager.tick(nowMs);
        LogCleaner cleaner = new LogCleaner(manager::cleanable, 1 << 20, Throttle.NONE);
        assertThat(cleaner.cleanDirtiest(nowMs)).isTrue();
        while (cleaner.cleanDirtiest(nowMs)) {
            assertThat(cleaner.stats().cleanings()).isLessThan(100);
        }
        assertThat(cleaner.stats().uncleanable()).isZero();
    }

    private SimpleRecord someRecord(long timestamp) {
        byte[] key = ("k" + random.nextInt(60)).getBytes(StandardCharsets.UTF_8);
        byte[] value = random.nextInt(8) == 0
                ? null
                : ("v" + random.nextInt(1_000_000) + "x".repeat(random.nextInt(1500))).getBytes(StandardCharsets.UTF_8);
        return new SimpleRecord(timestamp, key, value);
    }

    @Test
    void bothCompactTheSameRecordsAway() throws Exception {
        String topic = "compacted";
        Uuid topicId = createTopic(
                topic,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "1048576",
                        "min.cleanable.dirty.ratio", "0.01",
                        "min.compaction.lag.ms", "86400000"));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(client())) {
            for (int i = 0; i < 6000; i++) {
                SimpleRecord record = someRecord(System.currentTimeMillis());
                producer.send(
                        new ProducerRecord<>(topic, 0, record.timestamp(), bytes(record.key()), bytes(record.value())));
            }
        }
        List<String> all = consume(topic);
        assertThat(all).hasSize(6000);
        copy(kafka.logDirectory().resolve(topic + "-0"), data.resolve(topic + "-0"));
        LogManager manager = manager();
        TopicPartition partition = new TopicPartition(topic, 0);
        Log log = manager.getOrCreate(
                partition,
                topicId,
                LogConfig.from(Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "1048576",
                        "min.cleanable.dirty.ratio", "0.01")),
                System.currentTimeMillis());
        assertThat(read(log)).isEqualTo(all);
        clean(manager, log);
        List<String> ours = read(log);
        assertThat(ours.size()).isLessThan(2000);
        try (Admin admin = Admin.create(client())) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("min.compaction.lag.ms", "0"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(consume(topic)).isEqualTo(ours));
        assertNoComplaints(log);
        manager.close(System.currentTimeMillis(), 1);
    }

    @Test
    void kafkaServesWhatNaruWrote() throws Exception {
        String topic = "moved";
        Uuid topicId = createTopic(topic, Map.of());
        Path theirs = kafka.logDirectory().resolve(topic + "-0");
        long nowMs = System.currentTimeMillis();
        LogManager manager = manager();
        TopicPartition partition = new TopicPartition(topic, 0);
        Log log = manager.getOrCreate(
                partition,
                topicId,
                LogConfig.from(Map.of(
                        "cleanup.policy", "compact,delete",
                        "segment.bytes", "20000",
                        "retention.bytes", "150000",
                        "min.cleanable.dirty.ratio", "0.01",
                        "file.delete.delay.ms", "0")),
                nowMs);
        int sequence = 0;
        for (int i = 0; i < 600; i++) {
            SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(3)];
            for (int r = 0; r < records.length; r++) {
                records[r] = someRecord(nowMs - random.nextInt(1000));
            }
            Compression codec =
                    Compression.of(CompressionType.forId(random.nextInt(5))).build();
            log.append(MemoryRecords.withIdempotentRecords(codec, 77, (short) 0, sequence, records), 0, nowMs);
            sequence += records.length;
            if (i % 100 == 99) {
                log.truncateTo(log.logEndOffset() - 1);
                sequence = Math.toIntExact(log.logEndOffset());
            }
        }
        clean(manager, log);
        log.deleteOldSegments(nowMs, true);
        manager.tick(nowMs);
        assertThat(log.logStartOffset()).isPositive();
        List<String> ours = read(log);
        assertThat(ours).hasSizeGreaterThan(30);
        assertNoComplaints(log);
        manager.close(nowMs, 1);
        kafka.restart(() -> {
            try (Stream<Path> files = Files.list(theirs)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            theirs.toFile().delete();
            copy(data.resolve(topic + "-0"), theirs);
        });
        assertThat(consume(topic)).isEqualTo(ours);
    }

    /** Apache's tool on every file of the log. */
    private static void assertNoComplaints(Log log) throws IOException {
        log.flushDue(System.currentTimeMillis());
        try (Stream<Path> files = Files.list(log.directory())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".log")) {
                    assertThat(DumpLogSegmentsTest.dump(file, "--deep-iteration"))
                            .as(name)
                            .doesNotContain("isvalid: false")
                            .doesNotContain("invalid")
                            .doesNotContain("Found");
                } else if (name.endsWith("index")) {
                    assertThat(DumpLogSegmentsTest.dump(file))
                            .as(name)
                            .doesNotContainIgnoringCase("mismatch")
                            .doesNotContain("out of order")
                            .doesNotContain("Found");
                } else if (name.endsWith(".snapshot")) {
                    assertThat(DumpLogSegmentsTest.dump(file)).as(name).doesNotContain("Exception");
                }
            }
        }
    }
}
