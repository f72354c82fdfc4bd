/** Many followers of one topic: what each of them gets, and what that costs the gateway. */
@NullMarked
package io.naru.benchmarks.fanout;

import org.jspecify.annotations.NullMarked;
