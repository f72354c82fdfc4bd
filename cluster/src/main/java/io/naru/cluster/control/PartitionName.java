package io.naru.cluster.control;

/**
 * A partition as people and Kafka's admin API name it.
 *
 * @param topic     name
 * @param partition index
 */
public record PartitionName(String topic, int partition) {}
