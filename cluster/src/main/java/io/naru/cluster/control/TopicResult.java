package io.naru.cluster.control;

import io.naru.cluster.TopicImage;
import org.jspecify.annotations.Nullable;

/**
 * What became of one topic.
 *
 * @param name      topic name, or null when an unknown id was given
 * @param topicId   its id, or null when there is none
 * @param errorCode Kafka error code, 0 for success
 * @param message   why it failed, in words for people
 * @param topic     the topic as it is now (created) or would be (validate only); null on failure and on deletion
 */
public record TopicResult(
        @Nullable String name,
        @Nullable String topicId,
        short errorCode,
        @Nullable String message,
        @Nullable TopicImage topic) {}
