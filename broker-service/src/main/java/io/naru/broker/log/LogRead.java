package io.naru.broker.log;

import org.apache.kafka.common.record.internal.BaseRecords;

/**
 * What a read found.
 *
 * @param startOffset       the offset asked for
 * @param segmentBaseOffset base offset of the segment that holds it
 * @param position          position in that segment of the batch that holds it
 * @param logStartOffset    log start offset at that moment
 * @param logEndOffset      log end offset at that moment
 * @param records           a {@link io.naru.protocol.record.FileSlice}, or {@code MemoryRecords.EMPTY}; begins with the whole batch that
 *                          holds {@code startOffset}, so its first records may lie below
 */
public record LogRead(
        long startOffset,
        long segmentBaseOffset,
        int position,
        long logStartOffset,
        long logEndOffset,
        BaseRecords records) {

    /** Bytes of the records. */
    public int sizeInBytes() {
        return records.sizeInBytes();
    }
}
