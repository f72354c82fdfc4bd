package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link ControllerState} in the making; one copy however many changes. Refuses changes that do not fit the state. */
public final class StateBuilder {

    private final ControllerState from;
    private final TreeMap<Integer, BrokerImage> brokers;
    private final TreeMap<Integer, CoordinatorImage> coordinators;
    private final TreeMap<String, TopicImage> topics;
    private final Map<String, List<PartitionImage>> changedPartitions = new HashMap<>();
    private final List<ShardImage> shards;
    private final Map<Integer, String> brokerIncarnations;
    private final Map<Integer, String> coordinatorIncarnations;
    private long nextProducerId;
    private boolean imageChanged;

    StateBuilder(ControllerState from) {
        this.from = from;
        ClusterImage image = from.image();
        this.brokers = new TreeMap<>(image.brokers());
        this.coordinators = new TreeMap<>(image.coordinators());
        this.topics = new TreeMap<>(image.topics());
        this.shards = new ArrayList<>(image.shards());
        this.brokerIncarnations = new HashMap<>(from.brokerIncarnations());
        this.coordinatorIncarnations = new HashMap<>(from.coordinatorIncarnations());
        this.nextProducerId = from.nextProducerId();
    }

    void broker(BrokerImage broker, String incarnationId) {
        brokers.put(broker.id(), broker);
        brokerIncarnations.put(broker.id(), incarnationId);
        imageChanged = true;
    }

    void brokerFenced(int brokerId, boolean fenced) {
        brokers.put(brokerId, known(brokers.get(brokerId), "broker", brokerId).withFenced(fenced));
        imageChanged = true;
    }

    void coordinator(CoordinatorImage coordinator, String incarnationId) {
        coordinators.put(coordinator.id(), coordinator);
        coordinatorIncarnations.put(coordinator.id(), incarnationId);
        imageChanged = true;
    }

    void coordinatorAlive(int coordinatorId, boolean alive) {
        coordinators.put(
                coordinatorId,
                known(coordinators.get(coordinatorId), "coordinator", coordinatorId)
                        .withAlive(alive));
        imageChanged = true;
    }

    void topic(TopicImage topic) {
        topics.put(topic.name(), topic);
        imageChanged = true;
    }

    void topicDeleted(String name) {
        known(topics.remove(name), "topic", name);
        changedPartitions.remove(name);
        imageChanged = true;
    }

    void partition(String topic, PartitionImage partition) {
        changedPartitions
                .computeIfAbsent(
                        topic,
                        t -> new ArrayList<>(known(topics.get(t), "topic", t).partitions()))
                .set(partition.partition(), partition);
        imageChanged = true;
    }

    void shard(ShardImage shard) {
        if (shard.shard() == shards.size()) {
            shards.add(shard);
        } else {
            shards.set(shard.shard(), shard);
        }
        imageChanged = true;
    }

    void nextProducerId(long next) {
        if (next < nextProducerId) {
            throw new IllegalArgumentException(
                    "producer ids would be given out again: " + next + " < " + nextProducerId);
        }
        nextProducerId = next;
    }

    ControllerState build() {
        changedPartitions.forEach((name, partitions) -> topics.computeIfPresent(
                name, (n, topic) -> new TopicImage(n, topic.topicId(), topic.configs(), partitions)));
        ClusterImage was = from.image();
        ClusterImage image = imageChanged
                ? new ClusterImage(
                        was.version() + 1,
                        was.controllerEpoch(),
                        was.clusterId(),
                        brokers,
                        coordinators,
                        topics,
                        shards,
                        was.configs())
                : was;
        return new ControllerState(image, brokerIncarnations, coordinatorIncarnations, nextProducerId);
    }

    private static <T> T known(@Nullable T value, String what, Object which) {
        if (value == null) {
            throw new IllegalArgumentException("there is no " + what + " " + which);
        }
        return value;
    }
}
