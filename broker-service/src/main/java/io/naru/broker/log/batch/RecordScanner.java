package io.naru.broker.log.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one batch, checking every length, and keeps only what the batch header must agree with. Makes no object per
 * record; compressed records stream through a small buffer and are never held whole. Used by one thread, for one batch.
 *
 * <pre>
 *  record: length varint | attributes int8 | timestampDelta varlong | offsetDelta varint
 *          | keyLength varint (-1 null) | key | valueLength varint (-1 null) | value
 *          | headerCount varint | { keyLength varint | key | valueLength varint (-1 null) | value }*
 * </pre>
 */
final class RecordScanner {

    private static final int CHUNK_BYTES = 8192;

    private final @Nullable InputStream stream;
    private final @Nullable ByteBuffer rest;
    private final long maxBytes;
    private byte[] chunk;
    private int at;
    private int limit;
    /** Bytes that were in chunks before the present one. */
    private long passed;

    private long minTimestamp = Long.MAX_VALUE;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;

    private RecordScanner(@Nullable InputStream stream, @Nullable ByteBuffer rest, byte[] chunk, long maxBytes) {
        this.stream = stream;
        this.rest = rest;
        this.chunk = chunk;
        this.maxBytes = maxBytes;
    }

    /** Over records that are not compressed: what remains in {@code records}, whose position does not move. */
    static RecordScanner over(ByteBuffer records) {
        if (records.hasArray()) {
            RecordScanner scanner = new RecordScanner(null, null, records.array(), Long.MAX_VALUE);
            scanner.at = records.arrayOffset() + records.position();
            scanner.limit = records.arrayOffset() + records.limit();
            scanner.passed = -scanner.at;
            return scanner;
        }
        byte[] chunk = new byte[Math.min(CHUNK_BYTES, records.remaining())];
        return new RecordScanner(null, records.duplicate(), chunk, Long.MAX_VALUE);
    }

    /** Over compressed records; stops with {@link RecordTooLargeException} past {@code maxBytes} unpacked bytes. */
    static RecordScanner over(InputStream records, long maxBytes) {
        return new RecordScanner(records, null, new byte[CHUNK_BYTES], maxBytes);
    }

    /** Smallest timestamp seen, or {@code Long.MAX_VALUE} when no record has one. */
    long minTimestamp() {
        return minTimestamp;
    }

    /** Largest timestamp seen, or -1 when no record has one. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** Checks exactly {@code count} records with offset deltas 0, 1, 2 … and nothing after them. */
    void scan(int count, long baseTimestamp, boolean keysRequired) throws IOException {
        for (int index = 0; index < count; index++) {
            scanRecord(index, baseTimestamp, keysRequired);
        }
        if (at < limit || refill()) {
            throw new InvalidRecordException("bytes after the last of " + count + " records");
        }
    }

    private void scanRecord(int index, long baseTimestamp, boolean keysRequired) throws IOException {
        int length = varint();
        long end = consumed() + length;
        if (length < 0 || end > maxBytes) {
            throw length < 0
                    ? new InvalidRecordException("record " + index + " has length " + length)
                    : new RecordTooLargeException("records unpack to more than " + maxBytes + " bytes");
        }
        next(); // attributes: unused in this format
        long timestamp = baseTimestamp + varlong();
        int offsetDelta = varint();
        if (offsetDelta != index) {
            throw new InvalidRecordException("record " + index + " has offset delta " + offsetDelta);
        }
        int keyLength = varint();
        if (keyLength < 0 && keysRequired) {
            throw new InvalidRecordException("record " + index + " has no key, which a compacted topic needs");
        }
        skipBytes(keyLength, -1, end, index);
        skipBytes(varint(), -1, end, index);
        int headers = varint();
        if (headers < 0) {
            throw new InvalidRecordException("record " + index + " has " + headers + " headers");
        }
        // A header takes two bytes at least, so a false count runs into the end of its record and is found there.
        for (int header = 0; header < headers; header++) {
            skipBytes(varint(), 0, end, index);
            skipBytes(varint(), -1, end, index);
        }
        if (consumed() != end) {
            throw new InvalidRecordException("record " + index + " does not fill its length " + length);
        }
        if (timestamp != RecordBatch.NO_TIMESTAMP) {
            minTimestamp = Math.min(minTimestamp, timestamp);
            maxTimestamp = Math.max(maxTimestamp, timestamp);
        }
    }

    private void skipBytes(int length, int least, long end, int index) throws IOException {
        if (length < least || consumed() + length > end) {
            throw new InvalidRecordException("record " + index + " has a field of length " + length + " with "
                    + (end - consumed()) + " bytes left");
        }
        int left = Math.max(length, 0);
        while (left > limit - at) {
            left -= limit - at;
            at = limit;
            if (!refill()) {
                throw truncated();
            }
        }
        at += left;
    }

    private long consumed() {
        return passed + at;
    }

    private byte next() throws IOException {
        if (at == limit && !refill()) {
            throw truncated();
        }
        return chunk[at++];
    }

    private int varint() throws IOException {
        byte first = next();
        if (first >= 0) {
            return (first >>> 1) ^ -(first & 1);
        }
        int raw = first & 0x7f;
        for (int shift = 7; shift < 35; shift += 7) {
            byte b = next();
            raw |= (b & 0x7f) << shift;
            if (b >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new InvalidRecordException("a varint of more than 5 bytes");
    }

    private long varlong() throws IOException {
        long raw = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = next();
            raw |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new InvalidRecordException("a varlong of more than 10 bytes");
    }

    /** Brings the next bytes in; false at the end. */
    private boolean refill() throws IOException {
        int read;
        if (stream != null) {
            read = stream.read(chunk, 0, chunk.length);
        } else if (rest != null && rest.hasRemaining()) {
            read = Math.min(chunk.length, rest.remaining());
            rest.get(chunk, 0, read);
        } else {
            return false;
        }
        if (read <= 0) {
            return false;
        }
        passed += at;
        at = 0;
        limit = read;
        if (passed + limit > maxBytes) {
            throw new RecordTooLargeException("records unpack to more than " + maxBytes + " bytes");
        }
        return true;
    }

    private static InvalidRecordException truncated() {
        return new InvalidRecordException("the batch ends inside a record");
    }
}
