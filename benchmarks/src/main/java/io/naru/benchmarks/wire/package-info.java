/** The Kafka protocol: Apache's own load tools against Naru and against genuine Apache Kafka. */
@NullMarked
package io.naru.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
