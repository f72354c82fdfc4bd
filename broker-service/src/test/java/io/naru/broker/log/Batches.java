package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Record batches for tests, and what is in them. */
public final class Batches {

    private Batches() {}

    /** One batch of records with these values, all at {@code timestamp}. */
    public static MemoryRecords of(long timestamp, String... values) {
        return of(Compression.NONE, timestamp, values);
    }

    /** One packed batch of records with these values, all at {@code timestamp}. */
    public static MemoryRecords of(Compression compression, long timestamp, String... values) {
        return MemoryRecords.withRecords(compression, records(timestamp, values));
    }

    /** One batch of a producer, its sequences beginning at {@code sequence}. */
    public static MemoryRecords idempotent(long producerId, int epoch, int sequence, String... values) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId, (short) epoch, sequence, records(1_000, values));
    }

    /** The same batch as a leader of {@code epoch} would have stored it at {@code offset}. */
    public static MemoryRecords stored(MemoryRecords batch, long offset, int epoch) {
        ByteBuffer copy =
                ByteBuffer.allocate(batch.sizeInBytes()).put(batch.buffer()).flip();
        BatchHeader.stamp(copy, 0, offset, epoch);
        return MemoryRecords.readableRecords(copy);
    }

    /** Records with these values and keys {@code k0}, {@code k1} …. */
    public static SimpleRecord[] records(long timestamp, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(
                    timestamp, ("k" + i).getBytes(StandardCharsets.UTF_8), values[i].getBytes(StandardCharsets.UTF_8));
        }
        return records;
    }

    /** {@code offset=value} of every record that the log gives out from {@code offset} on, read in small steps. */
    public static List<String> contents(Log log, long offset) {
        List<String> found = new ArrayList<>();
        long next = offset;
        while (next < log.logEndOffset()) {
            List<Record> records =
                    read(log.read(next, 300, true, Long.MAX_VALUE).records());
            if (records.isEmpty()) {
                throw new AssertionError(
                        "nothing at offset " + next + ": " + log.read(next, 300, true, Long.MAX_VALUE));
            }
            for (Record record : records) {
                if (record.offset() >= next) {
                    found.add(record.offset() + "=" + StandardCharsets.UTF_8.decode(record.value()));
                    next = record.offset() + 1;
                }
            }
        }
        return found;
    }

    /** The whole records of a read, CRCs checked. */
    public static List<Record> read(BaseRecords records) {
        try {
            MemoryRecords loaded = records instanceof FileSlice slice ? slice.load() : (MemoryRecords) records;
            List<Record> all = new ArrayList<>();
            loaded.batches().forEach(batch -> {
                batch.ensureValid();
                batch.forEach(all::add);
            });
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Last offset of the last whole batch of a read. */
    public static long lastOffset(BaseRecords records) {
        try {
            MemoryRecords loaded = records instanceof FileSlice slice ? slice.load() : (MemoryRecords) records;
            long last = -1;
            for (RecordBatch batch : loaded.batches()) {
                last = batch.lastOffset();
            }
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
