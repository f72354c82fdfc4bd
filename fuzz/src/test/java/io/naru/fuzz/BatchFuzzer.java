package io.naru.fuzz;

import io.naru.broker.log.batch.BatchRules;
import io.naru.broker.log.batch.BatchValidator;
import io.naru.broker.log.batch.LeaderBatch;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Crc32C;

/**
 * A record batch on its way into the log. The length and the checksum of what the fuzzer made up are put right, or nothing would get past
 * them. A batch is refused with one of Kafka's errors, or Apache's own reader finds the same number of records in it.
 */
public final class BatchFuzzer {

    private static final int LENGTH = 8;
    private static final int LENGTH_END = 12;
    private static final int CRC = 17;
    private static final int CRC_END = 21;
    private static final int HEADER = 61;
    private static final long NOW = 1_700_000_000_000L;
    private static final BatchRules RULES =
            new BatchRules(1 << 20, 4 << 20, false, Long.MAX_VALUE, Long.MAX_VALUE, Optional.empty(), false);

    private BatchFuzzer() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        ByteBuffer batch = ByteBuffer.wrap(data.clone());
        if (data.length >= HEADER) {
            repair(batch);
        }
        LeaderBatch valid;
        try {
            valid = BatchValidator.validate(batch, RULES, NOW);
        } catch (ApiException refused) {
            return;
        }
        int records = 0;
        for (MutableRecordBatch read :
                MemoryRecords.readableRecords(valid.buffer()).batches()) {
            read.ensureValid();
            for (Record record : read) {
                record.ensureValid();
                records++;
            }
        }
        if (records != valid.count()) {
            throw new IllegalStateException("validated " + valid.count() + " records, Apache reads " + records);
        }
    }

    static void repair(ByteBuffer batch) {
        batch.putInt(LENGTH, batch.limit() - LENGTH_END);
        batch.putInt(CRC, (int) Crc32C.compute(batch, CRC_END, batch.limit() - CRC_END));
    }
}
