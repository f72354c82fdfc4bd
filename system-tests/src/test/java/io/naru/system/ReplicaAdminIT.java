package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.tools.LeaderElectionCommand;
import org.apache.kafka.tools.reassign.ReassignPartitionsCommand;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apache's AdminClient moves replicas and leaders, adds partitions and forgets brokers, through whichever broker it likes. */
@Timeout(300)
class ReplicaAdminIT {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    private Path dir;

    @Test
    void replicasMoveLeadersChangeAndBrokersAreForgotten() throws Exception {
        try (NaruCluster naru =
                        NaruCluster.separateProcesses().brokers(3).restartable().start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", naru.bootstrapServers()))) {
            get(admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(1, 2)))))
                    .all());
            write(naru, 100);
            moveToAnotherBroker(admin);
            electThePreferredLeader(naru, admin);
            addPartitions(admin);
            offsetsTopicHasGrown(naru, admin);
            moveUnderAThrottle(naru, admin);
            forgetABroker(naru, admin);
            assertThat(read(naru)).hasSize(100);
        }
    }

    private static void moveToAnotherBroker(Admin admin) throws Exception {
        failsWith(
                NoReassignmentInProgressException.class,
                () -> get(admin.alterPartitionReassignments(Map.of(PARTITION, Optional.empty()))
                        .all()));
        failsWith(InvalidReplicaAssignmentException.class, () -> reassign(admin, List.of(1, 9)));
        reassign(admin, List.of(3, 1));
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() ->
                        get(admin.listPartitionReassignments().reassignments()).isEmpty());
        TopicPartitionInfo moved = describe(admin, "t").get(0);
        assertThat(ids(moved.replicas())).containsExactly(3, 1);
        assertThat(ids(moved.isr())).containsExactlyInAnyOrder(3, 1);
        assertThat(moved.leader().id()).as("stays while it is a replica").isEqualTo(1);
    }

    private static void electThePreferredLeader(NaruCluster naru, Admin admin) throws Exception {
        get(admin.electLeaders(ElectionType.PREFERRED, Set.of(PARTITION)).all());
        assertThat(describe(admin, "t").get(0).leader().id()).isEqualTo(3);
        failsWith(
                ElectionNotNeededException.class,
                () -> get(admin.electLeaders(ElectionType.PREFERRED, Set.of(PARTITION))
                        .all()));
        assertThat(get(admin.electLeaders(ElectionType.UNCLEAN, null).partitions()))
                .isEmpty();
        for (List<Integer> order : List.of(List.of(1, 3), List.of(3, 1))) {
            reassign(admin, order);
            awaitMoved(admin, PARTITION);
            assertThat(describe(admin, "t").get(0).leader().id())
                    .as("before the tool")
                    .isEqualTo(order.get(1));
            assertThat(ApacheTool.run(
                            naru,
                            LeaderElectionCommand::main,
                            "--election-type",
                            "preferred",
                            "--topic",
                            "t",
                            "--partition",
                            "0"))
                    .anyMatch(line -> line.startsWith("Successfully completed leader election"));
            assertThat(describe(admin, "t").get(0).leader().id()).isEqualTo(order.get(0));
        }
    }

    private static void addPartitions(Admin admin) throws Exception {
        get(admin.createPartitions(Map.of("t", NewPartitions.increaseTo(3, List.of(List.of(2, 3), List.of(1, 2)))))
                .all());
        assertThat(describe(admin, "t"))
                .extracting(partition -> ids(partition.replicas()))
                .containsExactly(List.of(3, 1), List.of(2, 3), List.of(1, 2));
        failsWith(
                InvalidPartitionsException.class,
                () -> get(admin.createPartitions(Map.of("t", NewPartitions.increaseTo(2)))
                        .all()));
    }

    private static void offsetsTopicHasGrown(NaruCluster naru, Admin admin) {
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(describe(admin, "__consumer_offsets"))
                        .as(naru.logTails())
                        .allMatch(partition -> partition.isr().size() == 3));
    }

    /** By the tool that people use for it. At a byte a second there is no end of it; another move ends meanwhile. */
    private void moveUnderAThrottle(NaruCluster naru, Admin admin) throws Exception {
        get(admin.createTopics(List.of(new NewTopic("big", Map.of(0, List.of(1)))))
                .all());
        try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
            for (int i = 0; i < 4; i++) {
                producer.send(new ProducerRecord<>("big", 0, "k", "v".repeat(700_000)))
                        .get();
            }
        }
        Path plan = Files.writeString(
                dir.resolve("plan.json"),
                "{\"version\":1,\"partitions\":[{\"topic\":\"big\",\"partition\":0,\"replicas\":[2]}]}");
        reassignmentTool(naru, plan, "--execute", "--throttle", "1");
        assertThat(config(admin, ConfigResource.Type.TOPIC, "big", "leader.replication.throttled.replicas"))
                .isEqualTo("0:1");
        assertThat(config(admin, ConfigResource.Type.TOPIC, "big", "follower.replication.throttled.replicas"))
                .isEqualTo("0:2");
        reassign(admin, List.of(3, 2));
        awaitMoved(admin, PARTITION);
        reassign(admin, List.of(3, 1));
        awaitMoved(admin, PARTITION);
        TopicPartition big = new TopicPartition("big", 0);
        assertThat(get(admin.listPartitionReassignments(Set.of(big)).reassignments()))
                .containsKey(big);
        assertThat(ids(describe(admin, "big").get(0).isr())).containsExactly(1);
        reassignmentTool(naru, plan, "--execute", "--additional", "--throttle", "100000000");
        awaitMoved(admin, big);
        assertThat(ids(describe(admin, "big").get(0).isr())).containsExactly(2);
        reassignmentTool(naru, plan, "--verify");
        assertThat(config(admin, ConfigResource.Type.BROKER, "1", "leader.replication.throttled.rate"))
                .as("the tool takes the throttle away when the move is over")
                .isEqualTo(String.valueOf(Long.MAX_VALUE));
        assertThat(config(admin, ConfigResource.Type.TOPIC, "big", "follower.replication.throttled.replicas"))
                .isEmpty();
        get(admin.deleteTopics(List.of("big")).all());
    }

    private static void reassignmentTool(NaruCluster naru, Path plan, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--reassignment-json-file", plan.toString()));
        all.addAll(List.of(arguments));
        assertThat(ApacheTool.run(naru, ReassignPartitionsCommand::main, all.toArray(String[]::new)))
                .noneMatch(line -> line.startsWith("exit") || line.startsWith("failed") || line.contains("Exception"));
    }

    private static String config(Admin admin, ConfigResource.Type type, String resource, String name) throws Exception {
        ConfigResource of = new ConfigResource(type, resource);
        return get(admin.describeConfigs(List.of(of)).all()).get(of).get(name).value();
    }

    private static void awaitMoved(Admin admin, TopicPartition partition) {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> get(admin.listPartitionReassignments(Set.of(partition))
                                .reassignments())
                        .isEmpty());
    }

    private static void forgetABroker(NaruCluster naru, Admin admin) throws Exception {
        failsWith(
                InvalidRequestException.class,
                () -> get(admin.unregisterBroker(2).all()));
        naru.stop(NaruNode.broker(2));
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> describe(admin, "t").get(1).leader().id() == 3);
        reassign(admin, List.of(3, 2));
        Map<TopicPartition, PartitionReassignment> waiting =
                get(admin.listPartitionReassignments(Set.of(PARTITION)).reassignments());
        assertThat(waiting.get(PARTITION).addingReplicas()).containsExactly(2);
        assertThat(waiting.get(PARTITION).removingReplicas()).containsExactly(1);
        failsWith(
                InvalidRequestException.class,
                () -> get(admin.unregisterBroker(2).all()));
        get(admin.alterPartitionReassignments(Map.of(PARTITION, Optional.empty()))
                .all());
        assertThat(get(admin.listPartitionReassignments().reassignments())).isEmpty();
        get(admin.unregisterBroker(2).all());
        assertThat(ids(List.copyOf(get(admin.describeCluster().nodes())))).doesNotContain(2);
    }

    private static void reassign(Admin admin, List<Integer> target) throws Exception {
        get(admin.alterPartitionReassignments(Map.of(PARTITION, Optional.of(new NewPartitionReassignment(target))))
                .all());
    }

    private static List<TopicPartitionInfo> describe(Admin admin, String topic) throws Exception {
        return get(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions();
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    private static void write(NaruCluster naru, int count) {
        try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>("t", 0, "k", "v" + i));
            }
        }
    }

    private static List<ConsumerRecord<String, String>> read(NaruCluster naru) {
        try (KafkaConsumer<String, String> consumer = Clients.consumer(naru, Map.of())) {
            consumer.assign(List.of(PARTITION));
            return Polling.atLeast(100, consumer);
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static void failsWith(Class<? extends Throwable> expected, ThrowingCallable call) {
        assertThatThrownBy(call).hasCauseInstanceOf(expected);
    }
}
