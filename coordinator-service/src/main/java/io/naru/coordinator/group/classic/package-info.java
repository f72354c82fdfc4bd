/**
 * The classic protocol: {@code ClassicGroups} leads requests to their group, whose phase says who waits for what; {@code ClassicJoins}
 * gathers members, {@code ClassicRebalances} gives out generations, {@code ClassicSyncs} the assignments. An answer that has to wait for
 * other members has an address, {@link io.naru.coordinator.group.state.Later}, and goes out as a {@link
 * io.naru.coordinator.group.state.Delivery} of the request that made it possible.
 */
@NullMarked
package io.naru.coordinator.group.classic;

import org.jspecify.annotations.NullMarked;
