package io.naru.broker.log.producer;

import io.naru.broker.log.batch.BatchHeader;
import java.nio.ByteBuffer;

/**
 * One appended batch of an idempotent producer. Sequences run from 0 to 2^31-1 and then start at 0 again, within a batch too.
 *
 * @param producerId    producer id, not negative
 * @param producerEpoch epoch of the producer
 * @param firstSequence sequence of the first record
 * @param lastSequence  sequence of the last record
 * @param firstOffset   offset of the first record
 * @param lastOffset    offset of the last record
 * @param timestampMs   largest timestamp of the batch
 */
public record ProducerBatch(
        long producerId,
        short producerEpoch,
        int firstSequence,
        int lastSequence,
        long firstOffset,
        long lastOffset,
        long timestampMs) {

    /** The batch whose stamped header is at {@code at}. */
    public static ProducerBatch of(ByteBuffer buffer, int at) {
        int firstSequence = BatchHeader.baseSequence(buffer, at);
        return new ProducerBatch(
                BatchHeader.producerId(buffer, at),
                BatchHeader.producerEpoch(buffer, at),
                firstSequence,
                Sequences.plus(firstSequence, BatchHeader.lastOffsetDelta(buffer, at)),
                BatchHeader.baseOffset(buffer, at),
                BatchHeader.lastOffset(buffer, at),
                BatchHeader.maxTimestamp(buffer, at));
    }
}
