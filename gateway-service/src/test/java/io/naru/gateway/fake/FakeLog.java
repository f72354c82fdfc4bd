package io.naru.gateway.fake;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;

/** One partition's batches, with the duplicate detection of a real log (last batch per producer is enough here). */
public final class FakeLog {

    private final List<byte[]> batches = new ArrayList<>();
    private final List<Long> lastOffsets = new ArrayList<>();
    private final Map<Long, Producer> producers = new HashMap<>();
    private long start;
    private long end;

    private record Producer(short epoch, int firstSequence, int lastSequence, long baseOffset) {}

    /** Outcome of an append. */
    public record Appended(Errors error, long baseOffset, boolean duplicate) {}

    /** Appends one batch as a leader would. */
    public Appended append(MemoryRecords records) {
        return append(records, OptionalLong.empty());
    }

    /** The same, if it ends where it must or the batch is a repetition. */
    public synchronized Appended append(MemoryRecords records, OptionalLong ifEnd) {
        MutableRecordBatch batch = records.batches().iterator().next();
        batch.ensureValid();
        if (batch.hasProducerId()) {
            Producer known = producers.get(batch.producerId());
            if (known != null && known.epoch > batch.producerEpoch()) {
                return new Appended(Errors.INVALID_PRODUCER_EPOCH, -1, false);
            }
            if (known != null && known.epoch == batch.producerEpoch()) {
                if (batch.baseSequence() == known.firstSequence && batch.lastSequence() == known.lastSequence) {
                    return new Appended(Errors.NONE, known.baseOffset, true);
                }
                if (batch.baseSequence() != known.lastSequence + 1) {
                    return new Appended(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, -1, false);
                }
            }
            if (ifEnd.isPresent() && ifEnd.getAsLong() != end) {
                return new Appended(Errors.OFFSET_OUT_OF_RANGE, end, false);
            }
            producers.put(
                    batch.producerId(),
                    new Producer(batch.producerEpoch(), batch.baseSequence(), batch.lastSequence(), end));
        }
        if (ifEnd.isPresent() && ifEnd.getAsLong() != end) {
            return new Appended(Errors.OFFSET_OUT_OF_RANGE, end, false);
        }
        long base = end;
        ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(copy);
        copy.flip();
        MutableRecordBatch stored =
                MemoryRecords.readableRecords(copy).batches().iterator().next();
        int count = (int) (batch.lastOffset() - batch.baseOffset() + 1);
        stored.setLastOffset(base + count - 1);
        batches.add(copy.array());
        end = base + count;
        lastOffsets.add(end - 1);
        return new Appended(Errors.NONE, base, false);
    }

    /** Forgets producers, as a log does whose producer state was lost. */
    public synchronized void forgetProducers() {
        producers.clear();
    }

    /** Whole batches from the one with the offset on; always at least one if there is one. */
    public synchronized MemoryRecords read(long offset, int bytesMax) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < batches.size(); i++) {
            byte[] batch = batches.get(i);
            if (lastOffsets.get(i) >= offset && (out.size() == 0 || out.size() + batch.length <= bytesMax)) {
                out.writeBytes(batch);
            }
        }
        return MemoryRecords.readableRecords(ByteBuffer.wrap(out.toByteArray()));
    }

    /** Offset of the first record at or after a time, −1 for none. */
    public synchronized long offsetAt(long time) {
        for (Record record : records()) {
            if (record.timestamp() >= time && record.offset() >= start) {
                return record.offset();
            }
        }
        return -1;
    }

    /** Every record. */
    public synchronized List<Record> records() {
        List<Record> all = new ArrayList<>();
        for (byte[] batch : batches) {
            MemoryRecords.readableRecords(ByteBuffer.wrap(batch)).records().forEach(all::add);
        }
        return all;
    }

    /** Every value as text. */
    public List<String> values() {
        return records().stream()
                .map(r -> r.hasValue() ? Utils.utf8(r.value(), r.valueSize()) : null)
                .toList();
    }

    /** Number of batches appended. */
    public synchronized int batchCount() {
        return batches.size();
    }

    /** First offset. */
    public synchronized long start() {
        return start;
    }

    /** Deletes what is below. */
    public synchronized void deleteBelow(long offset) {
        start = offset;
        while (!batches.isEmpty() && lastOffsets.get(0) < offset) {
            batches.remove(0);
            lastOffsets.remove(0);
        }
    }

    /** Offset of the next record. */
    public synchronized long end() {
        return end;
    }
}
