/**
 * The state machine of a group shard: a request becomes records and a response, and replaying records is the only way its state
 * changes. No thread, no clock, no randomness of its own: one thread calls it, with the time.
 *
 * <p>{@link io.naru.coordinator.group.GroupShard} is the door. Behind it, from the ground up: {@code .state}, what groups are;
 * {@code .history}; {@code .deletion}; the two protocols, {@code .consumer} (KIP-848) and {@code .classic}, which do not know each other;
 * {@code .migration} between them; {@code .offset}, commits and fetches; {@code .view}.
 */
@NullMarked
package io.naru.coordinator.group;

import org.jspecify.annotations.NullMarked;
