package io.naru.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two gateways, two coordinators, two admin-services on PostgreSQL, three brokers. One of each is killed while HTTP and Kafka clients write
 * and read, a group commits, and topics are made: everything that was acknowledged is there, once, and what was answered with anything but
 * 2xx is there once or not at all (F5, and F1 and F4 with it).
 *
 * <p>{@code -Dnaru.faults.roles=true}: only then does it run, for it takes nine JVMs and four minutes (docs/faults.md).
 */
@Timeout(900)
@EnabledIfSystemProperty(
        named = "naru.faults.roles",
        matches = "true",
        disabledReason = "takes minutes: docs/faults.md")
class EveryRoleKilledIT {
    private static final int ROUNDS = Integer.getInteger("naru.faults.rounds", 1);
    private static final String HTTP_TOPIC = "over-http";

    @Test
    void oneOfEachRoleDies() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                FaultCluster cluster = new FaultCluster(FaultCluster.builder()
                        .instances(NaruService.ADMIN, 2)
                        .instances(NaruService.COORDINATOR, 2)
                        .instances(NaruService.GATEWAY, 2)
                        .property("naru.admin.database.url", postgres.getJdbcUrl("postgres", "postgres"))
                        .property("naru.admin.database.username", "postgres"))) {
            cluster.create(HTTP_TOPIC, Map.of());
            cluster.begin("every-role", Map.of());
            try (HttpWorkload http = HttpWorkload.start(cluster.naru(), HTTP_TOPIC, FaultCluster.PARTITIONS);
                    GroupCommits group = GroupCommits.start(cluster.naru(), "every-role")) {
                http.awaitAcks(100);
                group.awaitCommits(5);
                http.startMeasuringSilence();
                for (int round = 0; round < ROUNDS; round++) {
                    kill(cluster, new NaruNode(NaruService.GATEWAY, 1 + round % 2), http, group);
                    kill(cluster, coordinatorOf(cluster, group), http, group);
                    kill(cluster, cluster.leader(), http, group);
                    killController(cluster, http, group, round);
                }
                assertThat(http.stopAndCheck()).isEmpty();
                assertThat(http.refusals())
                        .as("answered with what no fault explains")
                        .isEmpty();
                assertThat(group.stopAndCheck()).isEmpty();
                System.err.println("over HTTP: " + http.figures());
            }
            ReplicaDiff.assertEqual(cluster.naru(), HTTP_TOPIC, FaultCluster.PARTITIONS);
            cluster.healAndCheck("one of each role killed");
        }
    }

    /** Everybody goes on while it is down, and when it is back. */
    private static void kill(FaultCluster cluster, NaruNode victim, HttpWorkload http, GroupCommits group) {
        cluster.naru().kill9(victim);
        http.awaitAcks(100);
        cluster.awaitAcks(100);
        group.awaitCommits(3);
        cluster.naru().restart(victim);
        http.awaitAcks(100);
        cluster.awaitInSync(3);
    }

    /** The one that stood by takes over, with all that the other had answered. */
    private static void killController(FaultCluster cluster, HttpWorkload http, GroupCommits group, int round)
            throws Exception {
        NaruNode controller = cluster.naru().controller().orElseThrow();
        cluster.create("before-" + round, Map.of());
        cluster.naru().kill9(controller);
        Awaitility.await("another controller")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> cluster.naru().controller().isPresent());
        cluster.create("after-" + round, Map.of());
        cluster.awaitTopics("before-" + round, "after-" + round);
        http.awaitAcks(100);
        group.awaitCommits(3);
        cluster.naru().restart(controller);
    }

    private static NaruNode coordinatorOf(FaultCluster cluster, GroupCommits group) throws Exception {
        int port = group.coordinatorPort();
        return cluster.naru().nodes(NaruService.COORDINATOR).stream()
                .filter(node -> cluster.naru().runFile(node).kafkaPort() == port)
                .findFirst()
                .orElseThrow();
    }
}
