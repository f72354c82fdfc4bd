/**
 * The state machine of a group shard: a request becomes records and a response, and replaying records is the only way its state
 * changes. No thread, no clock, no randomness of its own: one thread calls it, with the time.
 *
 * <p>{@link io.naru.coordinator.group.GroupShard} is the door. Behind it: heartbeats ({@code ConsumerHeartbeats}) make a group's target
 * assignment ({@code TargetAssignmentBuilder}) and lead each member to it ({@code MemberReconciler}, KIP-848); commits
 * ({@code OffsetCommits}) and fetches ({@code OffsetFetches}) of offsets are fenced by it.
 *
 * <p>Groups of the classic protocol: {@code ClassicGroups} leads requests to their {@code ClassicGroup}, whose {@code ClassicPhase} says
 * who waits for what; {@code ClassicJoins} gathers members, {@code ClassicRebalances} gives out generations, {@code ClassicSyncs} the
 * assignments. An answer that has to wait for other members has an address, {@link io.naru.coordinator.group.Later}, and goes out as a
 * {@link io.naru.coordinator.group.Delivery} of the request that made it possible.
 */
@NullMarked
package io.naru.coordinator.group;

import org.jspecify.annotations.NullMarked;
