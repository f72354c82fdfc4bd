package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreatePartitions.MorePartitions;
import io.naru.cluster.control.TopicResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** Decides on one CreatePartitions request (KIP-195): each topic on its own, with Kafka's error codes. */
final class PartitionCreation {

    private final ControllerSettings settings;
    private final ClusterImage image;
    private final Placement placement;
    private final ReplicaAssignment assignment;
    private final PartitionQuota quota;
    private final List<Change> changes = new ArrayList<>();

    PartitionCreation(ControllerSettings settings, ClusterImage image, LiveReplicas live) {
        this.settings = settings;
        this.image = image;
        this.placement = new Placement(image, live);
        this.assignment = new ReplicaAssignment(live.hosts());
        this.quota = new PartitionQuota(settings, image);
    }

    /** The changes that {@link #create} has decided on; none for a request that only validates. */
    List<Change> changes() {
        return changes;
    }

    /** What becomes of each topic of the request, in its order. */
    List<TopicResult> create(CreatePartitions request) {
        Map<String, Integer> timesNamed = new HashMap<>();
        request.topics().forEach(topic -> timesNamed.merge(topic.topic(), 1, Integer::sum));
        List<TopicResult> results = new ArrayList<>();
        for (MorePartitions wanted : request.topics()) {
            try {
                if (timesNamed.getOrDefault(wanted.topic(), 0) > 1) {
                    throw new RefusedException(
                            Errors.INVALID_REQUEST,
                            "Topic '" + wanted.topic() + "' is named more than once in the request.");
                }
                TopicImage topic = image.topic(wanted.topic())
                        .orElseThrow(() -> new RefusedException(
                                Errors.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + wanted.topic() + "'."));
                List<PartitionImage> added = decide(topic, wanted);
                if (!request.validateOnly()) {
                    added.forEach(partition -> changes.add(new Change.PartitionAdded(topic.name(), partition)));
                }
                results.add(new TopicResult(topic.name(), topic.topicId(), (short) 0, null, with(topic, added)));
            } catch (RefusedException refused) {
                results.add(
                        new TopicResult(wanted.topic(), null, refused.error().code(), refused.getMessage(), null));
            }
        }
        return results;
    }

    private List<PartitionImage> decide(TopicImage topic, MorePartitions wanted) {
        int already = topic.partitions().size();
        if (topic.internal()) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST,
                    "Topic '" + topic.name() + "' is Naru's own; with more partitions it would mean something else.");
        }
        if (wanted.count() <= already) {
            throw new RefusedException(
                    Errors.INVALID_PARTITIONS,
                    "Topic '" + topic.name() + "' has " + already + " partitions; " + wanted.count()
                            + " would not be more.");
        }
        int more = wanted.count() - already;
        quota.check(already, more);
        int factor = topic.partitions().get(0).original().size();
        List<List<Integer>> replicas = wanted.assignments();
        if (replicas.isEmpty()) {
            assignment.checkFactor(factor, settings.defaultReplicationFactor());
            replicas = placement.place(more, factor);
        } else if (replicas.size() != more) {
            throw new RefusedException(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "There are " + more + " partitions to add, but replicas are assigned for " + replicas.size() + ".");
        } else {
            for (int i = 0; i < more; i++) {
                assignment.check(already + i, replicas.get(i), factor);
            }
        }
        quota.take(more);
        return Placement.newPartitions(already, replicas);
    }

    private static TopicImage with(TopicImage topic, List<PartitionImage> added) {
        List<PartitionImage> partitions = new ArrayList<>(topic.partitions());
        partitions.addAll(added);
        return new TopicImage(topic.name(), topic.topicId(), topic.configs(), partitions);
    }
}
