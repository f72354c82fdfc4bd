package io.naru.cluster;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All metadata of a cluster at one version: what the controller owns and everyone else holds a copy of. Immutable; a change is a new
 * image. Order between images is by controller epoch, then version ({@link #isNewerThan}).
 *
 * @param version         grows by one with every change
 * @param controllerEpoch epoch of the controller that made it
 * @param clusterId       Kafka's cluster id, 22 characters
 * @param brokers         by node id
 * @param coordinators    by instance id
 * @param topics          by name
 * @param shards          ownership of {@code __consumer_offsets}, in order of the partition
 * @param configs         cluster-wide dynamic broker configs
 */
public record ClusterImage(
        long version,
        int controllerEpoch,
        String clusterId,
        SortedMap<Integer, BrokerImage> brokers,
        SortedMap<Integer, CoordinatorImage> coordinators,
        SortedMap<String, TopicImage> topics,
        List<ShardImage> shards,
        Map<String, String> configs) {

    /** Copies every collection. */
    public ClusterImage {
        brokers = Collections.unmodifiableSortedMap(new TreeMap<>(brokers));
        coordinators = Collections.unmodifiableSortedMap(new TreeMap<>(coordinators));
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
        shards = List.copyOf(shards);
        configs = Map.copyOf(configs);
    }

    /** A cluster that nobody has registered with yet. */
    public static ClusterImage empty(String clusterId, int controllerEpoch) {
        return new ClusterImage(
                0, controllerEpoch, clusterId, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), List.of(), Map.of());
    }

    /** Whether this image replaces {@code other}: a later controller wins, then the later version. */
    public boolean isNewerThan(ClusterImage other) {
        return controllerEpoch != other.controllerEpoch
                ? controllerEpoch > other.controllerEpoch
                : version > other.version;
    }

    /** The topic of that name, if there is one. */
    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** The partition, if topic and partition exist. */
    public Optional<PartitionImage> partition(String topic, int partition) {
        return topic(topic)
                .filter(t -> partition >= 0 && partition < t.partitions().size())
                .map(t -> t.partitions().get(partition));
    }

    /** The shard's live owner, if it has one. */
    public Optional<CoordinatorImage> coordinatorOf(int shard) {
        if (shard < 0 || shard >= shards.size()) {
            return Optional.empty();
        }
        return Optional.ofNullable(coordinators.get(shards.get(shard).coordinatorId()))
                .filter(CoordinatorImage::alive);
    }

    /** Brokers that may lead and serve. */
    public List<BrokerImage> liveBrokers() {
        return brokers.values().stream().filter(b -> !b.fenced()).toList();
    }
}
