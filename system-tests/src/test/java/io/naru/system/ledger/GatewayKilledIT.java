package io.naru.system.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two gateways behind a balancer that knows nothing; a group of ten members by {@code /v1/groups} and one of ten by {@code /consumers},
 * half of these with automatic commits, read the same topic, each asking now this gateway and now that. One gateway is killed while they
 * read: nothing is lost, and nothing that was acknowledged comes again.
 *
 * <p>{@code -Dnaru.ledger.rounds=N}: each round kills a gateway at another moment of a group's life. Only then does it run, for it is not
 * always green, and that is an open fault of the gateway and not of the test: see docs/faults.md.
 */
@Timeout(3_600)
@EnabledIfSystemProperty(named = "naru.ledger.rounds", matches = "\\d+", disabledReason = "open fault: docs/faults.md")
class GatewayKilledIT {

    private static final Path FIGURES = Path.of("target", "gateway-killed.txt");
    private static final int PARTITIONS = 20;
    private static final int MEMBERS = 10;
    private static final int RECORDS = 4_000;
    private static final int ROUNDS = Integer.getInteger("naru.ledger.rounds", 2);

    @Test
    void nothingIsLostAndNothingAcknowledgedComesAgain() throws Exception {
        try (NaruCluster naru = NaruCluster.separateProcesses()
                .instances(NaruService.GATEWAY, 2)
                .property("naru.coordinator.group.session-timeout", "10s")
                .property("naru.coordinator.group.heartbeat-interval", "2s")
                .restartable()
                .start()) {
            for (int round = 0; round < ROUNDS; round++) {
                // The first while the group still forms, the last when almost all is read.
                int killedAt = RECORDS / 2 * round / ROUNDS;
                NaruNode victim = new NaruNode(NaruService.GATEWAY, 2 - round % 2);
                new Round(naru, "ledger-" + round, victim, killedAt).run();
                naru.restart(victim);
            }
        }
    }

    private static final class Round {
        private final NaruCluster naru;
        private final String topic;
        private final NaruNode victim;
        private final int killedAt;
        private final DeliveryLedger cursors = new DeliveryLedger();
        private final DeliveryLedger instances = new DeliveryLedger();
        private final List<LedgerMember> members = new ArrayList<>();

        Round(NaruCluster naru, String topic, NaruNode victim, int killedAt) {
            this.naru = naru;
            this.topic = topic;
            this.victim = victim;
            this.killedAt = killedAt;
            RoundRobin balancer = new RoundRobin(
                    naru.nodes(NaruService.GATEWAY).stream().map(naru::httpUrl).toList());
            for (int i = 0; i < MEMBERS; i++) {
                members.add(new NativeMember("cursor-" + i, "cursors-" + topic, topic, balancer, cursors));
                members.add(new InstanceMember(
                        "instance-" + i, "instances-" + topic, topic, i % 2 == 0, balancer, instances));
            }
        }

        void run() throws Exception {
            create();
            List<Thread> threads = members.stream()
                    .map(member -> new Thread(member, member.name))
                    .toList();
            try (Admin admin = Clients.admin(naru)) {
                CommittedOffsets byCursor = new CommittedOffsets(admin, "cursors-" + topic, PARTITIONS, cursors);
                CommittedOffsets byInstance = new CommittedOffsets(admin, "instances-" + topic, PARTITIONS, instances);
                threads.forEach(Thread::start);
                produce(0, RECORDS / 2);
                await(() -> byCursor.look() >= killedAt && byInstance.look() >= killedAt, byCursor, byInstance);
                String before = byCursor.look() + " and " + byInstance.look();
                naru.kill9(victim);
                long killed = System.nanoTime();
                produce(RECORDS / 2, RECORDS);
                await(() -> byCursor.look() == RECORDS && byInstance.look() == RECORDS, byCursor, byInstance);
                note(
                        "%s: %s killed when %s of %d were acknowledged; the others within %.1f s; given out: %d and %d%n",
                        topic,
                        victim,
                        before,
                        RECORDS,
                        (System.nanoTime() - killed) / 1e9,
                        cursors.deliveries(),
                        instances.deliveries());
            } finally {
                members.forEach(LedgerMember::stop);
                for (Thread thread : threads) {
                    thread.join(TimeUnit.SECONDS.toMillis(40));
                }
            }
            assertThat(cursors.anomalies()).as("by cursor").isEmpty();
            assertThat(instances.anomalies()).as("by instance").isEmpty();
        }

        private static void note(String format, Object... figures) throws IOException {
            Files.writeString(
                    FIGURES,
                    String.format(Locale.ROOT, format, figures),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        private void await(Callable<Boolean> done, CommittedOffsets byCursor, CommittedOffsets byInstance) {
            try {
                Awaitility.await().atMost(Duration.ofSeconds(90)).until(done);
            } catch (ConditionTimeoutException late) {
                throw new AssertionError(
                        "arrived: " + cursors.arrived() + " and " + instances.arrived() + ", acknowledged: "
                                + cursors.acked() + " and " + instances.acked() + "\n" + byCursor.members() + "\n"
                                + byInstance.members() + "\n"
                                + members.stream().map(LedgerMember::toString).collect(Collectors.joining("\n"))
                                + naru.logTails(),
                        late);
            }
        }

        private void create() throws Exception {
            try (Admin admin = Clients.admin(naru)) {
                admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
        }

        private void produce(int from, int to) {
            try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
                for (int i = from; i < to; i++) {
                    cursors.written("v" + i);
                    instances.written("v" + i);
                    producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, "\"v" + i + "\""));
                }
                producer.flush();
            }
        }
    }
}
