package io.naru.coordinator.group.state;

/**
 * Where an answer goes that cannot be given yet. To the state machine it is an address and nothing more; whoever calls it knows who is
 * waiting there. Each gets exactly one answer, with one {@link Delivery}, unless the state is discarded first.
 *
 * @param <R> the answer
 */
public interface Later<R> {}
