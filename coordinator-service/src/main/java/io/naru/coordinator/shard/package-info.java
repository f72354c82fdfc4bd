/**
 * Shards at work. {@link io.naru.coordinator.shard.ShardTable} follows the cluster image: it loads a shard when this coordinator comes to
 * own it and drops it when it does not any more. {@code Shard} runs requests against the {@link io.naru.coordinator.group.GroupShard}
 * on the shard's thread and lets answers go when the {@link io.naru.coordinator.shard.ShardLog} has what they rest on.
 */
@NullMarked
package io.naru.coordinator.shard;

import org.jspecify.annotations.NullMarked;
