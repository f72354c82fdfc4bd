package io.naru.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Three brokers under two writers and two readers; each test breaks something, lets it heal and holds the ledger against what is stored.
 * Every test has a topic of its own with three replicas, two of which must be in sync. Short by default;
 * {@code -Dnaru.faults.rounds=5} repeats each fault that often.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ReplicationFaultsIT {
    private static final int PARTITIONS = 3;
    private static final int ROUNDS = Integer.getInteger("naru.faults.rounds", 2);
    private static final int WARM_UP_ACKS = 200;
    private static final Duration PROGRESS = Duration.ofSeconds(45);

    private NaruCluster naru;
    private EpochWatch epochs;
    private String topic;
    private Workload workload;

    @BeforeAll
    void startCluster() {
        naru = NaruCluster.separateProcesses()
                .brokers(3)
                .restartable()
                .heapMb(160)
                .property("naru.broker.replica-lag-time-max", "5s")
                .start();
        epochs = EpochWatch.start(List.of(naru.adminUrl()));
    }

    @AfterAll
    void stopCluster() {
        if (naru != null) {
            epochs.close();
            naru.close();
        }
    }

    @BeforeEach
    void startWorkload(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        try (Admin admin = Clients.admin(naru)) {
            admin.createTopics(List.of(
                            new NewTopic(topic, PARTITIONS, (short) 3).configs(Map.of("min.insync.replicas", "2"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        workload = Workload.start(naru, topic, PARTITIONS);
        workload.awaitAcks(WARM_UP_ACKS, PROGRESS);
        workload.startMeasuringSilence();
    }

    @AfterEach
    void check(TestInfo test) throws Exception {
        try (Workload running = workload) {
            naru.restart();
            awaitAllInSync();
            running.awaitAcks(WARM_UP_ACKS, PROGRESS);
            assertThat(running.stopAndCheck()).isEmpty();
            assertThat(running.refusals()).as("given up by the clients").isEmpty();
        }
        ReplicaDiff.assertEqual(naru, topic, PARTITIONS);
        assertThat(epochs.violations()).isEmpty();
        System.err.printf(
                "%s: %d acknowledged, longest time without one %d ms%n",
                test.getDisplayName(),
                workload.acks(),
                workload.longestSilence().toMillis());
    }

    /** F1: the leader dies, again and again, wherever the lead has gone. */
    @Test
    void leaderKilled() {
        for (int round = 0; round < ROUNDS; round++) {
            NaruNode leader = NaruNode.broker(partition(0).leader());
            naru.kill9(leader);
            workload.awaitAcks(100, PROGRESS);
            naru.restart(leader);
            awaitAllInSync();
        }
    }

    /** F2. */
    @Test
    void followerKilled() {
        for (int round = 0; round < ROUNDS; round++) {
            NaruNode follower = aFollower();
            naru.kill9(follower);
            workload.awaitAcks(100, PROGRESS);
            naru.restart(follower);
            awaitAllInSync();
        }
    }

    /** F3. */
    @Test
    void allBrokersKilledAtOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            naru.nodes(NaruService.BROKER).forEach(naru::kill9);
            naru.restart();
            workload.awaitAcks(100, PROGRESS);
        }
    }

    /** F4: without a controller nothing moves, and nothing needs to. */
    @Test
    void controllerKilled() {
        for (int round = 0; round < ROUNDS; round++) {
            naru.kill9(NaruService.ADMIN);
            workload.awaitAcks(100, PROGRESS);
            naru.restart();
            workload.awaitAcks(100, PROGRESS);
        }
    }

    /** The leader dies while there is no controller that could notice. */
    @Test
    void leaderAndControllerKilled() {
        NaruNode leader = NaruNode.broker(partition(0).leader());
        naru.kill9(NaruService.ADMIN);
        naru.kill9(leader);
        naru.restart(NaruNode.of(NaruService.ADMIN));
        workload.awaitAcks(100, PROGRESS);
    }

    /** F6. */
    @Test
    void rollingRestart() {
        for (NaruNode broker : naru.nodes(NaruService.BROKER)) {
            naru.stop(broker);
            naru.restart(broker);
            awaitAllInSync();
        }
        assertThat(workload.longestSilence()).as("leaders leave in good order").isLessThan(Duration.ofSeconds(20));
    }

    /** F7: the leader hangs past its session, and wakes believing that it leads. */
    @Test
    void leaderPaused() {
        for (int round = 0; round < ROUNDS; round++) {
            NaruNode leader = NaruNode.broker(partition(0).leader());
            naru.processOf(leader).freeze();
            try {
                workload.awaitAcks(100, PROGRESS);
            } finally {
                naru.processOf(leader).thaw();
            }
            awaitAllInSync();
        }
    }

    /** F7, follower: it leaves the ISR and comes back. */
    @Test
    void followerPaused() {
        NaruNode follower = aFollower();
        naru.processOf(follower).freeze();
        try {
            workload.awaitAcks(100, PROGRESS);
            awaitInSync(2);
        } finally {
            naru.processOf(follower).thaw();
        }
        awaitAllInSync();
    }

    /** F19: a broker comes back with an empty disk and fills it from the others. */
    @Test
    void brokerWiped() throws IOException {
        NaruNode leader = NaruNode.broker(partition(0).leader());
        naru.kill9(leader);
        wipe(naru.dataDir(leader));
        workload.awaitAcks(100, PROGRESS);
        naru.restart(leader);
        awaitAllInSync();
    }

    private PartitionImage partition(int index) {
        return image().partition(topic, index).orElseThrow();
    }

    private ClusterImage image() {
        return epochs.latest().orElseThrow();
    }

    private NaruNode aFollower() {
        PartitionImage partition = partition(0);
        return NaruNode.broker(partition.replicas().stream()
                .filter(id -> id != partition.leader())
                .findFirst()
                .orElseThrow());
    }

    private void awaitAllInSync() {
        awaitInSync(3);
    }

    private void awaitInSync(int replicas) {
        Awaitility.await(replicas + " replicas in sync")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(
                                image().topic(topic).orElseThrow().partitions())
                        .allSatisfy(partition -> {
                            assertThat(partition.isr()).hasSize(replicas);
                            assertThat(partition.leader()).isNotEqualTo(PartitionImage.NO_LEADER);
                        }));
    }

    private static void wipe(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        }
    }
}
