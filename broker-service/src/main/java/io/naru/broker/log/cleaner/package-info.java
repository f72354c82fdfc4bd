/**
 * Compaction: for each key the last record stays. {@link io.naru.broker.log.cleaner.LogCleaner} picks the log that gains most,
 * {@link io.naru.broker.log.cleaner.OffsetMap} learns the last offset of each key from the part not yet cleaned, and
 * {@link io.naru.broker.log.cleaner.BatchCompactor} copies batches without the records that have been overtaken. What a log does with the
 * copies is its own business ({@link io.naru.broker.log.cleaner.Cleanable}).
 */
@NullMarked
package io.naru.broker.log.cleaner;

import org.jspecify.annotations.NullMarked;
