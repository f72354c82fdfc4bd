/**
 * The protocol of KIP-848: {@code ConsumerHeartbeats} makes a group's target assignment ({@code TargetAssignmentBuilder}) and leads each
 * member to it ({@code MemberReconciler}).
 */
@NullMarked
package io.naru.coordinator.group.consumer;

import org.jspecify.annotations.NullMarked;
