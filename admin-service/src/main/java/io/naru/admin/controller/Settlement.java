package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The changes that make the cluster's invariants hold again after whatever has just happened:
 *
 * <ul>
 *   <li>a partition is led by a live member of its ISR, or by nobody if there is none; the leader epoch grows with each change of leader;
 *   <li>a fenced broker is in no ISR, unless nobody else is: the last ones in sync stay, since only they have every record;
 *   <li>{@code __consumer_offsets} exists once there is a broker to hold it and a coordinator to use it;
 *   <li>each of its shards is owned by a live coordinator, if there is one; the shard epoch grows with each change of owner.
 * </ul>
 */
final class Settlement {

    private static final Map<String, String> OFFSETS_TOPIC_CONFIGS =
            Map.of("cleanup.policy", "compact", "segment.bytes", "104857600", "compression.type", "producer");

    private final ControllerSettings settings;
    private final Supplier<String> topicIds;

    Settlement(ControllerSettings settings, Supplier<String> topicIds) {
        this.settings = settings;
        this.topicIds = topicIds;
    }

    /** What has to follow from {@code state}; nothing when all is well. */
    List<Change> of(ControllerState state) {
        ClusterImage image = state.image();
        List<Change> changes = new ArrayList<>();
        elect(image, changes);
        TopicImage created = missingOffsetsTopic(image).orElse(null);
        if (created != null) {
            changes.add(new Change.TopicCreated(created));
        }
        TopicImage offsets = created != null ? created : image.topics().get(TopicImage.CONSUMER_OFFSETS);
        if (offsets != null) {
            ShardAssignment.reassign(image.shards(), offsets.partitions().size(), liveCoordinators(image))
                    .forEach(shard -> changes.add(new Change.ShardAssigned(shard)));
        }
        return changes;
    }

    private static void elect(ClusterImage image, List<Change> changes) {
        Set<Integer> live = new HashSet<>();
        for (BrokerImage broker : image.brokers().values()) {
            if (!broker.fenced()) {
                live.add(broker.id());
            }
        }
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                PartitionImage settled = settle(partition, live);
                if (!settled.equals(partition)) {
                    changes.add(new Change.PartitionChanged(topic.name(), settled));
                }
            }
        }
    }

    private static PartitionImage settle(PartitionImage partition, Set<Integer> live) {
        if (live.contains(partition.leader()) && live.containsAll(partition.isr())) {
            return partition;
        }
        List<Integer> inSync = partition.isr().stream().filter(live::contains).toList();
        List<Integer> isr = inSync.isEmpty() ? partition.isr() : inSync;
        int leader = partition.replicas().stream()
                .filter(inSync::contains)
                .findFirst()
                .orElse(PartitionImage.NO_LEADER);
        if (inSync.contains(partition.leader())) {
            leader = partition.leader();
        }
        if (leader == partition.leader() && isr.equals(partition.isr())) {
            return partition;
        }
        return new PartitionImage(
                partition.partition(),
                partition.replicas(),
                isr,
                leader,
                leader == partition.leader() ? partition.leaderEpoch() : partition.leaderEpoch() + 1,
                partition.partitionEpoch() + 1);
    }

    private Optional<TopicImage> missingOffsetsTopic(ClusterImage image) {
        if (image.topics().containsKey(TopicImage.CONSUMER_OFFSETS)
                || image.liveBrokers().isEmpty()
                || liveCoordinators(image).isEmpty()) {
            return Optional.empty();
        }
        List<List<Integer>> replicas = new Placement(image).place(settings.offsetsTopicPartitions(), 1);
        return Optional.of(new TopicImage(
                TopicImage.CONSUMER_OFFSETS, topicIds.get(), OFFSETS_TOPIC_CONFIGS, newPartitions(replicas)));
    }

    private static SortedSet<Integer> liveCoordinators(ClusterImage image) {
        SortedSet<Integer> live = new TreeSet<>();
        for (CoordinatorImage coordinator : image.coordinators().values()) {
            if (coordinator.alive()) {
                live.add(coordinator.id());
            }
        }
        return live;
    }

    /** Partitions of a new topic: everyone in sync, since there is nothing to have missed, and the first replica leads. */
    static List<PartitionImage> newPartitions(List<List<Integer>> replicas) {
        return IntStream.range(0, replicas.size())
                .mapToObj(i -> new PartitionImage(
                        i, replicas.get(i), replicas.get(i), replicas.get(i).get(0), 0, 0))
                .toList();
    }

    /** A coordinator's process is a new one: what it owned must be fenced off from the old process, though the owner keeps its id. */
    static List<Change> takeOverFromFormerSelf(ClusterImage image, int coordinatorId) {
        return image.shards().stream()
                .filter(shard -> shard.coordinatorId() == coordinatorId)
                .<Change>map(shard ->
                        new Change.ShardAssigned(new ShardImage(shard.shard(), coordinatorId, shard.epoch() + 1)))
                .toList();
    }
}
