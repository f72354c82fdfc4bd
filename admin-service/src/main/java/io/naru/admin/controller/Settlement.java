package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes that make the cluster's invariants hold again after whatever has just happened:
 *
 * <ul>
 *   <li>a partition is led as {@link Election} says; the leader epoch grows with each change of leader;
 *   <li>a reassignment whose target is in sync has ended;
 *   <li>{@code __consumer_offsets} exists once there is a broker to hold it and a coordinator to use it, with as many replicas as it
 *       should have and can;
 *   <li>each of its shards is owned by a live coordinator, if there is one; the shard epoch grows with each change of owner.
 * </ul>
 */
final class Settlement {

    private final OffsetsTopic offsetsTopic;
    private final Supplier<String> topicIds;

    Settlement(ControllerSettings settings, Supplier<String> topicIds) {
        this.offsetsTopic = new OffsetsTopic(settings.offsetsTopic());
        this.topicIds = topicIds;
    }

    /** What has to follow from {@code state}; nothing when all is well. */
    List<Change> of(ControllerState state, BrokerReports reports) {
        LiveReplicas live = new LiveReplicas(state.image(), reports);
        List<Change> changes = new ArrayList<>();
        elect(state.image(), live, changes);
        ClusterImage image = state.apply(changes).image();
        TopicImage offsets = image.topics().get(TopicImage.CONSUMER_OFFSETS);
        SortedSet<Integer> coordinators = liveCoordinators(image);
        if (offsets != null) {
            changes.addAll(offsetsTopic.grow(offsets, image, live));
        } else if (!live.hosts().isEmpty() && !coordinators.isEmpty()) {
            offsets = offsetsTopic.create(topicIds.get(), new Placement(image, live));
            changes.add(new Change.TopicCreated(offsets));
        }
        assignShards(image, offsets, coordinators, changes);
        return changes;
    }

    private static void elect(ClusterImage image, LiveReplicas live, List<Change> changes) {
        for (TopicImage topic : image.topics().values()) {
            TopicPolicy policy = null;
            for (PartitionImage partition : topic.partitions()) {
                LiveReplicas.Of replicas = live.of(topic, partition.partition());
                if (Election.isSettled(partition, replicas)) {
                    continue;
                }
                policy = policy != null ? policy : TopicPolicy.of(topic, image);
                PartitionImage settled = Election.settle(partition, policy, replicas);
                if (!settled.equals(partition)) {
                    changes.add(new Change.PartitionChanged(topic.name(), settled));
                }
            }
        }
    }

    private static void assignShards(
            ClusterImage image, @Nullable TopicImage offsets, SortedSet<Integer> coordinators, List<Change> changes) {
        if (offsets != null) {
            ShardAssignment.reassign(image.shards(), offsets.partitions().size(), coordinators)
                    .forEach(shard -> changes.add(new Change.ShardAssigned(shard)));
        }
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
}
