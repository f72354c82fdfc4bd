package io.naru.broker.log.batch;

import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Packs a checked batch anew with the codec its topic asks for; everything else about it stays. */
final class BatchRepacker {

    private BatchRepacker() {}

    static ByteBuffer repack(ByteBuffer batch, Compression compression) {
        MutableRecordBatch source = MemoryRecords.readableRecords(batch.duplicate())
                .batches()
                .iterator()
                .next();
        try (MemoryRecordsBuilder target = MemoryRecords.builder(
                ByteBuffer.allocate(batch.remaining()),
                RecordBatch.CURRENT_MAGIC_VALUE,
                compression,
                TimestampType.CREATE_TIME,
                0,
                RecordBatch.NO_TIMESTAMP,
                source.producerId(),
                source.producerEpoch(),
                source.baseSequence(),
                source.isTransactional(),
                RecordBatch.NO_PARTITION_LEADER_EPOCH)) {
            for (Record record : source) {
                target.append(record);
            }
            return target.build().buffer().slice();
        }
    }
}
