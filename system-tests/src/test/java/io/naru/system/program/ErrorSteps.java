package io.naru.system.program;

import static io.naru.system.program.AdminSteps.get;

import io.naru.testkit.KafkaEndpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Calls that must fail, and how. */
final class ErrorSteps {
    private static final String TOPIC = "errors";

    private final KafkaEndpoint endpoint;
    private final Transcript transcript;

    ErrorSteps(KafkaEndpoint endpoint, Transcript transcript) {
        this.endpoint = endpoint;
        this.transcript = transcript;
    }

    void run() throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            get(admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all());
            topics(admin);
        }
        produce();
        consume();
    }

    private void topics(Admin admin) {
        for (String name : List.of("a b", "..", ".", "", "é", "x".repeat(250))) {
            transcript.noteOutcome(
                    "create '" + name + "'",
                    () -> get(admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                            .all()));
        }
        create(admin, "duplicate", new NewTopic(TOPIC, 1, (short) 1));
        create(admin, "0 partitions", new NewTopic("bad", 0, (short) 1));
        create(admin, "-5 partitions", new NewTopic("bad", -5, (short) 1));
        create(admin, "replication 5", new NewTopic("bad", 1, (short) 5));
        create(admin, "replication 0", new NewTopic("bad", 1, (short) 0));
        create(admin, "a bad config value", new NewTopic("bad", 1, (short) 1).configs(Map.of("retention.ms", "abc")));
        create(admin, "an unknown config", new NewTopic("bad", 1, (short) 1).configs(Map.of("no.such", "1")));
        create(admin, "replicas on no broker", new NewTopic("bad", Map.of(0, List.of(4711))));
        transcript.noteOutcome(
                "delete unknown",
                () -> get(admin.deleteTopics(List.of("nowhere")).all()));
        transcript.noteOutcome(
                "describe unknown",
                () -> get(admin.describeTopics(List.of("nowhere")).allTopicNames()));
        transcript.noteOutcome(
                "describe invalid",
                () -> get(admin.describeTopics(List.of("a b")).allTopicNames()));
    }

    private void create(Admin admin, String what, NewTopic topic) {
        transcript.noteOutcome(
                "create with " + what,
                () -> get(admin.createTopics(List.of(topic)).all()));
    }

    private void produce() {
        try (KafkaProducer<byte[], byte[]> producer = Clients.bytesProducer(
                endpoint, Map.of("max.request.size", 8 << 20, "max.block.ms", 3_000, "linger.ms", 0))) {
            transcript.noteOutcome(
                    "too large",
                    () -> producer.send(new ProducerRecord<>(TOPIC, new byte[2 << 20]))
                            .get(30, TimeUnit.SECONDS));
            transcript.noteOutcome(
                    "after too large",
                    () -> producer.send(new ProducerRecord<>(TOPIC, new byte[10]))
                            .get(30, TimeUnit.SECONDS)
                            .offset());
            transcript.noteOutcome(
                    "invalid topic",
                    () -> producer.send(new ProducerRecord<>("a b", new byte[1]))
                            .get(30, TimeUnit.SECONDS));
            transcript.noteOutcome(
                    "partition out of range",
                    () -> producer.send(new ProducerRecord<>(TOPIC, 99, null, new byte[1]))
                            .get(30, TimeUnit.SECONDS));
            long inTenYears = System.currentTimeMillis() + Duration.ofDays(3650).toMillis();
            transcript.noteOutcome(
                    "timestamp in ten years",
                    () -> producer.send(new ProducerRecord<>(TOPIC, 0, inTenYears, null, new byte[1]))
                            .get(30, TimeUnit.SECONDS));
        }
        try (Admin admin = Clients.admin(endpoint)) {
            transcript.noteOutcome("no key where keys are needed", () -> {
                get(admin.createTopics(List.of(
                                new NewTopic("compacted", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                        .all());
                try (KafkaProducer<String, String> producer = Clients.producer(endpoint, Map.of())) {
                    return producer.send(new ProducerRecord<>("compacted", "v")).get(30, TimeUnit.SECONDS);
                }
            });
        }
    }

    private void consume() {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        Map<String, Object> settings =
                Map.of("auto.offset.reset", "none", "allow.auto.create.topics", false, "default.api.timeout.ms", 5_000);
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.bytesConsumer(endpoint, settings)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1_000_000);
            transcript.noteOutcome("offset out of range", () -> poll(consumer));
            consumer.seek(partition, 0);
            transcript.noteOutcome(
                    "and back in range", () -> Polling.atLeast(1, consumer).size());
            transcript.noteOutcome("partitions of unknown", () -> consumer.partitionsFor("nowhere"));
            transcript.noteOutcome("partitions of invalid", () -> consumer.partitionsFor("a b"));
        }
        Map<String, Object> grouped = new HashMap<>(settings);
        grouped.put("group.id", "homeless");
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.bytesConsumer(endpoint, grouped)) {
            consumer.assign(List.of(partition));
            transcript.noteOutcome("no committed offset", () -> poll(consumer));
            transcript.noteOutcome("long commit metadata", () -> {
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1, "x".repeat(5_000))));
                return "";
            });
        }
    }

    private static Object poll(KafkaConsumer<byte[], byte[]> consumer) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            int count = consumer.poll(Duration.ofMillis(200)).count();
            if (count > 0) {
                return count + " records";
            }
        }
        return "nothing";
    }
}
