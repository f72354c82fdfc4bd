package io.naru.broker.log.batch;

import java.nio.ByteBuffer;

/**
 * One batch that a leader may append as it is, once base offset and leader epoch are stamped.
 *
 * @param buffer          the whole batch and nothing else, from position to limit; the bytes of the request where possible
 * @param logAppendTimeMs the leader's timestamp when the topic keeps append times, else -1
 */
public record LeaderBatch(ByteBuffer buffer, long logAppendTimeMs) {

    /** Bytes of the batch. */
    public int sizeInBytes() {
        return buffer.remaining();
    }

    /** Offsets the batch takes. */
    public int count() {
        return BatchHeader.recordCount(buffer, buffer.position());
    }

    /** Producer id, or -1. */
    public long producerId() {
        return BatchHeader.producerId(buffer, buffer.position());
    }

    /** Producer epoch, or -1. */
    public short producerEpoch() {
        return BatchHeader.producerEpoch(buffer, buffer.position());
    }

    /** Sequence of the first record, or -1. */
    public int baseSequence() {
        return BatchHeader.baseSequence(buffer, buffer.position());
    }

    /** Largest timestamp, ms, or -1. */
    public long maxTimestamp() {
        return BatchHeader.maxTimestamp(buffer, buffer.position());
    }

    /** Whether the batch belongs to a transaction. */
    public boolean transactional() {
        return BatchHeader.isTransactional(buffer, buffer.position());
    }

    /** Whether the batch is a transaction marker. */
    public boolean control() {
        return BatchHeader.isControl(buffer, buffer.position());
    }

    /** Fills in base offset and leader epoch. */
    public void stamp(long baseOffset, int leaderEpoch) {
        BatchHeader.stamp(buffer, buffer.position(), baseOffset, leaderEpoch);
    }
}
