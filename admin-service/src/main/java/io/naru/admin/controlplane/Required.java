package io.naru.admin.controlplane;

import io.naru.admin.controller.RefusedException;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.NewTopic;
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

    private static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }
}
