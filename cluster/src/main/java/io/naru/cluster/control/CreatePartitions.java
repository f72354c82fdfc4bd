package io.naru.cluster.control;

import java.util.List;

/**
 * Adds partitions to topics, each on its own. Answered with {@link TopicResults}.
 *
 * @param topics       what to add
 * @param validateOnly check and answer, change nothing
 */
public record CreatePartitions(List<MorePartitions> topics, boolean validateOnly) {

    /**
     * One topic.
     *
     * @param topic       name
     * @param count       partitions that it is to have in all
     * @param assignments broker ids of each new partition, or empty for the controller's placement
     */
    public record MorePartitions(String topic, int count, List<List<Integer>> assignments) {}
}
