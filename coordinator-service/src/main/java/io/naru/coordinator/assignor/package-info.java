/**
 * Who gets which partition: pure functions from members and topics to a target assignment. What a member may take, and when, is decided
 * later, when the group reconciles it.
 */
@NullMarked
package io.naru.coordinator.assignor;

import org.jspecify.annotations.NullMarked;
