package io.naru.admin.metadata;

import jakarta.persistence.Embeddable;

/** A partition of a topic. */
@Embeddable
record PartitionKey(String clusterPath, String topic, int partitionIndex) {}
