package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Walks the batch headers of a segment file, reading the file in chunks and batch bodies only when asked for their CRC. Stops at
 * the end, or at the first bytes that cannot be a batch. One scanner serves one thread.
 */
final class SegmentScanner {

    /** Chunk for finding one offset: a header costs one read, neighbours of small batches come with it. */
    static final int LOOKUP_CHUNK = 4 << 10;

    /** Chunk for reading everything. */
    static final int SWEEP_CHUNK = 256 << 10;

    private final Source source;
    private final long end;
    private final ByteBuffer chunk;
    private final ByteBuffer header = ByteBuffer.allocate(BatchHeader.SIZE);
    private long chunkStart;
    private long position;
    private int size;

    /** Where the file comes from: asked before each read, for it may be closed between two of them. */
    interface Source {
        FileChannel channel() throws IOException;
    }

    /** Scans from {@code start}, a batch boundary, up to {@code end}, which may cut the last batch short. */
    SegmentScanner(Source source, long start, long end, int chunkBytes) {
        this.source = source;
        this.end = end;
        this.position = start;
        this.chunkStart = start;
        int bytes = (int) Math.min(chunkBytes, Math.max(end - start, BatchHeader.SIZE));
        this.chunk = (bytes == SWEEP_CHUNK ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes)).limit(0);
    }

    /** Moves to the next batch; false at the end and where no whole batch follows, {@link #position()} then says where that is. */
    boolean next() throws IOException {
        long at = position + size;
        position = at;
        size = 0;
        if (end - at < BatchHeader.SIZE) {
            return false;
        }
        fill(at);
        chunk.get((int) (at - chunkStart), header.array());
        long claimed = BatchHeader.sizeInBytes(header, 0);
        if (claimed < BatchHeader.SIZE
                || claimed > end - at
                || BatchHeader.magic(header, 0) != RecordBatch.MAGIC_VALUE_V2
                || BatchHeader.lastOffsetDelta(header, 0) < 0) {
            return false;
        }
        size = (int) claimed;
        return true;
    }

    /** Reads the present batch to its end and compares its CRC. */
    boolean crcMatches() throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(header.array(), BatchHeader.CRC_COVERS_FROM, BatchHeader.SIZE - BatchHeader.CRC_COVERS_FROM);
        long at = position + BatchHeader.SIZE;
        long last = position + size;
        while (at < last) {
            if (at >= chunkStart + chunk.limit()) {
                fill(at);
            }
            int from = (int) (at - chunkStart);
            int length = (int) Math.min(chunk.limit() - from, last - at);
            crc.update(chunk.slice(from, length));
            at += length;
        }
        return crc.getValue() == BatchHeader.storedCrc(header, 0);
    }

    /** Position of the present batch in the file, or of the end of the scan. */
    int position() {
        return (int) position;
    }

    /** Bytes of the present batch. */
    int size() {
        return size;
    }

    /** Header of the present batch, at position 0 for {@link BatchHeader}; valid until the next move. */
    ByteBuffer header() {
        return header;
    }

    long baseOffset() {
        return BatchHeader.baseOffset(header, 0);
    }

    long lastOffset() {
        return BatchHeader.lastOffset(header, 0);
    }

    long maxTimestamp() {
        return BatchHeader.maxTimestamp(header, 0);
    }

    /** Makes sure that a header's worth of bytes at {@code at}, or all that are left, are in the chunk. */
    private void fill(long at) throws IOException {
        long needed = Math.min(BatchHeader.SIZE, end - at);
        if (at >= chunkStart && at + needed <= chunkStart + chunk.limit()) {
            return;
        }
        chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
        FileBytes.readFully(source.channel(), chunk, at);
        chunk.flip();
        chunkStart = at;
    }
}
