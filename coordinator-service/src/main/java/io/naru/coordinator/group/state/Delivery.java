package io.naru.coordinator.group.state;

/**
 * An answer that has become possible.
 *
 * @param to       who waits for it
 * @param response the answer
 */
public record Delivery<R>(Later<R> to, R response) {}
