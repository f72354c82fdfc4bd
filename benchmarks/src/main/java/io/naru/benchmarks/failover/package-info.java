/** How long a cluster stands still when one of its processes dies. */
@NullMarked
package io.naru.benchmarks.failover;

import org.jspecify.annotations.NullMarked;
