package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that compacts while Apache's clients write and read. */
@Timeout(240)
class CompactionIT {

    private static final String TOPIC = "compacted";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int KEYS = 50;
    private static final int ROUNDS = 60;
    private static final int DELETED = 10;

    /** A key of its own that is written all the time, so that there is always something new to clean. */
    private static final String CLOCK = "clock";

    @TempDir
    static Path base;

    private final Map<Long, Written> written = new ConcurrentHashMap<>();

    private record Written(String key, @Nullable String value) {}

    @Test
    void theLastValueOfEachKeyStaysAndTombstonesGo() throws Exception {
        try (NaruCluster naru = NaruCluster.standalone()
                .baseDir(base)
                .restartable()
                .property("naru.broker.cleaner.backoff", "200ms")
                .start()) {
            createTopic(naru);
            try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of("batch.size", 4_096))) {
                for (int round = 0; round < ROUNDS; round++) {
                    for (int key = 0; key < KEYS; key++) {
                        send(producer, "k" + key, round + "v".repeat(500));
                    }
                }
                for (int key = 0; key < DELETED; key++) {
                    send(producer, "k" + key, null);
                }
                producer.flush();
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> {
                            send(producer, CLOCK, "tick");
                            producer.flush();
                            assertCompacted(read(naru));
                        });
            }
            naru.kill9();
            naru.restart();
            assertCompacted(read(naru));
            naru.stop();
        }
        LogDump.assertNoComplaints(base);
    }

    private static void createTopic(NaruCluster naru) throws Exception {
        try (Admin admin = Clients.admin(naru)) {
            NewTopic topic = new NewTopic(TOPIC, 1, (short) 1)
                    .configs(Map.of(
                            "cleanup.policy", "compact",
                            "segment.bytes", "1048576",
                            "segment.ms", "500",
                            "min.cleanable.dirty.ratio", "0.001",
                            "delete.retention.ms", "1000"));
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    private void send(KafkaProducer<String, String> producer, String key, @Nullable String value) {
        producer.send(new ProducerRecord<>(TOPIC, 0, key, value), (metadata, failure) -> {
            if (failure == null) {
                written.put(metadata.offset(), new Written(key, value));
            }
        });
    }

    /** Everything from the beginning to the end, as a consumer gets it. */
    private static List<ConsumerRecord<String, String>> read(NaruCluster naru) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                Clients.consumer(naru, Map.of("isolation.level", "read_committed"))) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            while (consumer.position(PARTITION) < end) {
                consumer.poll(Duration.ofMillis(500)).forEach(found::add);
            }
        }
        return found;
    }

    private void assertCompacted(List<ConsumerRecord<String, String>> found) {
        Map<String, Long> lastOffsets = new HashMap<>();
        written.forEach((offset, record) -> lastOffsets.merge(record.key(), offset, Math::max));
        long before = -1;
        for (ConsumerRecord<String, String> record : found) {
            assertThat(record.offset()).isGreaterThan(before);
            assertThat(written.get(record.offset())).isEqualTo(new Written(record.key(), record.value()));
            before = record.offset();
        }
        Map<String, List<Long>> offsets = found.stream()
                .collect(Collectors.groupingBy(
                        ConsumerRecord::key, Collectors.mapping(ConsumerRecord::offset, Collectors.toList())));
        offsets.remove(CLOCK); // its last ones are never compacted yet
        assertThat(offsets).hasSize(KEYS - DELETED);
        offsets.forEach((key, all) -> assertThat(all).as(key).containsExactly(lastOffsets.get(key)));
    }
}
