package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.system.program.ProduceSteps;
import io.naru.system.program.Transcript;
import io.naru.testkit.NaruCluster;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own tool reads what Naru wrote: all codecs, several segments, group state, without a complaint. */
@Timeout(300)
class DumpLogSegmentsIT {
    private static final String ROLLED = "rolled";
    private static final int ROLLED_RECORDS = 3_000;

    /** What clients read before the broker stopped: {@code topic-partition} to its number of records. */
    private static final Map<String, Integer> READ = new TreeMap<>();

    @TempDir
    static Path base;

    @BeforeAll
    static void write() throws Exception {
        try (NaruCluster naru = NaruCluster.standalone().baseDir(base).start()) {
            new ProduceSteps(naru, new Transcript(), System.currentTimeMillis() - 3_600_000).run();
            writeManySegments(naru);
            for (String codec : ProduceSteps.CODECS) {
                read(naru, ProduceSteps.topic(codec));
            }
            read(naru, ROLLED);
            commitSome(naru);
            naru.stop();
        }
    }

    @Test
    void findsNothingToComplainAbout() throws IOException {
        LogDump.assertNoComplaints(base);
    }

    @Test
    void countsTheRecordsThatClientsRead() throws IOException {
        assertThat(READ.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(ProduceSteps.CODECS.size() * ProduceSteps.RECORDS + ROLLED_RECORDS);
        Map<String, Integer> dumped = new TreeMap<>();
        for (String topicPartition : READ.keySet()) {
            int dash = topicPartition.lastIndexOf('-');
            dumped.put(
                    topicPartition,
                    LogDump.records(LogDump.partitionDirectory(
                            base,
                            topicPartition.substring(0, dash),
                            Integer.parseInt(topicPartition.substring(dash + 1)))));
        }
        assertThat(dumped).isEqualTo(READ);
    }

    @Test
    void seesSeveralSegmentsWithTheirIndexes() throws IOException {
        try (Stream<Path> files = Files.list(LogDump.partitionDirectory(base, ROLLED, 0))) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertThat(names).filteredOn(name -> name.endsWith(".log")).hasSizeGreaterThan(2);
            assertThat(names).filteredOn(name -> name.endsWith(".index")).hasSizeGreaterThan(2);
            assertThat(names).filteredOn(name -> name.endsWith(".timeindex")).hasSizeGreaterThan(2);
        }
    }

    /** The check itself: one flipped bit must not pass. */
    @Test
    void wouldNoticeAFlippedBit(@TempDir Path copy) throws IOException {
        Path original = LogDump.partitionDirectory(base, ROLLED, 0);
        Path damaged = Files.createDirectories(copy.resolve(original.getFileName()));
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, damaged.resolve(file.getFileName()));
            }
        }
        try (RandomAccessFile log =
                new RandomAccessFile(damaged.resolve("00000000000000000000.log").toFile(), "rw")) {
            log.seek(200);
            int value = log.read();
            log.seek(200);
            log.write(value ^ 1);
        }
        assertThatThrownBy(() -> LogDump.assertNoComplaints(copy)).isInstanceOf(AssertionError.class);
    }

    private static void writeManySegments(NaruCluster naru) throws Exception {
        try (Admin admin = Clients.admin(naru);
                KafkaProducer<String, String> producer = Clients.producer(naru, Map.of("batch.size", 2_048))) {
            NewTopic topic = new NewTopic(ROLLED, 1, (short) 1)
                    .configs(Map.of("segment.bytes", "1048576", "index.interval.bytes", "4096"));
            admin.createTopics(List.of(topic)).all().get();
            for (int i = 0; i < ROLLED_RECORDS; i++) {
                producer.send(new ProducerRecord<>(ROLLED, "k" + i, "v".repeat(1_000) + i));
            }
            producer.flush();
        }
    }

    private static void read(NaruCluster naru, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.bytesConsumer(naru, Map.of())) {
            List<TopicPartition> partitions = IntStream.range(
                            0, consumer.partitionsFor(topic).size())
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long expected = ends.values().stream().mapToLong(Long::longValue).sum();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (records.size() < expected) {
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
            }
            records.forEach(record -> READ.merge(record.topic() + "-" + record.partition(), 1, Integer::sum));
        }
    }

    private static void commitSome(NaruCluster naru) {
        try (KafkaConsumer<String, String> member = Clients.member(naru, "dumpers")) {
            member.subscribe(List.of(ROLLED));
            Polling.atLeast(100, member);
            member.commitSync();
        }
    }
}
