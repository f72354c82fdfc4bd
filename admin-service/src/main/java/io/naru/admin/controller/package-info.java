/**
 * The controller's core: plain deterministic classes without thread, clock, randomness or I/O. An event and the time go in, a
 * {@link io.naru.admin.controller.Decision} comes out: the {@link io.naru.admin.controller.Change}s to make, the state they lead to,
 * and the answer. Whoever runs it commits the changes first and tells the controller afterwards; a decision that was not committed
 * leaves no trace but in sessions, which are nobody's truth.
 *
 * <p>After every event {@link io.naru.admin.controller.Settlement} makes the cluster's invariants hold again: a partition is led by
 * a live member of its ISR or by nobody, every group shard has one live owner while there is one to have, and epochs only grow.
 */
@NullMarked
package io.naru.admin.controller;

import org.jspecify.annotations.NullMarked;
