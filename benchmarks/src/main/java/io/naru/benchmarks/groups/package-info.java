/** Consumer groups: how long rebalances take, and what members over HTTP cost that do nothing. */
@NullMarked
package io.naru.benchmarks.groups;

import org.jspecify.annotations.NullMarked;
