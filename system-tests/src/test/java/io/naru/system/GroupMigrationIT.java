package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.KafkaEndpoint;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.ReferenceKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A group of classic members is rolled to {@code group.protocol=consumer} and back, one member at a time, while records flow: none is
 * lost, and no partition ever has two owners.
 */
@Timeout(300)
class GroupMigrationIT {

    private static final String TOPIC = "migrating";
    private static final String GROUP = "migrating-group";
    private static final int PARTITIONS = 6;
    private static final int MEMBERS = 3;

    @Test
    void rollsOverAndBackOnNaru() throws Exception {
        try (NaruCluster naru = NaruCluster.standalone()
                .property("naru.coordinator.group.classic.initial-rebalance-delay", "0ms")
                .property("naru.coordinator.group.heartbeat-interval", "500ms")
                .start()) {
            rollOverAndBack(naru);
        }
    }

    /** Its members of the new protocol heartbeat every five seconds unless told otherwise, and each roll takes several heartbeats. */
    @Test
    void rollsOverAndBackOnApacheKafka() throws Exception {
        try (ReferenceKafka kafka = ReferenceKafka.start(Map.of("group.consumer.heartbeat.interval.ms", "500"))) {
            rollOverAndBack(kafka);
        }
    }

    /** What all members together have seen. */
    private static final class Ledger {
        private final Map<TopicPartition, String> owners = new ConcurrentHashMap<>();
        private final Queue<String> doubleOwners = new ConcurrentLinkedQueue<>();
        private final Set<String> seen = ConcurrentHashMap.newKeySet();
        private final AtomicInteger again = new AtomicInteger();
    }

    private static void rollOverAndBack(KafkaEndpoint endpoint) throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        Ledger ledger = new Ledger();
        List<Member> members = new ArrayList<>();
        try (Source source = new Source(endpoint)) {
            for (int i = 0; i < MEMBERS; i++) {
                members.add(new Member(endpoint, ledger, "classic-" + i, false));
            }
            awaitAllOwned(ledger, members);
            assertType(endpoint, GroupType.CLASSIC);

            roll(endpoint, ledger, members, true);
            assertType(endpoint, GroupType.CONSUMER);
            roll(endpoint, ledger, members, false);
            assertType(endpoint, GroupType.CLASSIC);

            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ledger.seen.size() > 100);
            int sent = source.stop();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ledger.seen.size() == sent);
            assertThat(ledger.doubleOwners).isEmpty();
            assertThat(sent).isGreaterThan(100);
            assertThat(ledger.again.get()).as("records seen twice, of " + sent).isLessThan(sent / 4);
        } finally {
            members.forEach(Member::close);
        }
    }

    private static void roll(KafkaEndpoint endpoint, Ledger ledger, List<Member> members, boolean consumer) {
        for (int i = 0; i < MEMBERS; i++) {
            members.get(i).close();
            members.set(i, new Member(endpoint, ledger, (consumer ? "consumer-" : "classic-again-") + i, consumer));
            awaitAllOwned(ledger, members);
        }
    }

    private static void awaitAllOwned(Ledger ledger, List<Member> members) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ledger.owners.values())
                        .hasSize(PARTITIONS)
                        .containsAll(members.stream().map(member -> member.name).toList()));
    }

    private static void assertType(KafkaEndpoint endpoint, GroupType type) throws Exception {
        try (Admin admin = Clients.admin(endpoint)) {
            assertThat(admin.listGroups().all().get(30, TimeUnit.SECONDS))
                    .filteredOn(group -> group.groupId().equals(GROUP))
                    .singleElement()
                    .satisfies(group -> assertThat(group.type()).contains(type));
        }
    }

    /** Writes numbers, some fifty a second. */
    private static final class Source implements AutoCloseable {
        private final KafkaProducer<String, String> producer;
        private final Thread thread;
        private volatile boolean stopped;
        private int sent;

        private Source(KafkaEndpoint endpoint) {
            producer = Clients.producer(endpoint, Map.of());
            thread = new Thread(this::run, "source");
            thread.start();
        }

        private void run() {
            while (!stopped) {
                producer.send(new ProducerRecord<>(TOPIC, sent % PARTITIONS, null, "v" + sent));
                sent++;
                LockSupport.parkNanos(20_000_000);
            }
        }

        private int stop() {
            stopped = true;
            join(thread);
            producer.flush();
            return sent;
        }

        @Override
        public void close() {
            stop();
            producer.close();
        }
    }

    /** A consumer in a thread of its own: reads, commits, gives up what it is told to give up. */
    private static final class Member implements ConsumerRebalanceListener, AutoCloseable {
        private final String name;
        private final Ledger ledger;
        private final KafkaConsumer<String, String> consumer;
        private final Thread thread;

        private Member(KafkaEndpoint endpoint, Ledger ledger, String name, boolean newProtocol) {
            this.name = name;
            this.ledger = ledger;
            this.consumer = Clients.consumer(
                    endpoint,
                    newProtocol
                            ? Map.of("group.id", GROUP, "group.protocol", "consumer", "client.id", name)
                            : Map.of(
                                    "group.id",
                                    GROUP,
                                    "client.id",
                                    name,
                                    "heartbeat.interval.ms",
                                    500,
                                    "partition.assignment.strategy",
                                    "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"));
            this.thread = new Thread(this::run, name);
            this.thread.start();
        }

        private void run() {
            try (consumer) {
                consumer.subscribe(List.of(TOPIC), this);
                while (true) {
                    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
                    for (ConsumerRecord<String, String> record : records) {
                        if (!ledger.seen.add(record.value())) {
                            ledger.again.incrementAndGet();
                        }
                    }
                    commit();
                }
            } catch (WakeupException closing) {
                // Closed by the test; closing the consumer leaves the group.
                ledger.owners.values().removeIf(name::equals);
            }
        }

        private void commit() {
            try {
                consumer.commitSync();
            } catch (CommitFailedException | RebalanceInProgressException moved) {
                // The next owner reads again what could not be committed.
                return;
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                String other = ledger.owners.put(partition, name);
                if (other != null && !other.equals(name)) {
                    ledger.doubleOwners.add(partition + ": " + other + " and " + name);
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
            partitions.forEach(partition -> ledger.owners.remove(partition, name));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> ledger.owners.remove(partition, name));
        }

        @Override
        public void close() {
            consumer.wakeup();
            join(thread);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
