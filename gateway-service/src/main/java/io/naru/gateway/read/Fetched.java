package io.naru.gateway.read;

import io.naru.gateway.format.AbortedTransactions;
import io.naru.gateway.format.RecordCursor;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch brought of one partition. Not changed any more; may be shared.
 *
 * @param error         why there is nothing, or NONE
 * @param records       whole batches, the last perhaps cut short
 * @param readableEnd   offset behind the last record that may be read: high watermark, or last stable offset for read_committed
 * @param highWatermark high watermark
 * @param aborted       transactions to pass over, for read_committed
 */
public record Fetched(
        Errors error,
        MemoryRecords records,
        long readableEnd,
        long highWatermark,
        @Nullable List<AbortedTransaction> aborted) {

    /** Nothing, for a reason. */
    static Fetched failed(Errors error) {
        return new Fetched(error, MemoryRecords.EMPTY, -1, -1, null);
    }

    /** Whether there are bytes. */
    public boolean hasRecords() {
        return records.sizeInBytes() > 0;
    }

    /** A cursor over the records from an offset on. */
    public RecordCursor cursor(long fromOffset) {
        return new RecordCursor(records, fromOffset, new AbortedTransactions(aborted));
    }
}
