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

    /** Most that is read at once of a body whose CRC is asked for. */
    private static final int BODY_CHUNK = 64 << 10;

    private final Source source;
    private final long end;
    private final int chunkBytes;
    private ByteBuffer chunk;
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
        this.chunkBytes = (int) Math.min(chunkBytes, Math.max(end - start, BatchHeader.SIZE));
        this.chunk = allocate(this.chunkBytes).limit(0);
    }

    /** Moves to the next batch; false at the end and where no whole batch follows, {@link #position()} then says where that is. */
    boolean next() throws IOException {
        long at = position + size;
        // What comes with the header of a large batch is only its body.
        int ahead = size > chunkBytes ? BatchHeader.SIZE : chunkBytes;
        position = at;
        size = 0;
        if (end - at < BatchHeader.SIZE) {
            return false;
        }
        if (at < chunkStart || at + BatchHeader.SIZE > chunkStart + chunk.limit()) {
            read(at, ahead);
        }
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
                read(at, Math.max(chunkBytes, Math.min(BODY_CHUNK, last - at)));
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

    /** Fills the chunk with the bytes at {@code at}, or with all that are left. */
    private void read(long at, long bytes) throws IOException {
        int wanted = (int) Math.min(bytes, end - at);
        if (wanted > chunk.capacity()) {
            chunk = allocate(wanted);
        }
        chunk.clear().limit(wanted);
        FileBytes.readFully(source.channel(), chunk, at);
        chunk.flip();
        chunkStart = at;
    }

    private static ByteBuffer allocate(int bytes) {
        return bytes == SWEEP_CHUNK ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }
}
