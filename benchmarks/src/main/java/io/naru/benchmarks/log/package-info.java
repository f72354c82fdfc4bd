/** The log alone, by JMH, beside the bare {@code FileChannel} in the same run. */
@NullMarked
package io.naru.benchmarks.log;

import org.jspecify.annotations.NullMarked;
