/**
 * Faults on real processes: a workload runs, something breaks and heals, and a ledger of everything that was sent, acknowledged and seen
 * is checked at the end. The checker has tests of its own.
 */
@NullMarked
package io.naru.system.fault;

import org.jspecify.annotations.NullMarked;
