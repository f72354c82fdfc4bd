package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two coordinators share the groups, groups of both protocols on each. One is killed: its groups go on at the other, what was committed
 * stays committed, and no record is skipped.
 */
@Timeout(300)
class CoordinatorKilledIT {

    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;
    private static final int GROUPS = 8;

    @Test
    void groupsGoOnAtTheOtherCoordinator() throws Exception {
        try (NaruCluster naru = NaruCluster.separateProcesses()
                .instances(NaruService.COORDINATOR, 2)
                .property("naru.coordinator.group.classic.initial-rebalance-delay", "0ms")
                .start()) {
            try (Admin admin = Clients.admin(naru)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
                List<Reader> readers = new ArrayList<>();
                try {
                    for (int i = 0; i < GROUPS; i++) {
                        readers.add(new Reader(naru, "group-" + i, i % 2 == 0 ? "classic" : "consumer"));
                    }
                    produce(naru, 0, 200);
                    awaitSeen(readers, 200, naru);
                    Map<String, Long> before = new HashMap<>();
                    for (Reader reader : readers) {
                        Awaitility.await()
                                .atMost(Duration.ofSeconds(20))
                                .until(() -> committed(admin, reader.group) == 200);
                        before.put(reader.group, 200L);
                    }
                    long coordinators = readers.stream()
                            .map(reader -> coordinatorOf(admin, reader.group))
                            .distinct()
                            .count();
                    assertThat(coordinators).as("both coordinators have groups").isEqualTo(2);

                    eachGroupIsShownByItsOwnerOnly(naru, readers);

                    naru.kill9(new NaruNode(NaruService.COORDINATOR, 2));
                    produce(naru, 200, 400);
                    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                    while (!readers.stream().allMatch(reader -> reader.seen.size() == 400)) {
                        assertThat(System.nanoTime())
                                .as(() -> readers + naru.logTails())
                                .isLessThan(deadline);
                        for (Reader reader : readers) {
                            long now = committed(admin, reader.group);
                            if (now >= 0) {
                                assertThat(now)
                                        .as("committed by %s", reader.group)
                                        .isGreaterThanOrEqualTo(before.get(reader.group));
                                before.put(reader.group, now);
                            }
                        }
                    }
                    for (Reader reader : readers) {
                        Awaitility.await()
                                .atMost(Duration.ofSeconds(20))
                                .until(() -> committed(admin, reader.group) == 400);
                    }
                } finally {
                    readers.forEach(Reader::stop);
                }
            }
        }
    }

    /** The coordinator that does not have a group says who has it. */
    private static void eachGroupIsShownByItsOwnerOnly(NaruCluster naru, List<Reader> readers) throws IOException {
        List<URI> both =
                naru.nodes(NaruService.COORDINATOR).stream().map(naru::httpUrl).toList();
        for (Reader reader : readers) {
            String path = "/v1/groups/" + reader.group;
            Http.Answer first = new Http(both.get(0)).get(path);
            int owner = first.status() == 200 ? 0 : 1;
            Http.Answer other = owner == 0 ? new Http(both.get(1)).get(path) : first;
            assertThat(new Http(both.get(owner)).get(path).status()).isEqualTo(200);
            assertThat(other.status()).as(other.toString()).isEqualTo(307);
            assertThat(URI.create(other.header("Location")).getPort())
                    .isEqualTo(both.get(owner).getPort());
            assertThat(URI.create(other.header("Location")).getPath()).isEqualTo(path);
        }
    }

    private static void produce(NaruCluster naru, int from, int to) {
        try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, "v" + i));
            }
            producer.flush();
        }
    }

    private static void awaitSeen(List<Reader> readers, int count, NaruCluster naru) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(readers)
                        .as(naru::logTails)
                        .allSatisfy(reader -> assertThat(reader.seen).hasSize(count)));
    }

    /** All partitions together; −1 when nobody can say right now. */
    private static long committed(Admin admin, String group) throws InterruptedException {
        try {
            return admin
                    .listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(5, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .mapToLong(offset -> offset.offset())
                    .sum();
        } catch (ExecutionException | TimeoutException moving) {
            return -1;
        }
    }

    private static int coordinatorOf(Admin admin, String group) {
        try {
            return admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(group)
                    .coordinator()
                    .port();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one member of its group. */
    private static final class Reader implements Runnable {
        private final String group;
        private final Set<String> seen = ConcurrentHashMap.newKeySet();
        private final KafkaConsumer<String, String> consumer;
        private final Thread thread;

        private Reader(NaruCluster naru, String group, String protocol) {
            this.group = group;
            this.consumer = Clients.consumer(naru, Map.of("group.id", group, "group.protocol", protocol));
            this.thread = new Thread(this, group);
            this.thread.start();
        }

        @Override
        public void run() {
            try (consumer) {
                consumer.subscribe(List.of(TOPIC));
                while (true) {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                        seen.add(record.value());
                    }
                    commit();
                }
            } catch (WakeupException stopping) {
                // The test is over.
                return;
            }
        }

        private void commit() {
            try {
                consumer.commitSync(Duration.ofSeconds(10));
            } catch (WakeupException stopping) {
                throw stopping;
            } catch (KafkaException moving) {
                // Committed with the next poll.
                return;
            }
        }

        private void stop() {
            consumer.wakeup();
            try {
                thread.join(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public String toString() {
            return group + ": " + seen.size();
        }
    }
}
