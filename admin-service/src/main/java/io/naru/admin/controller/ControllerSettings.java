package io.naru.admin.controller;

/**
 * What the controller's decisions depend on beside its state.
 *
 * @param sessionTimeoutMs              silence after which a broker or coordinator is taken for dead
 * @param numPartitions                 partitions of a topic created without a count
 * @param defaultReplicationFactor      replicas of a topic created without a factor
 * @param offsetsTopicPartitions        partitions of {@code __consumer_offsets}, which is as many group shards
 * @param maxPartitionsPerTopic         most partitions one topic may have
 * @param maxPartitions                 most partitions the cluster may have
 */
public record ControllerSettings(
        long sessionTimeoutMs,
        int numPartitions,
        int defaultReplicationFactor,
        int offsetsTopicPartitions,
        int maxPartitionsPerTopic,
        int maxPartitions) {}
