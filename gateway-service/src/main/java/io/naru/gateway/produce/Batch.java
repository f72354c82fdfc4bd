package io.naru.gateway.produce;

import io.naru.gateway.http.Problem;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of many requests in one record batch (Kafka's format v2), encoded as they come:
 *
 * <pre>
 * 0   61 bytes   batch header, written when the batch is sent: base offset, length, CRC, producer, sequence, count …
 * 61  records    length varint, attributes 0, timestamp delta, offset delta, key, value, headers
 * </pre>
 *
 * Belongs to its {@code PartitionQueue}: filled under the queue's lock, then owned by whoever has it in flight. The buffer comes from the
 * {@code BufferPool} and goes back only when no socket can still read from it.
 */
final class Batch {

    private static final Logger log = LoggerFactory.getLogger(Batch.class);

    /** Everything of a record that is not key, value or headers, at most: five varints, two varlongs, attributes. */
    static final int RECORD_OVERHEAD_MAX = 5 * 5 + 10 + 1;

    private static final int HEADER_BYTES = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
    private static final int COUNT_MAX = 32 * 1024;

    final long createdNanos;
    private byte[] bytes;
    private int length = HEADER_BYTES;
    private int count;
    private long baseTimestamp;
    private long maxTimestamp;
    private RecordOutcome[] outcomes = new RecordOutcome[16];
    private int[] tags = new int[16];
    private long reserved;

    /** Who it was first sent as; null before that, and where acks are not all. */
    @Nullable
    ProducerIdentity identity;

    int sequence = RecordBatch.NO_SEQUENCE;

    /** Whether some attempt may have written it although nobody said so. */
    boolean maybeWritten;

    int attempts;

    Batch(byte[] buffer, long createdNanos) {
        this.bytes = buffer;
        this.createdNanos = createdNanos;
    }

    int count() {
        return count;
    }

    int length() {
        return length;
    }

    long reserved() {
        return reserved;
    }

    byte[] buffer() {
        return bytes;
    }

    /** Whether a record fits below the target size. A first record always does. */
    boolean hasRoom(int size, int bytesTarget) {
        return count == 0 || (length + size <= bytesTarget && count < COUNT_MAX);
    }

    /** Encodes a record. */
    void append(RecordInput record, long timestamp, RecordOutcome outcome, int tag) {
        if (count == 0) {
            baseTimestamp = timestamp;
            maxTimestamp = timestamp;
        } else {
            maxTimestamp = Math.max(maxTimestamp, timestamp);
        }
        int size = record.size();
        room(size);
        long timestampDelta = timestamp - baseTimestamp;
        int keyLength = record.keyLength;
        int valueLength = record.valueLength;
        int body = 1
                + ByteUtils.sizeOfVarlong(timestampDelta)
                + ByteUtils.sizeOfVarint(count)
                + ByteUtils.sizeOfVarint(keyLength)
                + Math.max(keyLength, 0)
                + ByteUtils.sizeOfVarint(valueLength)
                + Math.max(valueLength, 0)
                + record.headers.encodedSize();
        int at = putVarint(bytes, length, body);
        bytes[at++] = 0;
        at = putVarlong(bytes, at, timestampDelta);
        at = putVarint(bytes, at, count);
        at = putBytes(record.key, record.keyOffset, keyLength, at);
        at = putBytes(record.value, record.valueOffset, valueLength, at);
        at = putVarint(bytes, at, record.headers.count());
        System.arraycopy(record.headers.array(), 0, bytes, at, record.headers.length());
        length = at + record.headers.length();
        if (count == outcomes.length) {
            outcomes = Arrays.copyOf(outcomes, count * 2);
            tags = Arrays.copyOf(tags, count * 2);
        }
        outcomes[count] = outcome;
        tags[count] = tag;
        count++;
        reserved += size;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            long wanted = Math.max(bytes.length * 2L, (long) length + more);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
        }
    }

    private int putBytes(byte[] source, int offset, int sourceLength, int at) {
        int start = putVarint(bytes, at, sourceLength);
        if (sourceLength <= 0) {
            return start;
        }
        System.arraycopy(source, offset, bytes, start, sourceLength);
        return start + sourceLength;
    }

    /** Zigzag varint; the index after it. */
    static int putVarint(byte[] bytes, int at, int value) {
        int rest = value << 1 ^ value >> 31;
        int i = at;
        while ((rest & ~0x7f) != 0) {
            bytes[i++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[i++] = (byte) rest;
        return i;
    }

    private static int putVarlong(byte[] bytes, int at, long value) {
        long rest = value << 1 ^ value >> 63;
        int i = at;
        while ((rest & ~0x7fL) != 0) {
            bytes[i++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[i++] = (byte) rest;
        return i;
    }

    /** The batch as it goes out, header and checksum written for its producer and sequence. */
    MemoryRecords seal() {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        ProducerIdentity producer = identity;
        DefaultRecordBatch.writeHeader(
                buffer,
                0,
                count - 1,
                length,
                RecordBatch.MAGIC_VALUE_V2,
                CompressionType.NONE,
                TimestampType.CREATE_TIME,
                baseTimestamp,
                maxTimestamp,
                producer == null ? RecordBatch.NO_PRODUCER_ID : producer.id(),
                producer == null ? RecordBatch.NO_PRODUCER_EPOCH : producer.epoch(),
                sequence,
                false,
                false,
                false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                count);
        return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes, 0, length));
    }

    /** Tells every record that it was written. */
    void written(int partition, long baseOffset, long logAppendTime) {
        for (int i = 0; i < count; i++) {
            try {
                outcomes[i].written(
                        tags[i],
                        partition,
                        baseOffset < 0 ? RecordOutcome.NO_OFFSET : baseOffset + i,
                        logAppendTime < 0 ? RecordOutcome.OWN_TIMESTAMP : logAppendTime);
                settleAfter(i);
            } catch (RuntimeException e) {
                refused(e);
            }
        }
    }

    /** Tells every record that it failed. */
    void failed(Problem problem) {
        for (int i = 0; i < count; i++) {
            try {
                outcomes[i].failed(tags[i], problem);
                settleAfter(i);
            } catch (RuntimeException e) {
                refused(e);
            }
        }
    }

    /** One request that cannot take its answer must not keep the others from theirs. */
    private static void refused(RuntimeException e) {
        log.atError().setCause(e).log("A request failed while it was told what became of its record");
    }

    /** Tells one record that it failed. */
    void failed(int index, Problem problem) {
        outcomes[index].failed(tags[index], problem);
        outcomes[index].settled();
    }

    private void settleAfter(int i) {
        if (i + 1 == count || outcomes[i + 1] != outcomes[i]) {
            outcomes[i].settled();
        }
    }

    /** Encodes some of the records again, into another batch that has no producer or sequence yet. */
    Batch subset(IntPredicate wanted, byte[] buffer) {
        Batch part = new Batch(buffer, createdNanos);
        RecordInput input = new RecordInput();
        int i = 0;
        for (Record record : seal().records()) {
            if (wanted.test(i)) {
                input.clear();
                byte[] key = Utils.toNullableArray(record.key());
                byte[] value = Utils.toNullableArray(record.value());
                input.key(key == null ? RecordInput.NOTHING : key, 0, key == null ? RecordInput.NULL : key.length);
                input.value(
                        value == null ? RecordInput.NOTHING : value,
                        0,
                        value == null ? RecordInput.NULL : value.length);
                for (Header header : record.headers()) {
                    input.headers.add(Utils.utf8(header.key()), header.value());
                }
                part.append(input, record.timestamp(), outcomes[i], tags[i]);
            }
            i++;
        }
        part.attempts = attempts;
        return part;
    }
}
