/**
 * The segmented log of one broker, in Kafka's files.
 *
 * <p>Way of a produce: {@link io.naru.broker.log.Log#append} → {@link io.naru.broker.log.batch.BatchValidator} (no lock) →
 * {@code ProducerStates.check} → offsets stamped into the request's own bytes → {@code LogSegment.append} →
 * {@code SegmentWriter} (one write) → {@code SegmentIndexes.note} → the new end is published → fsync when {@code flush.messages}
 * asks for it ({@code LogFlusher}, one for all that wait).
 *
 * <p>Way of a fetch: {@link io.naru.broker.log.Log#read} → {@code LogReader} (no lock) → {@code RecentEnds} or
 * {@code OffsetIndex} and a few headers → a slice of the segment file, sent by the server without a copy.
 *
 * <p>Way of a start: {@link io.naru.broker.log.LogLoader} → {@code LogRecovery} → {@code SegmentCheck} per segment →
 * {@code TailDamage} where the log has to be cut.
 */
@NullMarked
package io.naru.broker.log;

import org.jspecify.annotations.NullMarked;
