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
 * @param throttled      whether the records count against the quota that the leader has for followers that are not in sync
 */
public record PartitionRead(
        long highWatermark,
        long logStartOffset,
        BaseRecords records,
        @Nullable EpochEnd diverging,
        boolean throttled) {

    static PartitionRead of(long highWatermark, LogRead read) {
        return new PartitionRead(highWatermark, read.logStartOffset(), read.records(), null, false);
    }

    /** The same, with a later high watermark. */
    PartitionRead at(long later) {
        return later == highWatermark ? this : new PartitionRead(later, logStartOffset, records, diverging, throttled);
    }

    /** The same, counted. */
    PartitionRead asThrottled() {
        return new PartitionRead(highWatermark, logStartOffset, records, diverging, true);
    }

    static PartitionRead diverging(long highWatermark, long logStartOffset, EpochEnd diverging) {
        return new PartitionRead(highWatermark, logStartOffset, MemoryRecords.EMPTY, diverging, false);
    }
}
