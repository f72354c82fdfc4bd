package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Groups by the protocol of KIP-848: join, read, commit, leave, resume; two members share; a latest starter waits. */
final class GroupSteps {
    private static final String TOPIC = "grouped";
    private static final int PARTITIONS = 4;

    private final KafkaEndpoint endpoint;
    private final Transcript transcript;

    GroupSteps(KafkaEndpoint endpoint, Transcript transcript) {
        this.endpoint = endpoint;
        this.transcript = transcript;
    }

    void run() throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            AdminSteps.get(admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all());
        }
        produce(0, 40);
        readAndCommit();
        resume();
        twoMembersShare();
        startAtLatest();
    }

    private void produce(int from, int to) {
        try (KafkaProducer<String, String> producer = Clients.producer(endpoint, Map.of())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, "v" + i));
            }
            producer.flush();
        }
    }

    private void readAndCommit() {
        try (KafkaConsumer<String, String> member = Clients.member(endpoint, "readers")) {
            member.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> records = Polling.atLeast(40, member);
            transcript.note("group read", perPartition(records));
            transcript.note("group assignment", member.assignment().size());
            transcript.note(
                    "member has an id", !member.groupMetadata().memberId().isBlank());
            member.commitSync();
            transcript.note("group committed", offsets(member.committed(member.assignment())));
        }
    }

    private void resume() {
        produce(40, 52);
        try (KafkaConsumer<String, String> member = Clients.member(endpoint, "readers")) {
            member.subscribe(List.of(TOPIC));
            transcript.note("group resumed", perPartition(Polling.atLeast(12, member)));
            // Not committed: the next reader sees the same again.
        }
        try (KafkaConsumer<String, String> member = Clients.member(endpoint, "readers")) {
            member.subscribe(List.of(TOPIC));
            transcript.note("group resumed again", perPartition(Polling.atLeast(12, member)));
            member.commitAsync();
        }
    }

    private void twoMembersShare() {
        try (KafkaConsumer<String, String> one = Clients.member(endpoint, "sharers");
                KafkaConsumer<String, String> two = Clients.member(endpoint, "sharers")) {
            one.subscribe(List.of(TOPIC));
            two.subscribe(List.of(TOPIC));
            long deadline = System.nanoTime() + Duration.ofSeconds(45).toNanos();
            while (one.assignment().size() != PARTITIONS / 2 || two.assignment().size() != PARTITIONS / 2) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("two members hold " + one.assignment() + " and " + two.assignment());
                }
                one.poll(Duration.ofMillis(100));
                two.poll(Duration.ofMillis(100));
            }
            Set<TopicPartition> together = new HashSet<>(one.assignment());
            together.addAll(two.assignment());
            transcript.note("two members hold together", together.size());
            two.unsubscribe();
            Polling.until(records -> one.assignment().size() == PARTITIONS, "all partitions", one);
            transcript.note("after one left", one.assignment().size());
        }
    }

    private void startAtLatest() {
        try (KafkaConsumer<String, String> member = Clients.consumer(
                endpoint,
                Map.of("group.id", "latecomers", "group.protocol", "consumer", "auto.offset.reset", "latest"))) {
            member.subscribe(List.of(TOPIC));
            Polling.until(records -> member.assignment().size() == PARTITIONS, "the assignment", member);
            member.assignment().forEach(member::position);
            produce(52, 56);
            transcript.note("from latest", perPartition(Polling.atLeast(4, member)));
        }
    }

    private static Map<Integer, List<String>> perPartition(List<ConsumerRecord<String, String>> records) {
        Map<Integer, List<String>> byPartition = new TreeMap<>();
        for (ConsumerRecord<String, String> record : records) {
            byPartition
                    .computeIfAbsent(record.partition(), p -> new ArrayList<>())
                    .add(record.offset() + "=" + record.value());
        }
        return byPartition;
    }

    private static Set<String> offsets(Map<TopicPartition, OffsetAndMetadata> committed) {
        Set<String> offsets = new TreeSet<>();
        committed.forEach((partition, offset) -> offsets.add(partition + "=" + offset.offset()));
        return offsets;
    }
}
