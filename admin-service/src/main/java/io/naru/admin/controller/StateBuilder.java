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
    private Map<String, String> clusterConfigs;
    private final Map<Integer, BrokerProcess> brokerProcesses;
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
        this.clusterConfigs = image.configs();
        this.brokerProcesses = new HashMap<>(from.brokerProcesses());
        this.coordinatorIncarnations = new HashMap<>(from.coordinatorIncarnations());
        this.nextProducerId = from.nextProducerId();
    }

    void broker(BrokerImage broker, BrokerProcess process) {
        brokers.put(broker.id(), broker);
        brokerProcesses.put(broker.id(), process);
        imageChanged = true;
    }

    void brokerGone(int brokerId) {
        known(brokers.remove(brokerId), "broker", brokerId);
        brokerProcesses.remove(brokerId);
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

    void configs(String name, Map<String, String> configs) {
        TopicImage topic = known(topics.get(name), "topic", name);
        topics.put(name, new TopicImage(name, topic.topicId(), configs, topic.partitions()));
        imageChanged = true;
    }

    void brokerConfigs(int brokerId, Map<String, String> configs) {
        brokers.put(brokerId, known(brokers.get(brokerId), "broker", brokerId).withConfigs(configs));
        imageChanged = true;
    }

    void clusterConfigs(Map<String, String> configs) {
        clusterConfigs = configs;
        imageChanged = true;
    }

    void partition(String topic, PartitionImage partition) {
        changed(topic).set(partition.partition(), partition);
        imageChanged = true;
    }

    void partitionAdded(String topic, PartitionImage partition) {
        changed(topic).add(partition);
        imageChanged = true;
    }

    private List<PartitionImage> changed(String topic) {
        return changedPartitions.computeIfAbsent(
                topic, t -> new ArrayList<>(known(topics.get(t), "topic", t).partitions()));
    }

    void shard(ShardImage shard) {
        if (shard.shard() == shards.size()) {
            shards.add(shard);
        } else {
            shards.set(shard.shard(), shard);
        }
        imageChanged = true;
    }

    /** Nothing to see in the image; but the line stands in the history under the image's version. */
    void noted() {
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
                        clusterConfigs)
                : was;
        return new ControllerState(image, brokerProcesses, coordinatorIncarnations, nextProducerId);
    }

    private static <T> T known(@Nullable T value, String what, Object which) {
        if (value == null) {
            throw new IllegalArgumentException("there is no " + what + " " + which);
        }
        return value;
    }
}
