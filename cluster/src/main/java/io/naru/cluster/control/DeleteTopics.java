package io.naru.cluster.control;

import java.util.List;

/**
 * Deletes topics, each on its own.
 *
 * @param names    by name
 * @param topicIds by id
 */
public record DeleteTopics(List<String> names, List<String> topicIds) {}
