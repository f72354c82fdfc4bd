package io.naru.coordinator.shard;

import io.naru.coordinator.group.GroupShard;
import io.naru.coordinator.group.state.Later;
import io.naru.coordinator.group.state.Outcome;

/**
 * A request on its way into a shard that may have to wait there for other requests.
 *
 * @param <R> its answer
 */
@FunctionalInterface
public interface WaitingOperation<R> {

    /**
     * Runs on the shard's thread. An {@link org.apache.kafka.common.errors.ApiException} is the answer and changes nothing; else the answer
     * is delivered to {@code later}, now or another time.
     */
    Outcome<?> run(GroupShard shard, Later<R> later, long nowMs);
}
