package io.naru.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What differs between an image and a later one of the same controller. Applied as a whole or not at all. Lists that are null are empty.
 *
 * @param after            version of the image that it applies to, and no other
 * @param version          version of the image that it leads to
 * @param controllerEpoch  of both
 * @param brokers          brokers that are new or changed
 * @param brokersGone      ids of brokers that are registered no longer
 * @param coordinators     coordinators that are new or changed
 * @param coordinatorsGone ids of coordinators that are registered no longer
 * @param topics           topics that are new, or other topics under an old name
 * @param topicsChanged    topics that have changed
 * @param topicsGone       names of topics that were deleted
 * @param shards           shards that are new or have another owner, in order
 * @param configs          cluster-wide configs, all of them; null when they are the same
 */
public record ClusterDelta(
        long after,
        long version,
        int controllerEpoch,
        List<BrokerImage> brokers,
        List<Integer> brokersGone,
        List<CoordinatorImage> coordinators,
        List<Integer> coordinatorsGone,
        List<TopicImage> topics,
        List<TopicDelta> topicsChanged,
        List<String> topicsGone,
        List<ShardImage> shards,
        @Nullable Map<String, String> configs) {

    /** Copies the lists. */
    public ClusterDelta {
        brokers = copy(brokers);
        brokersGone = copy(brokersGone);
        coordinators = copy(coordinators);
        coordinatorsGone = copy(coordinatorsGone);
        topics = copy(topics);
        topicsChanged = copy(topicsChanged);
        topicsGone = copy(topicsGone);
        shards = copy(shards);
    }

    /**
     * What has changed in a topic.
     *
     * @param name       which
     * @param configs    set on it, all of them; null when they are the same
     * @param partitions that have changed or are new, in order of their index
     */
    public record TopicDelta(String name, @Nullable Map<String, String> configs, List<PartitionImage> partitions) {

        /** Copies the list. */
        public TopicDelta {
            partitions = copy(partitions);
        }
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** What leads from {@code before} to {@code now}. What is the very same object in both costs nothing, as a record equals itself at once. */
    public static ClusterDelta between(ClusterImage before, ClusterImage now) {
        if (before.controllerEpoch() != now.controllerEpoch()
                || !before.clusterId().equals(now.clusterId())
                || before.shards().size() > now.shards().size()) {
            throw new IllegalArgumentException("no delta leads from " + before.controllerEpoch() + "/"
                    + before.version() + " to " + now.controllerEpoch() + "/" + now.version());
        }
        List<TopicImage> topics = new ArrayList<>();
        List<TopicDelta> topicsChanged = new ArrayList<>();
        now.topics().forEach((name, topic) -> {
            TopicImage was = before.topics().get(name);
            if (was == null || !was.topicId().equals(topic.topicId())) {
                topics.add(topic);
            } else if (!was.equals(topic)) {
                topicsChanged.add(between(was, topic));
            }
        });
        List<ShardImage> shards = new ArrayList<>();
        for (int i = 0; i < now.shards().size(); i++) {
            if (i >= before.shards().size()
                    || !before.shards().get(i).equals(now.shards().get(i))) {
                shards.add(now.shards().get(i));
            }
        }
        return new ClusterDelta(
                before.version(),
                now.version(),
                now.controllerEpoch(),
                changed(before.brokers(), now.brokers()),
                gone(before.brokers(), now.brokers()),
                changed(before.coordinators(), now.coordinators()),
                gone(before.coordinators(), now.coordinators()),
                topics,
                topicsChanged,
                gone(before.topics(), now.topics()),
                shards,
                before.configs().equals(now.configs()) ? null : now.configs());
    }

    private static TopicDelta between(TopicImage was, TopicImage now) {
        List<PartitionImage> partitions = new ArrayList<>();
        for (int i = 0; i < now.partitions().size(); i++) {
            PartitionImage partition = now.partitions().get(i);
            if (i >= was.partitions().size() || !was.partitions().get(i).equals(partition)) {
                partitions.add(partition);
            }
        }
        return new TopicDelta(now.name(), was.configs().equals(now.configs()) ? null : now.configs(), partitions);
    }

    private static <K, V> List<V> changed(SortedMap<K, V> before, SortedMap<K, V> now) {
        return now.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static <K, V> List<K> gone(SortedMap<K, V> before, SortedMap<K, V> now) {
        return before.keySet().stream().filter(key -> !now.containsKey(key)).toList();
    }

    /**
     * The image that this leads to.
     *
     * @throws IllegalArgumentException when {@code image} is not the one that it applies to
     */
    public ClusterImage applyTo(ClusterImage image) {
        if (image.version() != after || image.controllerEpoch() != controllerEpoch) {
            throw new IllegalArgumentException("a delta from " + controllerEpoch + "/" + after + " does not apply to "
                    + image.controllerEpoch() + "/" + image.version());
        }
        NavigableMap<String, TopicImage> nextTopics = next(image.topics(), topicsGone, topics, TopicImage::name);
        topicsChanged.forEach(
                changed -> nextTopics.computeIfPresent(changed.name, (name, topic) -> apply(changed, topic)));
        List<ShardImage> nextShards = new ArrayList<>(image.shards());
        for (ShardImage shard : shards) {
            if (shard.shard() == nextShards.size()) {
                nextShards.add(shard);
            } else {
                nextShards.set(shard.shard(), shard);
            }
        }
        return new ClusterImage(
                version,
                controllerEpoch,
                image.clusterId(),
                next(image.brokers(), brokersGone, brokers, BrokerImage::id),
                next(image.coordinators(), coordinatorsGone, coordinators, CoordinatorImage::id),
                nextTopics,
                nextShards,
                configs == null ? image.configs() : configs);
    }

    private static TopicImage apply(TopicDelta changed, TopicImage topic) {
        List<PartitionImage> partitions = new ArrayList<>(topic.partitions());
        for (PartitionImage partition : changed.partitions) {
            if (partition.partition() == partitions.size()) {
                partitions.add(partition);
            } else {
                partitions.set(partition.partition(), partition);
            }
        }
        return new TopicImage(
                topic.name(), topic.topicId(), changed.configs == null ? topic.configs() : changed.configs, partitions);
    }

    private static <K, V> NavigableMap<K, V> next(
            SortedMap<K, V> values, List<K> gone, List<V> changed, Function<V, K> key) {
        NavigableMap<K, V> next = new TreeMap<>(values);
        gone.forEach(next::remove);
        changed.forEach(value -> next.put(key.apply(value), value));
        return next;
    }
}
