/**
 * A whole cluster in one thread, from one seed: the real controller, the real broker core with its real logs, on simulated disks, clocks
 * and network, with clients that keep a ledger. {@link io.naru.simulation.Simulation} puts it together, {@link io.naru.simulation.Faults}
 * breaks it, {@link io.naru.simulation.Invariants} and {@link io.naru.simulation.Ledger} say what must hold. See docs/simulation.md.
 */
@NullMarked
package io.naru.simulation;

import org.jspecify.annotations.NullMarked;
