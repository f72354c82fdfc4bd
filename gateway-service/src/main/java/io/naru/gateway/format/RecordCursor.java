package io.naru.gateway.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.zip.CRC32C;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the records of fetched batches without an object per record: key, value and headers are ranges of arrays, valid until the
 * next step. Checks each batch's CRC. A compressed batch is unpacked through a window no larger than its largest record, so that a small
 * batch that unpacks to a huge one holds no more memory than a record. Control batches are passed over.
 *
 * <p>Header layout, from the batch's first byte: base offset 0, length 8, magic 16, CRC 17, attributes 21, last offset delta 23, base
 * timestamp 27, max timestamp 35, producer 43, count 57, records 61.
 */
public final class RecordCursor {

    private static final int ATTRIBUTES = 21;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int COUNT = 57;
    private static final int COMPRESSION_MASK = 7;
    private static final int LOG_APPEND_TIME = 8;
    private static final int TRANSACTIONAL = 16;
    private static final int RECORD_BYTES_MAX = 128 * 1024 * 1024;
    private static final int WINDOW_BYTES = 64 * 1024;

    private final byte[] source;
    private final Iterator<MutableRecordBatch> batches;
    private final int start;
    private final long fromOffset;
    private final AbortedTransactions aborted;
    private int batchPosition;
    private byte[] window;
    private int position;
    private int limit;
    private @Nullable InputStream unpacking;
    private @Nullable Iterator<Record> legacy;
    private int recordsLeft;
    private long baseOffset;
    private long baseTimestamp;
    private long appendTime;
    private long nextOffset;
    /** Behind the batch that the cursor is in. */
    private long behind;

    private long offset;
    private long timestamp;
    private byte[] keyArray = new byte[0];
    private int keyOffset;
    private int keyLength;
    private byte[] valueArray = new byte[0];
    private int valueOffset;
    private int valueLength;
    private byte[] headerArray = new byte[0];
    private int headerOffset;
    private int headerCount;
    private int headersLength;

    /**
     * A cursor before the first record.
     *
     * @param records    whole batches, the last one perhaps cut short; their buffer has an array
     * @param fromOffset records below are passed over: a fetch returns whole batches
     * @param aborted    transactions whose records are passed over
     */
    public RecordCursor(MemoryRecords records, long fromOffset, AbortedTransactions aborted) {
        ByteBuffer buffer = records.buffer();
        this.source = buffer.array();
        this.start = buffer.arrayOffset() + buffer.position();
        this.batches = records.batchIterator();
        this.fromOffset = fromOffset;
        this.aborted = aborted;
        this.nextOffset = fromOffset;
        this.window = source;
    }

    /** Moves to the next record; false after the last. */
    public boolean next() {
        while (true) {
            if (legacy != null && legacyNext()) {
                return true;
            }
            while (recordsLeft > 0) {
                recordsLeft--;
                record();
                if (offset >= fromOffset) {
                    nextOffset = offset + 1;
                    return true;
                }
            }
            if (!nextBatch()) {
                return false;
            }
        }
    }

    /** The offset to fetch from once all records up to this one are dealt with; after the last, behind all batches. */
    public long nextOffset() {
        return nextOffset;
    }

    private boolean nextBatch() {
        legacy = null;
        unpacking = null;
        if (!batches.hasNext()) {
            nextOffset = Math.max(nextOffset, behind);
            return false;
        }
        MutableRecordBatch batch = batches.next();
        int at = start + batchPosition;
        int size = batch.sizeInBytes();
        batchPosition += size;
        // Compaction may have taken the records at a batch's end; the next batch begins after it all the same.
        nextOffset = Math.max(nextOffset, behind);
        behind = batch.nextOffset();
        if (behind <= fromOffset) {
            return true;
        }
        if (batch.magic() < RecordBatch.MAGIC_VALUE_V2) {
            batch.ensureValid();
            legacy = batch.iterator();
        } else {
            begin((DefaultRecordBatch) batch, at, size);
        }
        return true;
    }

    private void begin(DefaultRecordBatch batch, int at, int size) {
        CRC32C crc = new CRC32C();
        crc.update(source, at + ATTRIBUTES, size - ATTRIBUTES);
        if (crc.getValue() != batch.checksum()) {
            throw new CorruptRecordException("the batch at offset " + batch.baseOffset() + " fails its checksum");
        }
        int attributes = source[at + ATTRIBUTES + 1];
        baseOffset = batch.baseOffset();
        baseTimestamp = batch.baseTimestamp();
        appendTime = (attributes & LOG_APPEND_TIME) == 0 ? -1 : longAt(at + MAX_TIMESTAMP);
        recordsLeft = intAt(at + COUNT);
        if (batch.isControlBatch()) {
            aborted.marker(batch);
            recordsLeft = 0;
        } else if ((attributes & TRANSACTIONAL) != 0 && aborted.covers(longAt(at + PRODUCER_ID), batch.lastOffset())) {
            recordsLeft = 0;
        }
        if ((attributes & COMPRESSION_MASK) == 0) {
            window = source;
            position = at + DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
            limit = at + size;
        } else if (recordsLeft > 0) {
            unpacking = batch.recordInputStream(BufferSupplier.NO_CACHING);
            window = new byte[WINDOW_BYTES];
            position = 0;
            limit = 0;
        }
    }

    private int intAt(int at) {
        return ByteBuffer.wrap(source).getInt(at);
    }

    private long longAt(int at) {
        return ByteBuffer.wrap(source).getLong(at);
    }

    private void record() {
        int length = varint();
        if (length < 0 || length > RECORD_BYTES_MAX) {
            throw corrupt();
        }
        need(length);
        int end = position + length;
        position++;
        timestamp = baseTimestamp + varlong();
        if (appendTime >= 0) {
            timestamp = appendTime;
        }
        offset = baseOffset + varint();
        keyArray = window;
        keyLength = varint();
        keyOffset = position;
        skip(keyLength, end);
        valueArray = window;
        valueLength = varint();
        valueOffset = position;
        skip(valueLength, end);
        headerCount = varint();
        headerArray = window;
        headerOffset = position;
        headersLength = end - position;
        if (headerCount < 0 || headerCount > headersLength || headersLength < 0) {
            throw corrupt();
        }
        position = end;
    }

    private void skip(int length, int end) {
        if (length > 0) {
            if (length > end - position) {
                throw corrupt();
            }
            position += length;
        }
    }

    private static CorruptRecordException corrupt() {
        return new CorruptRecordException("a record does not fit its batch");
    }

    /** Makes sure that so many bytes are in the window from the position on. */
    private void need(int bytes) {
        InputStream from = unpacking;
        if (limit - position >= bytes) {
            return;
        }
        if (from == null) {
            throw corrupt();
        }
        // A fresh window: whoever still looks at the last record keeps the old one.
        byte[] larger = new byte[Math.max(WINDOW_BYTES, bytes)];
        int kept = limit - position;
        System.arraycopy(window, position, larger, 0, kept);
        window = larger;
        position = 0;
        limit = kept;
        fill(from, bytes);
    }

    private void fill(InputStream from, int bytes) {
        try {
            while (limit < bytes) {
                int read = from.read(window, limit, window.length - limit);
                if (read < 0) {
                    throw corrupt();
                }
                limit += read;
            }
        } catch (IOException e) {
            throw new CorruptRecordException("a batch cannot be unpacked", e);
        }
    }

    private int varint() {
        long value = varlong();
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw corrupt();
        }
        return (int) value;
    }

    private long varlong() {
        long raw = 0;
        int shift = 0;
        while (true) {
            if (position == limit) {
                need(1);
            }
            byte b = window[position++];
            raw |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
            shift += 7;
            if (shift > 63) {
                throw corrupt();
            }
        }
    }

    /** Records of the formats before v2, which only old segments of Apache Kafka have: copied one by one. */
    private boolean legacyNext() {
        Iterator<Record> records = legacy;
        while (records != null && records.hasNext()) {
            Record record = records.next();
            if (record.offset() < fromOffset) {
                continue;
            }
            offset = record.offset();
            nextOffset = offset + 1;
            timestamp = record.timestamp();
            byte[] key = Utils.toNullableArray(record.key());
            byte[] value = Utils.toNullableArray(record.value());
            keyLength = key == null ? -1 : key.length;
            keyArray = key == null ? new byte[0] : key;
            keyOffset = 0;
            valueLength = value == null ? -1 : value.length;
            valueArray = value == null ? new byte[0] : value;
            valueOffset = 0;
            Header[] none = record.headers();
            headerCount = none.length;
            headersLength = 0;
            return true;
        }
        legacy = null;
        return false;
    }

    /** The record's offset. */
    public long offset() {
        return offset;
    }

    /** Milliseconds since 1970. */
    public long timestamp() {
        return timestamp;
    }

    /** Where the key is. */
    public byte[] keyArray() {
        return keyArray;
    }

    /** Where the key begins. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Length of the key, −1 for none. */
    public int keyLength() {
        return keyLength;
    }

    /** Where the value is. */
    public byte[] valueArray() {
        return valueArray;
    }

    /** Where the value begins. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Length of the value, −1 for a tombstone. */
    public int valueLength() {
        return valueLength;
    }

    /** A copy of the value; null for a tombstone. */
    public byte @Nullable [] valueCopy() {
        return valueLength < 0 ? null : Arrays.copyOfRange(valueArray, valueOffset, valueOffset + valueLength);
    }

    /** A copy of the key; null when there is none. */
    public byte @Nullable [] keyCopy() {
        return keyLength < 0 ? null : Arrays.copyOfRange(keyArray, keyOffset, keyOffset + keyLength);
    }

    /** Bytes of key, value and headers. */
    public int payloadSize() {
        return Math.max(0, keyLength) + Math.max(0, valueLength) + headersLength;
    }

    /** Number of headers. */
    public int headerCount() {
        return headerCount;
    }

    public byte[] headerArray() {
        return headerArray;
    }

    /** Offset and length of each header's name and value; length −1 is a null value. */
    public void headers(int[] names, int[] values) {
        int savedPosition = position;
        int savedLimit = limit;
        byte[] savedWindow = window;
        window = headerArray;
        position = headerOffset;
        limit = headerOffset + headersLength;
        for (int i = 0; i < headerCount; i++) {
            names[2 * i + 1] = varint();
            names[2 * i] = position;
            if (names[2 * i + 1] < 0) {
                throw corrupt();
            }
            skip(names[2 * i + 1], limit);
            values[2 * i + 1] = varint();
            values[2 * i] = position;
            skip(values[2 * i + 1], limit);
        }
        window = savedWindow;
        position = savedPosition;
        limit = savedLimit;
    }
}
