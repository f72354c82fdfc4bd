package io.naru.admin.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.naru.admin.AdminServer;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterPartitions.AlterPartition;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlterReassignments.Reassignment;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.ControlPlaneException;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreatePartitions.MorePartitions;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.PartitionResult;
import io.naru.cluster.control.ProducerIdRequest;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.ReplicaName;
import io.naru.cluster.control.TopicResults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control plane over real HTTP, with the client that the other services use. */
class ControlPlaneIT {

    private static final Duration NOW = Duration.ZERO;

    @TempDir
    Path dataDir;

    private AdminServer admin;
    private ControlPlaneClient client;

    @BeforeEach
    void start() {
        admin = new AdminServer(dataDir, "--naru.admin.session-timeout=60s");
        client = admin.controlPlane();
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void clusterFormsAndTopicsComeAndGo() throws Exception {
        ClusterImage empty = image(null);
        assertThat(empty.brokers()).isEmpty();
        Registered broker = liveBroker();
        Registered coordinator = get(client.register(
                new CoordinatorRegistration(0, "c", new Endpoint("127.0.0.1", 9093), new Endpoint("127.0.0.1", 8082))));
        assertThat(get(client.coordinatorHeartbeat(0, new Heartbeat(coordinator.epoch(), 0, false)))
                        .fenced())
                .isFalse();
        ClusterImage formed = image(empty);
        assertThat(formed.topic(TopicImage.CONSUMER_OFFSETS)).isPresent();
        assertThat(formed.coordinatorOf(7))
                .hasValueSatisfying(c -> assertThat(c.id()).isZero());

        TopicResults created = get(client.createTopics(new CreateTopics(
                List.of(
                        new NewTopic("a", 3, 1, Map.of(), Map.of("retention.ms", "1000")),
                        new NewTopic("b", 0, 1, Map.of(), Map.of()),
                        new NewTopic("c", -1, -1, Map.of(0, List.of(1), 1, List.of(1)), Map.of())),
                false)));
        assertThat(created.results()).extracting(r -> (int) r.errorCode()).containsExactly(0, 37, 0);
        ClusterImage after = image(formed);
        assertThat(after.version()).isEqualTo(created.imageVersion());
        assertThat(after.topic("a")).hasValue(created.results().get(0).topic());
        assertThat(after.topics()).containsOnlyKeys("__consumer_offsets", "a", "c");

        TopicResults deleted = get(client.deleteTopics(new DeleteTopics(
                List.of("a"), List.of(after.topic("c").orElseThrow().topicId()))));
        assertThat(deleted.results()).allMatch(r -> r.errorCode() == 0);
        assertThat(image(after).topics()).containsOnlyKeys("__consumer_offsets");
        assertThat(get(client.producerIds(new ProducerIdRequest(1, broker.epoch())))
                        .count())
                .isEqualTo(1000);
    }

    @Test
    void imageIsHeldUntilThereIsANewerOne() throws Exception {
        ClusterImage empty = image(null);
        CompletableFuture<Optional<ClusterImage>> next = client.image(empty, Duration.ofSeconds(30));
        assertThat(get(client.image(empty, Duration.ofMillis(50)))).isEmpty();
        assertThat(next).isNotDone();
        liveBroker();
        assertThat(get(next))
                .hasValueSatisfying(image -> assertThat(image.brokers()).containsKey(1));
    }

    @Test
    void longPollsDoNotDelayShutdown() throws Exception {
        CompletableFuture<Optional<ClusterImage>> next = client.image(image(null), Duration.ofSeconds(60));
        admin.close();
        assertThatThrownBy(() -> get(next)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void refusalsCarryKafkasErrorCode() throws Exception {
        Registered broker = liveBroker();
        refused(client.register(registration("another process", null)), 409, 101);
        refused(client.register(registration("x", "some-other-cluster")), 409, 104);
        refused(client.brokerHeartbeat(1, new Heartbeat(broker.epoch() + 1, 0, false)), 409, 77);
        refused(client.brokerHeartbeat(2, new Heartbeat(1, 0, false)), 409, 77);
        refused(client.producerIds(new ProducerIdRequest(1, broker.epoch() - 1)), 409, 77);
    }

    @Test
    void incompleteRequestsAreRefusedAndNewerFieldsPassedOver() {
        assertThat(admin.post("/internal/brokers", "{\"brokerId\":1}").status()).isEqualTo(400);
        assertThat(admin.post("/internal/brokers", "{\"brokerId\":1,\"previousEpoch\":-1}")
                        .text())
                .contains("incarnationId");
        assertThat(admin.post("/internal/topics:create", "{}").status()).isEqualTo(400);
        assertThat(admin.post("/internal/topics:create", "{\"topics\":[null]}").status())
                .isEqualTo(400);
        assertThat(admin.post("/internal/topics:delete", "{\"names\":[null]}").status())
                .isEqualTo(400);
        assertThat(admin.post("/internal/topics:create", "nonsense").status()).isEqualTo(400);
        assertThat(admin.post("/internal/topics:delete", "{\"names\":[\"x\"],\"from_the_future\":1}")
                        .json()
                        .at("/results/0/errorCode")
                        .asInt())
                .isEqualTo(3);
        assertThat(admin.get("/internal/cluster?after=x").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/internal/partitions:alter     | {\"brokerId\":1,\"brokerEpoch\":1}",
                "/internal/partitions:alter     | {\"brokerId\":1,\"brokerEpoch\":1,\"partitions\":[{}]}",
                "/internal/partitions:alter     | {\"brokerId\":1,\"brokerEpoch\":1,\"partitions\":[null]}",
                "/internal/leaders:elect        | {\"unclean\":false,\"partitions\":[null]}",
                "/internal/leaders:elect        | {\"unclean\":false,\"partitions\":[{\"partition\":1}]}",
                "/internal/reassignments:alter  | {\"allowReplicationFactorChange\":true}",
                "/internal/reassignments:alter  | {\"allowReplicationFactorChange\":true,\"partitions\":[null]}",
                "/internal/reassignments:alter  | {\"allowReplicationFactorChange\":true,\"partitions\":[{}]}",
                "/internal/partitions:create    | {\"validateOnly\":true,\"topics\":[null]}",
                "/internal/partitions:create    | {\"validateOnly\":true,\"topics\":[{\"count\":1}]}",
                "/internal/brokers/x/unregister | {}",
            })
    void incompleteRequestsAboutReplicasAreRefused(String path, String body) {
        assertThat(admin.post(path, body).status()).isEqualTo(400);
    }

    @Test
    void replicasCanBeChanged() throws Exception {
        Registered broker = liveBroker();
        get(client.createTopics(new CreateTopics(List.of(new NewTopic("t", 1, 1, Map.of(), Map.of())), false)));
        ReplicaName replica =
                new ReplicaName(image(null).topic("t").orElseThrow().topicId(), 0);
        AlteredPartitions altered = get(client.alterPartitions(new AlterPartitions(
                1,
                broker.epoch(),
                List.of(new AlterPartition(replica, 0, 0, List.of(new IsrMember(1, broker.epoch())))))));
        assertThat(altered.partitions())
                .extracting(AlteredPartition::errorCode, AlteredPartition::state)
                .containsExactly(tuple((short) 0, image(null).partition("t", 0).orElseThrow()));
        PartitionName partition = new PartitionName("t", 0);
        assertThat(get(client.electLeaders(new ElectLeaders(false, List.of(partition))))
                        .results())
                .extracting(PartitionResult::errorCode)
                .containsExactly((short) 84);
        assertThat(get(client.electLeaders(new ElectLeaders(true, null))).results())
                .isEmpty();
        assertThat(get(client.alterReassignments(new AlterReassignments(
                                List.of(
                                        new Reassignment(partition, null),
                                        new Reassignment(new PartitionName("t", 1), List.of(1))),
                                true)))
                        .results())
                .extracting(PartitionResult::errorCode)
                .containsExactly((short) 85, (short) 3);
        TopicResults more = get(
                client.createPartitions(new CreatePartitions(List.of(new MorePartitions("t", 3, List.of())), false)));
        assertThat(more.results()).allMatch(r -> r.errorCode() == 0);
        assertThat(image(null).topic("t").orElseThrow().partitions()).hasSize(3);
        refused(client.unregisterBroker(1), 400, 42);
        refused(client.unregisterBroker(2), 404, 102);
    }

    @Test
    void metadataOutlivesTheProcess() throws Exception {
        Registered broker = liveBroker();
        get(client.createTopics(new CreateTopics(List.of(new NewTopic("t", 2, 1, Map.of(), Map.of())), false)));
        long first = get(client.producerIds(new ProducerIdRequest(1, broker.epoch())))
                .first();
        ClusterImage before = image(null);
        admin.close();
        start();
        ClusterImage after = image(null);
        assertThat(after.controllerEpoch()).isEqualTo(before.controllerEpoch() + 1);
        assertThat(after.isNewerThan(before)).isTrue();
        assertThat(after.topics()).isEqualTo(before.topics());
        assertThat(after.brokers()).isEqualTo(before.brokers());
        assertThat(get(client.producerIds(new ProducerIdRequest(1, broker.epoch())))
                        .first())
                .isGreaterThan(first);
    }

    private Registered liveBroker() throws Exception {
        Registered registered = get(client.register(registration("a process", null)));
        get(client.brokerHeartbeat(1, new Heartbeat(registered.epoch(), registered.imageVersion(), false)));
        return registered;
    }

    private static BrokerRegistration registration(String incarnation, String clusterId) {
        return new BrokerRegistration(
                1,
                incarnation,
                clusterId,
                new Endpoint("127.0.0.1", 9092),
                new Endpoint("127.0.0.1", 8083),
                null,
                List.of());
    }

    private ClusterImage image(ClusterImage known) throws Exception {
        return get(client.image(known, NOW)).orElseThrow();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static void refused(CompletableFuture<?> call, int status, int errorCode) {
        assertThatThrownBy(() -> get(call)).cause().isInstanceOfSatisfying(ControlPlaneException.class, refusal -> {
            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.errorCode()).isEqualTo((short) errorCode);
            assertThat(refusal.getMessage()).isNotBlank();
        });
    }
}
