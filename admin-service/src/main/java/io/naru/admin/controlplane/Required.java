package io.naru.admin.controlplane;

import io.naru.admin.controller.RefusedException;
import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreatePartitions.MorePartitions;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.PartitionName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What JSON may leave out, or make null, though the records say that it is there. */
final class Required {

    private Required() {}

    /** Refuses a request in which one of the fields is missing; {@code namesAndValues} alternate. */
    static void fields(@Nullable Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] == null) {
                throw new RefusedException(Errors.INVALID_REQUEST, "The field " + namesAndValues[i] + " is missing.");
            }
        }
    }

    /** The request with its optional fields filled in. */
    static CreateTopics whole(CreateTopics request) {
        fields("topics", request.topics());
        return new CreateTopics(request.topics().stream().map(Required::whole).toList(), request.validateOnly());
    }

    private static NewTopic whole(@Nullable NewTopic topic) {
        if (topic == null) {
            throw new RefusedException(Errors.INVALID_REQUEST, "A topic in the request is null.");
        }
        fields("name", topic.name());
        Map<Integer, List<Integer>> assignments = orElse(topic.assignments(), Map.of());
        assignments.forEach((partition, replicas) -> {
            if (replicas == null || replicas.contains(null)) {
                throw new RefusedException(
                        Errors.INVALID_REQUEST, "The replicas of partition " + partition + " are not given.");
            }
        });
        return new NewTopic(
                topic.name(),
                topic.partitions(),
                topic.replicationFactor(),
                assignments,
                orElse(topic.configs(), Map.of()));
    }

    /** The request with its optional fields filled in. */
    static DeleteTopics whole(DeleteTopics request) {
        DeleteTopics whole =
                new DeleteTopics(orElse(request.names(), List.of()), orElse(request.topicIds(), List.of()));
        if (whole.names().stream().anyMatch(name -> name == null)
                || whole.topicIds().stream().anyMatch(id -> id == null)) {
            throw new RefusedException(Errors.INVALID_REQUEST, "A topic in the request is null.");
        }
        return whole;
    }

    /** Refuses a request in which something is missing. */
    static void whole(AlterPartitions request) {
        fields("partitions", request.partitions());
        request.partitions().forEach(partition -> {
            fields("replica", partition.replica(), "isr", partition.isr());
            fields("topicId", partition.replica().topicId());
        });
    }

    /** Refuses a request in which something is missing. */
    static void whole(ElectLeaders request) {
        if (request.partitions() != null) {
            request.partitions().forEach(Required::whole);
        }
    }

    /** Refuses a request in which something is missing. */
    static void whole(AlterReassignments request) {
        fields("partitions", request.partitions());
        request.partitions().forEach(wanted -> {
            fields("a partition", wanted);
            whole(wanted.partition());
            noNulls("replicas", orElse(wanted.replicas(), List.of()));
        });
    }

    private static void whole(@Nullable PartitionName name) {
        if (name == null) {
            throw new RefusedException(Errors.INVALID_REQUEST, "A partition in the request is null.");
        }
        fields("topic", name.topic());
    }

    /** The request with its optional fields filled in. */
    static CreatePartitions whole(CreatePartitions request) {
        fields("topics", request.topics());
        noNulls("topics", request.topics());
        List<MorePartitions> topics = new ArrayList<>();
        for (MorePartitions wanted : request.topics()) {
            fields("topic", wanted.topic());
            List<List<Integer>> assignments = orElse(wanted.assignments(), List.of());
            noNulls("assignments", assignments);
            assignments.forEach(replicas -> noNulls("replicas", replicas));
            topics.add(new MorePartitions(wanted.topic(), wanted.count(), assignments));
        }
        return new CreatePartitions(topics, request.validateOnly());
    }

    /** Refuses a request in which something is missing. */
    static void whole(AlterConfigs request) {
        request.resources().forEach(resource -> {
            fields("target", resource.target());
            fields("kind", resource.target().kind(), "name", resource.target().name());
            resource.ops().forEach(op -> fields("name of a config", op.name(), "kind of operation", op.kind()));
        });
    }

    private static void noNulls(String field, List<?> values) {
        for (Object value : values) {
            fields(field, value);
        }
    }

    private static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }
}
