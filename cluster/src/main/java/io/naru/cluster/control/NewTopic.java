package io.naru.cluster.control;

import java.util.List;
import java.util.Map;

/**
 * A topic to create.
 *
 * @param name              topic name
 * @param partitions        count, or −1 for the cluster's {@code num.partitions}
 * @param replicationFactor count, or −1 for {@code default.replication.factor}
 * @param assignments       broker ids per partition index, or empty for the controller's placement
 * @param configs           by Kafka's names
 */
public record NewTopic(
        String name,
        int partitions,
        int replicationFactor,
        Map<Integer, List<Integer>> assignments,
        Map<String, String> configs) {}
