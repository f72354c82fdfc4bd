package io.naru.admin.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminProcess;
import io.naru.admin.AdminServer;
import io.naru.admin.AdminServer.Answer;
import io.naru.admin.FormedCluster;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterPartitions.AlterPartition;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlterReassignments.Reassignment;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.ReplicaName;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two admin-services on one PostgreSQL: one is the controller, the other stands by. */
class TwoAdminsIT {

    private static EmbeddedPostgres postgres;

    @TempDir
    Path dataDir;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void theOneThatStandsByTakesOverWithAllThatWasCommitted() throws Exception {
        try (AdminServer second = twoAdmins()) {
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> second.get("/actuator/health/readiness").status() == 200);
            String topic = second.get("/v3/clusters")
                            .json()
                            .at("/data/0/topics/related")
                            .asString() + "/t";
            assertThat(second.get(topic.substring(second.url().toString().length()))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void killedControllerIsReplacedWithinFiveSecondsByOneThatKnowsTheReassignmentUnderWay() throws Exception {
        try (AdminProcess first = new AdminProcess(dataDir.resolve("killed"), properties("/killed"));
                AdminServer second = server(first, "heir")) {
            ControlPlaneClient client = new ControlPlaneClient(List.of(first.url(), second.url()));
            liveBroker(client, 1);
            liveBroker(client, 2);
            get(client.createTopics(new CreateTopics(List.of(new NewTopic("t", 1, 1, Map.of(), Map.of())), false)));
            PartitionImage before = get(client.image(null, Duration.ZERO))
                    .orElseThrow()
                    .partition("t", 0)
                    .orElseThrow();
            int other = 3 - before.leader();
            get(client.alterReassignments(new AlterReassignments(
                    List.of(new Reassignment(new PartitionName("t", 0), List.of(other))), true)));

            first.kill();
            long killed = System.nanoTime();
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .until(() -> get(client.image(null, Duration.ZERO)).isPresent());
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(5));
            ClusterImage image = get(client.image(null, Duration.ZERO)).orElseThrow();
            assertThat(image.liveBrokers()).hasSize(2);
            PartitionImage partition = image.partition("t", 0).orElseThrow();
            assertThat(partition.adding()).containsExactly(other);
            List<IsrMember> all = image.brokers().values().stream()
                    .map(broker -> new IsrMember(broker.id(), broker.epoch()))
                    .toList();
            BrokerImage leader = Objects.requireNonNull(image.brokers().get(partition.leader()));
            AlteredPartitions done = get(client.alterPartitions(new AlterPartitions(
                    leader.id(),
                    leader.epoch(),
                    List.of(new AlterPartition(
                            new ReplicaName(image.topic("t").orElseThrow().topicId(), 0),
                            partition.leaderEpoch(),
                            partition.partitionEpoch(),
                            all)))));
            PartitionImage moved =
                    Objects.requireNonNull(done.partitions().get(0).state());
            assertThat(moved.replicas()).containsExactly(other);
            assertThat(moved.leader()).isEqualTo(other);
        }
    }

    @Test
    void clustersOfOtherPathsInTheSameDatabaseAreNotSeen() throws Exception {
        try (AdminServer one = new AdminServer(dataDir.resolve("one"), properties("/one"));
                AdminServer other = new AdminServer(dataDir.resolve("other"), properties("/other"))) {
            String first = FormedCluster.form(one);
            String second = FormedCluster.form(other);
            assertThat(first).isNotEqualTo(second);
            assertThat(one.post("/v3/clusters/" + first + "/topics", "{\"topic_name\":\"t\"}")
                            .status())
                    .isEqualTo(201);
            assertThat(one.get("/v3/clusters/" + first + "/topics/t").status()).isEqualTo(200);
            assertThat(other.get("/v3/clusters/" + second + "/topics/t").status())
                    .isEqualTo(404);
            assertThat(other.get("/v3/clusters/" + first + "/topics").status()).isEqualTo(404);
        }
    }

    @Test
    void aDatabaseThatIsGoneIsDownAndTheProcessLives() throws Exception {
        EmbeddedPostgres own = EmbeddedPostgres.builder().start();
        try (AdminServer admin = new AdminServer(dataDir.resolve("gone"), properties(own, "/"))) {
            FormedCluster.form(admin);
            assertThat(admin.get("/actuator/health/storage")
                            .json()
                            .get("status")
                            .asString())
                    .isEqualTo("UP");
            own.close();
            Awaitility.await()
                    .atMost(90, TimeUnit.SECONDS)
                    .until(() -> admin.get("/actuator/health/storage")
                            .json()
                            .at("/components/db/status")
                            .asString()
                            .equals("DOWN"));
            assertThat(admin.get("/actuator/health/liveness").status()).isEqualTo(200);
        } finally {
            own.close();
        }
    }

    /** One that starts when {@code first} is the controller. */
    private AdminServer server(AdminProcess first, String name) throws Exception {
        ControlPlaneClient client = new ControlPlaneClient(List.of(first.url()));
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> get(client.image(null, Duration.ZERO)).isPresent());
        return new AdminServer(dataDir.resolve(name), properties("/killed"));
    }

    private static void liveBroker(ControlPlaneClient client, int id) throws Exception {
        Endpoint endpoint = new Endpoint("127.0.0.1", 9092);
        Registered registered = get(client.register(
                new BrokerRegistration(id, "b" + id, null, endpoint, endpoint, null, List.of("d" + id))));
        get(client.brokerHeartbeat(id, new Heartbeat(registered.epoch(), registered.imageVersion(), false)));
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    /** Starts two, checks that only the first one answers, stops it, and returns the second. */
    private AdminServer twoAdmins() throws Exception {
        try (AdminServer first = admin("first")) {
            String topics = "/v3/clusters/" + FormedCluster.form(first) + "/topics";
            assertThat(first.post(topics, "{\"topic_name\":\"t\"}").status()).isEqualTo(201);
            AdminServer second = admin("second");
            Answer refused = second.post(topics, "{\"topic_name\":\"u\"}");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(second.get("/internal/cluster").status()).isEqualTo(503);
            assertThat(second.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(second.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(first.get("/actuator/health/readiness").status()).isEqualTo(200);
            return second;
        }
    }

    private AdminServer admin(String name) {
        return new AdminServer(dataDir.resolve(name), properties("/"));
    }

    private static String[] properties(String clusterPath) {
        return properties(postgres, clusterPath);
    }

    private static String[] properties(EmbeddedPostgres database, String clusterPath) {
        return new String[] {
            "--naru.admin.session-timeout=10m",
            "--naru.admin.cluster-path=" + clusterPath,
            "--naru.admin.database.url=" + database.getJdbcUrl("postgres", "postgres"),
            "--naru.admin.database.username=postgres"
        };
    }
}
