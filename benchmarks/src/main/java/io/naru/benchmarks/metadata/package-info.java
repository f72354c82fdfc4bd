/** What many topics and partitions cost where metadata is made, sent and listed. */
@NullMarked
package io.naru.benchmarks.metadata;

import org.jspecify.annotations.NullMarked;
