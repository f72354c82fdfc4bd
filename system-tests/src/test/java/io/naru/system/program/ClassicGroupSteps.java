package io.naru.system.program;

import io.naru.testkit.KafkaEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Groups by the classic protocol: every assignor, static members, listeners, all ways to commit, all ways to go. */
final class ClassicGroupSteps {
    private static final String TOPIC = "classic";
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 40;
    private static final Duration TIMEOUT = Duration.ofSeconds(45);

    private final KafkaEndpoint endpoint;
    private final Transcript transcript;

    ClassicGroupSteps(KafkaEndpoint endpoint, Transcript transcript) {
        this.endpoint = endpoint;
        this.transcript = transcript;
    }

    void run() throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            AdminSteps.get(admin.createTopics(List.of(
                            new NewTopic(TOPIC, PARTITIONS, (short) 1), new NewTopic(TOPIC + "-two", 2, (short) 1)))
                    .all());
        }
        produce();
        for (Class<?> assignor : List.of(
                RangeAssignor.class, RoundRobinAssignor.class, StickyAssignor.class, CooperativeStickyAssignor.class)) {
            membersShare(assignor);
        }
        staticMembersComeBack();
        aStaticMemberIsReplaced();
        offsetsAreCommittedOnRevocation(RangeAssignor.class);
        offsetsAreCommittedOnRevocation(CooperativeStickyAssignor.class);
        waysToCommit();
        wakeupAndClose();
        pattern();
        readersWithoutMembership();
    }

    private void produce() {
        try (KafkaProducer<String, String> producer = Clients.producer(endpoint, Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, "v" + i));
            }
            producer.flush();
        }
    }

    private KafkaConsumer<String, String> member(String group, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("group.id", group);
        all.put("group.protocol", "classic");
        all.put("heartbeat.interval.ms", 500);
        return Clients.consumer(endpoint, all);
    }

    private void membersShare(Class<?> assignor) {
        String group = assignor.getSimpleName();
        Map<String, Object> settings = Map.of("partition.assignment.strategy", assignor.getName());
        try (KafkaConsumer<String, String> one = member(group, settings);
                KafkaConsumer<String, String> two = member(group, settings)) {
            one.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> read = new ArrayList<>(Polling.atLeast(RECORDS, one));
            transcript.note(group + " one reads", read.size());
            one.commitSync();
            two.subscribe(List.of(TOPIC));
            pollUntil(() -> one.assignment().size() == 2 && two.assignment().size() == 2, one, two);
            transcript.note(
                    group + " shares",
                    new TreeSet<>(Set.of(
                            indexes(one.assignment()).toString(),
                            indexes(two.assignment()).toString())));
            transcript.note(group + " committed", offsets(two.committed(all())));
            two.unsubscribe();
            pollUntil(() -> one.assignment().size() == PARTITIONS, one);
            transcript.note(group + " after one left", indexes(one.assignment()));
            transcript.note(
                    group + " again",
                    Polling.during(Duration.ofMillis(300), one).size());
        }
    }

    private void staticMembersComeBack() {
        Counting aSaw = new Counting();
        try (KafkaConsumer<String, String> a = member("static", Map.of("group.instance.id", "a"))) {
            a.subscribe(List.of(TOPIC), aSaw);
            Set<Integer> before;
            try (KafkaConsumer<String, String> b = member("static", Map.of("group.instance.id", "b"))) {
                b.subscribe(List.of(TOPIC));
                pollUntil(() -> a.assignment().size() == 2 && b.assignment().size() == 2, a, b);
                before = indexes(b.assignment());
            }
            int generation = a.groupMetadata().generationId();
            int assignments = aSaw.assigned;
            try (KafkaConsumer<String, String> back = member("static", Map.of("group.instance.id", "b"))) {
                back.subscribe(List.of(TOPIC));
                pollUntil(() -> back.assignment().size() == 2, a, back);
                transcript.note(
                        "static member gets the same",
                        indexes(back.assignment()).equals(before));
                transcript.note("static same generation", back.groupMetadata().generationId() == generation);
                transcript.note("static nobody noticed", aSaw.assigned == assignments);
            }
        }
    }

    private void aStaticMemberIsReplaced() {
        Map<String, Object> settings = Map.of("group.instance.id", "only");
        try (KafkaConsumer<String, String> first = member("replaced", settings);
                KafkaConsumer<String, String> second = member("replaced", settings)) {
            first.subscribe(List.of(TOPIC));
            pollUntil(() -> first.assignment().size() == PARTITIONS, first);
            second.subscribe(List.of(TOPIC));
            pollUntil(() -> second.assignment().size() == PARTITIONS, second);
            transcript.noteOutcome("replaced member commits", () -> {
                first.commitSync(Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(1)));
                return "";
            });
            second.commitSync(Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(2)));
            transcript.note("replacement committed", offsets(second.committed(all())));
        }
    }

    private void offsetsAreCommittedOnRevocation(Class<?> assignor) {
        String group = "revoked-" + assignor.getSimpleName();
        Map<String, Object> settings = Map.of("partition.assignment.strategy", assignor.getName());
        try (KafkaConsumer<String, String> one = member(group, settings);
                KafkaConsumer<String, String> two = member(group, settings)) {
            Map<TopicPartition, OffsetAndMetadata> position = new HashMap<>();
            one.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    one.commitSync(position);
                }
            });
            for (ConsumerRecord<String, String> record : Polling.atLeast(RECORDS, one)) {
                position.put(
                        new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1));
            }
            two.subscribe(List.of(TOPIC));
            List<ConsumerRecord<String, String>> again = pollUntil(
                    () -> one.assignment().size() == 2 && two.assignment().size() == 2, one, two);
            transcript.note(group + " read twice", again.size());
            transcript.note(group + " committed", offsets(two.committed(all())));
        }
    }

    private void waysToCommit() throws Exception {
        try (KafkaConsumer<String, String> member = member("committers", Map.of())) {
            member.subscribe(List.of(TOPIC));
            Polling.atLeast(RECORDS, member);
            AtomicReference<Object> seen = new AtomicReference<>();
            member.commitAsync(
                    Map.of(new TopicPartition(TOPIC, 1), new OffsetAndMetadata(3, "noted")),
                    (offsets, error) -> seen.set(error == null ? offsets.values() : error));
            pollUntil(() -> seen.get() != null, member);
            transcript.note("commitAsync", seen.get());
            transcript.noteOutcome("negative commit", () -> {
                member.commitSync(Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(-1)));
                return "";
            });
        }
        Map<String, Object> auto = Map.of("enable.auto.commit", true, "auto.commit.interval.ms", 60_000);
        try (KafkaConsumer<String, String> member = member("automatic", auto)) {
            member.subscribe(List.of(TOPIC));
            Polling.atLeast(RECORDS, member);
        }
        try (Admin admin = Clients.admin(endpoint)) {
            transcript.note(
                    "committed on close",
                    offsets(AdminSteps.get(
                            admin.listConsumerGroupOffsets("automatic").partitionsToOffsetAndMetadata())));
        }
    }

    /** The other one must not have to wait for the session to lapse, which takes 45 s. */
    private void wakeupAndClose() throws InterruptedException {
        try (KafkaConsumer<String, String> stays = member("leavers", Map.of())) {
            KafkaConsumer<String, String> leaves = member("leavers", Map.of());
            AtomicReference<String> ended = new AtomicReference<>("not yet");
            Thread loop = new Thread(() -> {
                try (leaves) {
                    leaves.subscribe(List.of(TOPIC));
                    while (true) {
                        leaves.poll(Duration.ofMillis(100));
                    }
                } catch (WakeupException e) {
                    ended.set("by wakeup");
                }
            });
            loop.start();
            stays.subscribe(List.of(TOPIC));
            pollUntil(() -> stays.assignment().size() == 2, stays);
            leaves.wakeup();
            loop.join(TIMEOUT.toMillis());
            transcript.note("loop ended", ended.get());
            long began = System.nanoTime();
            pollUntil(() -> stays.assignment().size() == PARTITIONS, stays);
            transcript.note(
                    "left at once", Duration.ofNanos(System.nanoTime() - began).compareTo(Duration.ofSeconds(15)) < 0);
        }
    }

    private void pattern() {
        try (KafkaConsumer<String, String> member = member("pattern", Map.of())) {
            member.subscribe(Pattern.compile("classic.*"));
            pollUntil(() -> member.assignment().size() == PARTITIONS + 2, member);
            transcript.note(
                    "pattern",
                    new TreeSet<>(member.assignment().stream()
                            .map(TopicPartition::toString)
                            .toList()));
        }
    }

    private void readersWithoutMembership() {
        TopicPartition partition = new TopicPartition(TOPIC, 2);
        try (KafkaConsumer<String, String> reader = member("loners", Map.of())) {
            reader.assign(List.of(partition));
            Polling.atLeast(RECORDS / PARTITIONS, reader);
            reader.commitSync();
            transcript.note("loner committed", offsets(reader.committed(Set.of(partition))));
        }
        try (KafkaConsumer<String, String> member = member("loners", Map.of());
                KafkaConsumer<String, String> loner = member("loners", Map.of())) {
            member.subscribe(List.of(TOPIC));
            pollUntil(() -> member.assignment().size() == PARTITIONS, member);
            loner.assign(List.of(partition));
            transcript.noteOutcome("loner commits among members", () -> {
                loner.commitSync(Map.of(partition, new OffsetAndMetadata(1)));
                return "";
            });
        }
    }

    private static Set<TopicPartition> all() {
        Set<TopicPartition> all = new HashSet<>();
        for (int i = 0; i < PARTITIONS; i++) {
            all.add(new TopicPartition(TOPIC, i));
        }
        return all;
    }

    private static Set<Integer> indexes(Collection<TopicPartition> partitions) {
        return new TreeSet<>(partitions.stream().map(TopicPartition::partition).toList());
    }

    private static Map<String, Object> offsets(Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<String, Object> offsets = new TreeMap<>();
        committed.forEach((partition, offset) -> {
            if (offset != null) {
                offsets.put(partition.toString(), offset.offset());
            }
        });
        return offsets;
    }

    private static List<ConsumerRecord<String, String>> pollUntil(
            BooleanSupplier done, KafkaConsumer<String, String> one) {
        return pollUntil(done, List.of(one));
    }

    private static List<ConsumerRecord<String, String>> pollUntil(
            BooleanSupplier done, KafkaConsumer<String, String> one, KafkaConsumer<String, String> two) {
        return pollUntil(done, List.of(one, two));
    }

    private static List<ConsumerRecord<String, String>> pollUntil(
            BooleanSupplier done, List<KafkaConsumer<String, String>> consumers) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + TIMEOUT + " in vain; members hold "
                        + consumers.stream().map(KafkaConsumer::assignment).toList());
            }
            for (KafkaConsumer<String, String> consumer : consumers) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static final class Counting implements ConsumerRebalanceListener {
        private int assigned;

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned++;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
    }
}
