package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.TopicResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.Uuid;

/** A controller with a clock, where every decision is committed at once. */
final class ControllerFixture {

    static final String CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg";
    static final ControllerSettings SETTINGS = new ControllerSettings(3000, 1, 1, 50, 1000, 3000);

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
                        state.brokerIncarnations(),
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
        return new BrokerRegistration(
                id, incarnation, null, new Endpoint("b" + id, 9092), new Endpoint("b" + id, 8083), null, List.of());
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
        return commit(
                controller.brokerHeartbeat(id, new Heartbeat(broker(id).epoch(), image().version(), false), nowMs));
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
