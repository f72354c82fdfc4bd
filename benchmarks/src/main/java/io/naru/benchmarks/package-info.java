/**
 * Programs that measure Naru beside something else, in one run, in turns: {@code wire} beside Apache Kafka, {@code http} beside a servlet
 * that does nothing. They print medians and ratios, and judge nothing.
 */
@NullMarked
package io.naru.benchmarks;

import org.jspecify.annotations.NullMarked;
