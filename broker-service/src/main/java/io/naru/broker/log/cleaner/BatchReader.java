package io.naru.broker.log.cleaner;

import io.naru.broker.log.batch.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole batches of a sealed segment, some at a time, and checks each against its CRC and its neighbours: a batch that
 * is packed anew gets a new CRC, and damage must not be sealed in with it. Holds one chunk, or one batch when that is larger. Not thread-safe.
 */
public final class BatchReader {

    private static final int CHUNK = 1 << 20;

    private final Source source;
    private final String name;
    private final long end;
    private ByteBuffer chunk;
    private long at;
    private long nextOffset;
    private final long endOffset;

    /** Bytes of a segment. */
    public interface Source {

        /** Fills {@code target} with the bytes from {@code position} on. */
        void read(ByteBuffer target, long position) throws IOException;
    }

    /**
     * @param name       what to call the source in complaints
     * @param size       bytes of the source
     * @param baseOffset first offset that the source may have
     * @param endOffset  first offset that it may not
     */
    public BatchReader(Source source, String name, long size, long baseOffset, long endOffset) {
        this.nextOffset = baseOffset;
        this.endOffset = endOffset;
        this.source = source;
        this.name = name;
        this.end = size;
        this.chunk = ByteBuffer.allocate((int) Math.min(CHUNK, size));
    }

    /**
     * The next whole batches, from position to limit, valid until the next call; null at the end.
     *
     * @throws CorruptRecordException naming the position where no whole, undamaged batch begins
     */
    public @Nullable ByteBuffer next() throws IOException {
        if (at >= end) {
            return null;
        }
        fill();
        int whole = wholeBatches();
        if (whole == 0) {
            long size = chunk.limit() < BatchHeader.SIZE ? 0 : BatchHeader.sizeInBytes(chunk, 0);
            if (size < BatchHeader.SIZE || size > end - at) {
                throw damaged(at, "no batch");
            }
            chunk = ByteBuffer.allocate((int) size);
            fill();
            whole = wholeBatches();
        }
        at += whole;
        return chunk.limit(whole);
    }

    private void fill() throws IOException {
        chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
        source.read(chunk, at);
        chunk.flip();
    }

    private int wholeBatches() {
        int whole = 0;
        while (chunk.limit() - whole >= BatchHeader.SIZE) {
            long size = BatchHeader.sizeInBytes(chunk, whole);
            if (size < BatchHeader.SIZE || BatchHeader.magic(chunk, whole) != RecordBatch.MAGIC_VALUE_V2) {
                throw damaged(at + whole, "no batch");
            }
            if (size > chunk.limit() - whole) {
                break;
            }
            if (BatchHeader.storedCrc(chunk, whole) != BatchHeader.computeCrc(chunk, whole, (int) size)) {
                throw damaged(at + whole, "CRC");
            }
            if (BatchHeader.baseOffset(chunk, whole) < nextOffset
                    || BatchHeader.lastOffset(chunk, whole) < BatchHeader.baseOffset(chunk, whole)
                    || BatchHeader.lastOffset(chunk, whole) >= endOffset) {
                throw damaged(at + whole, "offset " + BatchHeader.baseOffset(chunk, whole));
            }
            nextOffset = BatchHeader.lastOffset(chunk, whole) + 1;
            whole += (int) size;
        }
        return whole;
    }

    private CorruptRecordException damaged(long position, String what) {
        return new CorruptRecordException(name + " is damaged at position " + position + ": " + what);
    }
}
