package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.TopicResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Decides on one DeleteTopics request: each topic on its own, with Kafka's error codes. */
final class TopicDeletion {

    private final ClusterImage image;
    private final List<Change> changes = new ArrayList<>();
    private final Set<String> deleted = new HashSet<>();

    TopicDeletion(ClusterImage image) {
        this.image = image;
    }

    /** The changes that {@link #delete} has decided on. */
    List<Change> changes() {
        return changes;
    }

    /** What becomes of each topic of the request: names first, then ids. */
    List<TopicResult> delete(DeleteTopics request) {
        List<TopicResult> results = new ArrayList<>();
        for (String name : request.names()) {
            TopicImage topic = image.topics().get(name);
            results.add(
                    topic == null
                            ? refused(
                                    name, null, Errors.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + name + "'.")
                            : delete(topic));
        }
        if (!request.topicIds().isEmpty()) {
            Map<String, TopicImage> byId = new HashMap<>();
            image.topics().values().forEach(topic -> byId.put(topic.topicId(), topic));
            for (String id : request.topicIds()) {
                TopicImage topic = byId.get(id);
                results.add(
                        topic == null
                                ? refused(null, id, Errors.UNKNOWN_TOPIC_ID, "There is no topic with id " + id + ".")
                                : delete(topic));
            }
        }
        return results;
    }

    private TopicResult delete(TopicImage topic) {
        if (topic.internal()) {
            return refused(
                    topic.name(),
                    topic.topicId(),
                    Errors.TOPIC_AUTHORIZATION_FAILED,
                    "Topic '" + topic.name() + "' is Naru's own and cannot be deleted.");
        }
        if (!deleted.add(topic.name())) {
            return refused(
                    topic.name(),
                    topic.topicId(),
                    Errors.INVALID_REQUEST,
                    "Topic '" + topic.name() + "' is named more than once in the request.");
        }
        changes.add(new Change.TopicDeleted(topic.name()));
        return new TopicResult(topic.name(), topic.topicId(), (short) 0, null, null);
    }

    private static TopicResult refused(@Nullable String name, @Nullable String topicId, Errors error, String message) {
        return new TopicResult(name, topicId, error.code(), message, null);
    }
}
