package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.controller.ControllerSettings.OffsetsTopicSettings;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterPartitions.AlterPartition;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlterReassignments.Reassignment;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.PartitionResult;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.ReplicaName;
import io.naru.cluster.control.TopicResult;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A controller with a clock, where every decision is committed at once. */
final class ControllerFixture {

    static final String CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg";
    static final ControllerSettings SETTINGS = settings(50, 3);

    /** Settings of a small cluster. */
    static ControllerSettings settings(int offsetsPartitions, int offsetsReplicationFactor) {
        return new ControllerSettings(
                3000,
                1,
                1,
                new OffsetsTopicSettings(offsetsPartitions, offsetsReplicationFactor),
                1000,
                3000,
                LeaderBalanceSettings.DEFAULT);
    }

    private final ControllerSettings settings;
    private long ids;
    long nowMs = 1_000_000;
    Controller controller;

    ControllerFixture() {
        this(SETTINGS);
    }

    ControllerFixture(ControllerSettings settings) {
        this.settings = settings;
        controller = new Controller(ControllerState.empty(CLUSTER_ID, 1), settings, this::topicId, nowMs);
    }

    private String topicId() {
        return new Uuid(0x6e61727500000000L, ++ids).toString();
    }

    <A> A commit(Decision<A> decision) {
        controller.committed(decision);
        return decision.answer();
    }

    /** A new controller takes over what this one has committed. */
    void failOver() {
        ClusterImage was = image();
        ControllerState state = controller.state();
        controller = new Controller(
                new ControllerState(
                        new ClusterImage(
                                was.version(),
                                was.controllerEpoch() + 1,
                                was.clusterId(),
                                was.brokers(),
                                was.coordinators(),
                                was.topics(),
                                was.shards(),
                                was.configs()),
                        state.brokerProcesses(),
                        state.coordinatorIncarnations(),
                        state.nextProducerId()),
                settings,
                this::topicId,
                nowMs);
    }

    ClusterImage image() {
        return controller.state().image();
    }

    BrokerImage broker(int id) {
        return Objects.requireNonNull(image().brokers().get(id));
    }

    PartitionImage partition(String topic, int partition) {
        return image().partition(topic, partition).orElseThrow();
    }

    static BrokerRegistration registration(int id, String incarnation) {
        return registration(id, incarnation, List.of("dir-of-" + id), BrokerRegistration.UNKNOWN_EPOCH);
    }

    static BrokerRegistration registration(int id, String incarnation, List<String> logDirs, long previousEpoch) {
        return new BrokerRegistration(
                id,
                incarnation,
                null,
                new Endpoint("b" + id, 9092),
                new Endpoint("b" + id, 8083),
                null,
                logDirs,
                previousEpoch);
    }

    static CoordinatorRegistration coordinatorRegistration(int id, String incarnation) {
        return new CoordinatorRegistration(id, incarnation, new Endpoint("c" + id, 9093), new Endpoint("c" + id, 8082));
    }

    Registered register(int id, String incarnation) {
        return commit(controller.register(registration(id, incarnation), nowMs));
    }

    Registered registerCoordinator(int id, String incarnation) {
        return commit(controller.register(coordinatorRegistration(id, incarnation), nowMs));
    }

    HeartbeatAnswer heartbeat(int id) {
        return heartbeat(id, false, List.of());
    }

    HeartbeatAnswer heartbeat(int id, boolean wantShutDown, List<ReplicaName> offline) {
        return commit(controller.brokerHeartbeat(
                id, new Heartbeat(broker(id).epoch(), image().version(), wantShutDown, offline), nowMs));
    }

    /** Brokers that are registered and live. */
    void liveBrokers(int... brokerIds) {
        for (int id : brokerIds) {
            liveBroker(id);
        }
    }

    /** The brokers fall silent until they are fenced; the others are heard. */
    void die(Integer... brokerIds) {
        Set<Integer> dead = Set.of(brokerIds);
        for (int i = 0; i < 31; i++) {
            for (BrokerImage broker : image().brokers().values()) {
                if (!broker.fenced() && !dead.contains(broker.id())) {
                    heartbeat(broker.id());
                }
            }
            pass(100);
        }
    }

    /** The broker comes back as a new process with its disk. */
    void restart(int id, boolean clean) {
        long epoch = clean ? broker(id).epoch() : BrokerRegistration.UNKNOWN_EPOCH;
        register(id, List.of("dir-of-" + id), epoch);
        heartbeat(id);
    }

    /** The broker dies and comes back as a new process that says when it last stopped cleanly. */
    void restartAfterDeath(int id, long previousEpoch) {
        die(id);
        register(id, List.of("dir-of-" + id), previousEpoch);
        heartbeat(id);
    }

    /** The broker comes back with a new disk. */
    void restartWiped(int id) {
        register(id, List.of("new-dir-" + ++ids), BrokerRegistration.UNKNOWN_EPOCH);
        heartbeat(id);
    }

    private void register(int id, List<String> logDirs, long previousEpoch) {
        commit(controller.register(registration(id, "incarnation-" + ++ids, logDirs, previousEpoch), nowMs));
    }

    /** The leader asks for this ISR, all members as they are registered now. */
    AlteredPartition alterIsr(String topic, int partition, Integer... isr) {
        PartitionImage now = partition(topic, partition);
        List<IsrMember> members = Arrays.stream(isr)
                .map(id -> new IsrMember(id, broker(id).epoch()))
                .toList();
        return alter(
                now.leader(),
                new AlterPartition(replica(topic, partition), now.leaderEpoch(), now.partitionEpoch(), members));
    }

    AlteredPartition alter(int leader, AlterPartition partition) {
        return commit(controller.alterPartitions(
                        new AlterPartitions(leader, broker(leader).epoch(), List.of(partition))))
                .partitions()
                .get(0);
    }

    ReplicaName replica(String topic, int partition) {
        return new ReplicaName(image().topic(topic).orElseThrow().topicId(), partition);
    }

    /** Begins a reassignment, or cancels with null. */
    PartitionResult reassign(String topic, int partition, @Nullable List<Integer> target) {
        return commit(controller.alterReassignments(new AlterReassignments(
                        List.of(new Reassignment(new PartitionName(topic, partition), target)), true)))
                .results()
                .get(0);
    }

    PartitionResult elect(boolean unclean, String topic, int partition) {
        return commit(controller.electLeaders(new ElectLeaders(unclean, List.of(new PartitionName(topic, partition)))))
                .results()
                .get(0);
    }

    /** A topic of one partition on these brokers. */
    void createOn(String name, Map<String, String> configs, Integer... replicas) {
        TopicResult result = create(new NewTopic(name, -1, -1, Map.of(0, List.of(replicas)), configs));
        assertThat(result.errorCode()).as("%s", result).isZero();
    }

    HeartbeatAnswer coordinatorHeartbeat(int id) {
        long epoch = Objects.requireNonNull(image().coordinators().get(id)).epoch();
        return commit(controller.coordinatorHeartbeat(id, new Heartbeat(epoch, image().version(), false), nowMs));
    }

    /** A broker that is registered and live. */
    void liveBroker(int id) {
        register(id, "incarnation-of-" + id);
        heartbeat(id);
    }

    /** Lets time pass in the small steps in which the controller is called. */
    void pass(long ms) {
        for (long end = nowMs + ms; nowMs < end; ) {
            nowMs = Math.min(end, nowMs + 100);
            commit(controller.expireSessions(nowMs));
        }
    }

    static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, -1, Map.of(), Map.of());
    }

    TopicResult create(NewTopic topic) {
        return createAll(topic).get(0);
    }

    List<TopicResult> createAll(NewTopic... topics) {
        return commit(controller.createTopics(new CreateTopics(List.of(topics), false)))
                .results();
    }

    TopicResult delete(String name) {
        return commit(controller.deleteTopics(new DeleteTopics(List.of(name), List.of())))
                .results()
                .get(0);
    }
}
