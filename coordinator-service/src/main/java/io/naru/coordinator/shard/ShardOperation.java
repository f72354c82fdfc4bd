package io.naru.coordinator.shard;

import io.naru.coordinator.group.GroupShard;
import io.naru.coordinator.group.state.Outcome;

/**
 * A request on its way into a shard.
 *
 * @param <R> its answer
 */
@FunctionalInterface
public interface ShardOperation<R> {

    /** Runs on the shard's thread. An {@link org.apache.kafka.common.errors.ApiException} is the answer and changes nothing. */
    Outcome<R> run(GroupShard shard, long nowMs);
}
