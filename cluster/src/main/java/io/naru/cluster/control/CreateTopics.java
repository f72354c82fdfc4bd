package io.naru.cluster.control;

import java.util.List;

/**
 * Creates topics, each on its own: one that fails leaves its neighbours alone.
 *
 * @param topics       what to create
 * @param validateOnly check and answer, change nothing
 */
public record CreateTopics(List<NewTopic> topics, boolean validateOnly) {}
