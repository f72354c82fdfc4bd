package io.naru.admin.metadata;

import jakarta.persistence.Embeddable;

/** A group shard of a cluster. */
@Embeddable
record ShardKey(String clusterPath, int shard) {}
