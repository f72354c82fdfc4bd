/**
 * coordinator-service: keeps consumer groups and their offsets.
 *
 * <p>The way of a request: {@code io.naru.coordinator.kafka} (a handler) → {@link io.naru.coordinator.shard} (the group's shard: is it
 * ours, is it loaded?) → {@code io.naru.coordinator.group} (the state machine: records and a response) → the shard's log → answer. The
 * state is a fold over {@link io.naru.coordinator.record}, so a new owner gets it back by reading. {@code io.naru.coordinator.view} shows
 * it over HTTP.
 */
@NullMarked
package io.naru.coordinator;

import org.jspecify.annotations.NullMarked;
