/**
 * Groups over HTTP, to look at: {@code GroupResource} asks the group's shard ({@link io.naru.coordinator.shard.ShardTable}), adds what
 * only brokers know ({@code LagReader}: where logs end, how old the next record is), and sends those who ask the wrong coordinator on to
 * the right one. It changes nothing.
 */
@NullMarked
package io.naru.coordinator.view;

import org.jspecify.annotations.NullMarked;
