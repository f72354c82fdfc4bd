package io.naru.admin.controller;

import io.naru.admin.controller.ControllerSettings.OffsetsTopicSettings;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code __consumer_offsets}, which nobody has to configure: made with as many replicas as there are brokers, up to a number, and grown
 * by reassignment when more of them come. Once it has three, a committed offset must be on two of them before it counts; with fewer,
 * groups would stop whenever one broker does.
 */
final class OffsetsTopic {

    private static final Map<String, String> CONFIGS =
            Map.of("cleanup.policy", "compact", "segment.bytes", "104857600", "compression.type", "producer");
    private static final int FACTOR_TO_INSIST_ON_TWO = 3;

    private final OffsetsTopicSettings settings;

    OffsetsTopic(OffsetsTopicSettings settings) {
        this.settings = settings;
    }

    /**
     * A new one.
     *
     * @param placement over at least one broker
     */
    TopicImage create(String topicId, Placement placement) {
        int factor = Math.min(settings.replicationFactor(), placement.brokerCount());
        List<List<Integer>> replicas = placement.place(settings.partitions(), factor);
        return new TopicImage(
                TopicImage.CONSUMER_OFFSETS, topicId, configs(CONFIGS, factor), Placement.newPartitions(0, replicas));
    }

    /** What brings the topic nearer to what it should be; nothing while it is on its way, or there is no broker to grow on. */
    List<Change> grow(TopicImage topic, ClusterImage image, LiveReplicas live) {
        List<Change> changes = new ArrayList<>();
        if (topic.partitions().stream().anyMatch(PartitionImage::reassigning)) {
            return changes;
        }
        int least = topic.partitions().stream()
                .mapToInt(p -> p.replicas().size())
                .min()
                .orElse(0);
        Map<String, String> configs = configs(topic.configs(), least);
        if (!configs.equals(topic.configs())) {
            changes.add(new Change.TopicConfigured(topic.name(), configs));
        }
        if (topic.partitions().stream().noneMatch(p -> canGrow(p, live))) {
            return changes;
        }
        Placement placement = new Placement(image, live);
        Map<Integer, Integer> held = new HashMap<>();
        topic.partitions().forEach(p -> p.replicas().forEach(id -> held.merge(id, 1, Integer::sum)));
        for (PartitionImage partition : topic.partitions()) {
            if (canGrow(partition, live)) {
                List<Integer> target = placement.extend(partition.replicas(), settings.replicationFactor(), held);
                changes.add(new Change.PartitionChanged(
                        topic.name(), Reassignment.begin(partition, target).done()));
            }
        }
        return changes;
    }

    private boolean canGrow(PartitionImage partition, LiveReplicas live) {
        return partition.replicas().size() < settings.replicationFactor()
                && !partition.replicas().containsAll(live.hosts());
    }

    /** A value that somebody has set stays. */
    private static Map<String, String> configs(Map<String, String> configs, int factor) {
        if (factor < FACTOR_TO_INSIST_ON_TWO) {
            return configs;
        }
        Map<String, String> next = new HashMap<>(configs);
        next.putIfAbsent(TopicPolicy.MIN_IN_SYNC_REPLICAS, "2");
        return next;
    }
}
