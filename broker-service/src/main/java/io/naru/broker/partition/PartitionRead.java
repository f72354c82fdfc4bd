package io.naru.broker.partition;

import io.naru.broker.log.EpochEnd;
import io.naru.broker.log.LogRead;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * What a fetch of one partition found.
 *
 * @param highWatermark  high watermark at that moment
 * @param logStartOffset log start offset at that moment
 * @param records        what there was
 * @param diverging      where the reader's log parts from this one, in which case there are no records; else null (KIP-595)
 */
public record PartitionRead(
        long highWatermark,
        long logStartOffset,
        BaseRecords records,
        @Nullable EpochEnd diverging) {

    static PartitionRead of(long highWatermark, LogRead read) {
        return new PartitionRead(highWatermark, read.logStartOffset(), read.records(), null);
    }

    /** The same, with a later high watermark. */
    PartitionRead at(long later) {
        return later == highWatermark ? this : new PartitionRead(later, logStartOffset, records, diverging);
    }

    static PartitionRead diverging(long highWatermark, long logStartOffset, EpochEnd diverging) {
        return new PartitionRead(highWatermark, logStartOffset, MemoryRecords.EMPTY, diverging);
    }
}
