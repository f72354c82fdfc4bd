package io.naru.cluster.control;

import org.jspecify.annotations.Nullable;

/**
 * What became of one partition.
 *
 * @param partition which
 * @param errorCode Kafka error code, 0 for success
 * @param message   why it failed, in words for people
 */
public record PartitionResult(
        PartitionName partition, short errorCode, @Nullable String message) {}
