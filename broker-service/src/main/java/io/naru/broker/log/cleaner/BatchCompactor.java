package io.naru.broker.log.cleaner;

import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Copies batches without the records that compaction takes. Offsets stay; a batch that loses records keeps its first and last
 * offset and its sequences. A tombstone (null value) gets a delete horizon, {@code delete.retention.ms} ahead, when it is cleaned
 * first, and goes when that has passed (KIP-534). Records without key go. Transactional batches and markers are neither taken nor do
 * they take others: whether they count is not known here.
 */
public final class BatchCompactor {

    private final OffsetMap map;
    private final long mapEnd;
    private final Filter filter;
    private ByteBuffer output = ByteBuffer.allocate(1 << 20);

    /**
     * @param mapEnd             first offset that {@code map} does not cover: from here on everything stays
     * @param keptBatches        last offsets of batches that stay, empty if need be
     * @param nowMs              the time
     * @param deleteRetentionMs  how long tombstones stay
     */
    public BatchCompactor(OffsetMap map, long mapEnd, Set<Long> keptBatches, long nowMs, long deleteRetentionMs) {
        this.map = map;
        this.mapEnd = mapEnd;
        this.filter = new Filter(nowMs, deleteRetentionMs, keptBatches);
    }

    /**
     * Notes the keys of {@code batches} from offset {@code from} on.
     *
     * @return the first offset that found no room in the map; -1 when all did
     */
    public static long note(OffsetMap map, ByteBuffer batches, long from) {
        for (RecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            if (batch.lastOffset() < from || isUndecided(batch)) {
                continue;
            }
            try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    if (record.offset() >= from && record.hasKey() && !map.put(record.key(), record.offset())) {
                        return record.offset();
                    }
                }
            }
        }
        return -1;
    }

    /** What stays of {@code batches}; valid until the next call, empty when nothing does. */
    public ByteBuffer compact(ByteBuffer batches) {
        ByteBuffer kept = MemoryRecords.readableRecords(batches)
                .filterTo(filter, output.clear(), BufferSupplier.NO_CACHING)
                .outputBuffer();
        output = kept; // it may have had to grow
        return kept.duplicate().flip();
    }

    private static boolean isUndecided(RecordBatch batch) {
        return batch.isControlBatch() || batch.isTransactional();
    }

    private final class Filter extends MemoryRecords.RecordFilter {

        private final Set<Long> keptBatches;

        Filter(long nowMs, long deleteRetentionMs, Set<Long> keptBatches) {
            super(nowMs, deleteRetentionMs);
            this.keptBatches = keptBatches;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
            boolean needed = keptBatches.contains(batch.lastOffset());
            return new BatchRetentionResult(needed ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY, false);
        }

        @Override
        protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
            if (record.offset() >= mapEnd || isUndecided(batch)) {
                return true;
            }
            if (!record.hasKey() || map.latest(record.key()) > record.offset()) {
                return false;
            }
            return record.hasValue()
                    || batch.deleteHorizonMs().isEmpty()
                    || currentTime < batch.deleteHorizonMs().getAsLong();
        }
    }
}
