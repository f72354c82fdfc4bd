package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.TopicConfigs;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.TopicResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides on one CreateTopics request: each topic on its own, with Kafka's error codes. Topics of the same request see each other, so
 * that two of them cannot collide.
 */
final class TopicCreation {

    private static final int UNSET = -1;

    private final ControllerSettings settings;
    private final Supplier<String> topicIds;
    private final ClusterImage image;
    private final Placement placement;
    private final ReplicaAssignment assignment;
    private final PartitionQuota quota;
    private final Map<String, String> namesByMetricName = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();

    TopicCreation(ControllerSettings settings, Supplier<String> topicIds, ClusterImage image, LiveReplicas live) {
        this.settings = settings;
        this.topicIds = topicIds;
        this.image = image;
        this.placement = new Placement(image, live);
        this.assignment = new ReplicaAssignment(live.hosts());
        this.quota = new PartitionQuota(settings, image);
        for (TopicImage topic : image.topics().values()) {
            namesByMetricName.put(Topic.unifyCollisionChars(topic.name()), topic.name());
        }
    }

    /** The changes that {@link #create} has decided on; none for a request that only validates. */
    List<Change> changes() {
        return changes;
    }

    /** What becomes of each topic of the request, in its order. */
    List<TopicResult> create(CreateTopics request) {
        Map<String, Integer> timesNamed = new HashMap<>();
        request.topics().forEach(topic -> timesNamed.merge(topic.name(), 1, Integer::sum));
        List<TopicResult> results = new ArrayList<>();
        for (NewTopic wanted : request.topics()) {
            try {
                if (timesNamed.getOrDefault(wanted.name(), 0) > 1) {
                    throw new RefusedException(
                            Errors.INVALID_REQUEST,
                            "Topic '" + wanted.name() + "' is named more than once in the request.");
                }
                TopicImage topic = decide(wanted, request.validateOnly());
                if (!request.validateOnly()) {
                    changes.add(new Change.TopicCreated(topic));
                }
                results.add(new TopicResult(topic.name(), topic.topicId(), (short) 0, null, topic));
            } catch (RefusedException refused) {
                results.add(new TopicResult(wanted.name(), null, refused.error().code(), refused.getMessage(), null));
            }
        }
        return results;
    }

    private TopicImage decide(NewTopic wanted, boolean validateOnly) {
        checkName(wanted.name());
        List<List<Integer>> replicas = wanted.assignments().isEmpty() ? place(wanted) : assigned(wanted);
        quota.check(0, replicas.size());
        TopicConfigs.problem(wanted.configs()).ifPresent(problem -> {
            throw new RefusedException(Errors.INVALID_CONFIG, problem);
        });
        namesByMetricName.put(Topic.unifyCollisionChars(wanted.name()), wanted.name());
        quota.take(replicas.size());
        return new TopicImage(
                wanted.name(),
                validateOnly ? Uuid.ZERO_UUID.toString() : topicIds.get(),
                wanted.configs(),
                Placement.newPartitions(0, replicas));
    }

    private void checkName(String name) {
        try {
            Topic.validate(name);
        } catch (InvalidTopicException invalid) {
            throw new RefusedException(Errors.INVALID_TOPIC_EXCEPTION, String.valueOf(invalid.getMessage()));
        }
        if (image.topics().containsKey(name)) {
            throw new RefusedException(Errors.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
        }
        if (TopicImage.isReserved(name)) {
            throw new RefusedException(
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "Topic name '" + name + "' is reserved: Naru creates this topic itself when it needs it.");
        }
        String other = namesByMetricName.get(Topic.unifyCollisionChars(name));
        if (other != null) {
            throw new RefusedException(
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "Topic '" + name + "' collides with topic '" + other
                            + "': names that differ only in '.' and '_' cannot be told apart in metrics.");
        }
    }

    private List<List<Integer>> place(NewTopic wanted) {
        int partitions = wanted.partitions() == UNSET ? settings.numPartitions() : wanted.partitions();
        int replicationFactor =
                wanted.replicationFactor() == UNSET ? settings.defaultReplicationFactor() : wanted.replicationFactor();
        if (partitions <= 0) {
            throw new RefusedException(
                    Errors.INVALID_PARTITIONS,
                    "Number of partitions was " + partitions + "; it must be at least 1, or -1 for the default of "
                            + settings.numPartitions() + ".");
        }
        quota.check(0, partitions);
        assignment.checkFactor(replicationFactor, settings.defaultReplicationFactor());
        return placement.place(partitions, replicationFactor);
    }

    private List<List<Integer>> assigned(NewTopic wanted) {
        if (wanted.partitions() != UNSET || wanted.replicationFactor() != UNSET) {
            throw new RefusedException(
                    Errors.INVALID_REQUEST,
                    "Replicas are assigned by hand, so the number of partitions and the replication factor must be -1.");
        }
        TreeMap<Integer, List<Integer>> byPartition = new TreeMap<>(wanted.assignments());
        if (byPartition.firstKey() != 0 || byPartition.lastKey() != byPartition.size() - 1) {
            throw new RefusedException(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "Assigned partitions must be numbered from 0 without gaps, but are " + byPartition.keySet() + ".");
        }
        int replicationFactor = byPartition.firstEntry().getValue().size();
        byPartition.forEach((partition, replicas) -> assignment.check(partition, replicas, replicationFactor));
        return new ArrayList<>(byPartition.values());
    }
}
