package io.naru.admin.controller;

/**
 * What the controller's decisions depend on beside its state.
 *
 * @param sessionTimeoutMs              silence after which a broker or coordinator is taken for dead
 * @param numPartitions                 partitions of a topic created without a count
 * @param defaultReplicationFactor      replicas of a topic created without a factor
 * @param offsetsTopic                  {@code __consumer_offsets}
 * @param maxPartitionsPerTopic         most partitions one topic may have
 * @param maxPartitions                 most partitions the cluster may have
 * @param leaderBalance                 when leaderships go back to preferred replicas
 */
public record ControllerSettings(
        long sessionTimeoutMs,
        int numPartitions,
        int defaultReplicationFactor,
        OffsetsTopicSettings offsetsTopic,
        int maxPartitionsPerTopic,
        int maxPartitions,
        LeaderBalanceSettings leaderBalance) {

    /**
     * How {@code __consumer_offsets} is made.
     *
     * @param partitions        which is as many group shards
     * @param replicationFactor replicas of each once there are as many brokers
     */
    public record OffsetsTopicSettings(int partitions, int replicationFactor) {}
}
