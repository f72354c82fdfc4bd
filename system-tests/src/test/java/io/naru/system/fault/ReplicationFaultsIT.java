package io.naru.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
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
    private static final int ROUNDS = Integer.getInteger("naru.faults.rounds", 2);

    private FaultCluster cluster;

    @BeforeAll
    void startCluster() {
        cluster = new FaultCluster(FaultCluster.builder());
    }

    @AfterAll
    void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        cluster.begin(test.getTestMethod().orElseThrow().getName(), Map.of());
    }

    @AfterEach
    void check(TestInfo test) throws Exception {
        cluster.healAndCheck(test.getDisplayName());
    }

    /** F1: the leader dies, again and again, wherever the lead has gone. */
    @Test
    void leaderKilled() {
        for (int round = 0; round < ROUNDS; round++) {
            NaruNode leader = cluster.leader();
            cluster.naru().kill9(leader);
            cluster.awaitAcks(100);
            cluster.naru().restart(leader);
            cluster.awaitInSync(3);
        }
    }

    /** F2. */
    @Test
    void followerKilled() {
        for (int round = 0; round < ROUNDS; round++) {
            NaruNode follower = cluster.aFollower();
            cluster.naru().kill9(follower);
            cluster.awaitAcks(100);
            cluster.naru().restart(follower);
            cluster.awaitInSync(3);
        }
    }

    /** F3. */
    @Test
    void allBrokersKilledAtOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            cluster.naru().nodes(NaruService.BROKER).forEach(cluster.naru()::kill9);
            cluster.naru().restart();
            cluster.awaitAcks(100);
        }
    }

    /** F4: without a controller nothing moves, and nothing needs to. */
    @Test
    void controllerKilled() {
        for (int round = 0; round < ROUNDS; round++) {
            cluster.naru().kill9(NaruService.ADMIN);
            cluster.awaitAcks(100);
            cluster.naru().restart();
            cluster.awaitAcks(100);
        }
    }

    /** The leader dies while there is no controller that could notice. */
    @Test
    void leaderAndControllerKilled() {
        NaruNode leader = cluster.leader();
        cluster.naru().kill9(NaruService.ADMIN);
        cluster.naru().kill9(leader);
        cluster.naru().restart(NaruNode.of(NaruService.ADMIN));
        cluster.awaitAcks(100);
    }

    /** F6. */
    @Test
    void rollingRestart() {
        for (NaruNode broker : cluster.naru().nodes(NaruService.BROKER)) {
            cluster.naru().stop(broker);
            cluster.naru().restart(broker);
            cluster.awaitInSync(3);
        }
        assertThat(cluster.workload().longestSilence())
                .as("leaders leave in good order")
                .isLessThan(Duration.ofSeconds(20));
    }

    /** F7: the leader hangs past its session, and wakes believing that it leads. */
    @Test
    void leaderPaused() {
        for (int round = 0; round < ROUNDS; round++) {
            NaruNode leader = cluster.leader();
            cluster.naru().processOf(leader).freeze();
            try {
                cluster.awaitAcks(100);
            } finally {
                cluster.naru().processOf(leader).thaw();
            }
            cluster.awaitInSync(3);
        }
    }

    /** F7, follower: it leaves the ISR and comes back. */
    @Test
    void followerPaused() {
        NaruNode follower = cluster.aFollower();
        cluster.naru().processOf(follower).freeze();
        try {
            cluster.awaitAcks(100);
            cluster.awaitInSync(2);
        } finally {
            cluster.naru().processOf(follower).thaw();
        }
        cluster.awaitInSync(3);
    }

    /** F19: a broker comes back with an empty disk and fills it from the others. */
    @Test
    void brokerWiped() throws IOException {
        NaruNode leader = cluster.leader();
        cluster.naru().kill9(leader);
        wipe(cluster.naru().dataDir(leader));
        cluster.awaitAcks(100);
        cluster.naru().restart(leader);
        cluster.awaitInSync(3);
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
