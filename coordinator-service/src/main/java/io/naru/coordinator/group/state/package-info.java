/**
 * What the groups of a shard are. {@link io.naru.coordinator.group.state.GroupTable} is the durable part, changed by replay alone; requests
 * change it through {@link io.naru.coordinator.group.state.Changes} and end in an {@link io.naru.coordinator.group.state.Outcome}. Knows
 * none of the other packages of groups.
 */
@NullMarked
package io.naru.coordinator.group.state;

import org.jspecify.annotations.NullMarked;
