package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Bytes after the last batch that counts. What an interrupted append or a power cut leaves, the beginning of the batch that would
 * have followed, or zeros, is dropped; anything else may hold records and is kept aside in
 * {@code <base>.log.<position>.corrupt} before the log is cut.
 */
final class TailDamage {

    private static final int CHUNK = 256 << 10;

    private TailDamage() {}

    /** Whether the bytes from {@code position} to {@code end} are no more than a torn append of offset {@code nextOffset}. */
    static boolean isTornAppend(FileChannel channel, int position, long end, long nextOffset, int batchBytesMax)
            throws IOException {
        if (isZero(channel, position, end)) {
            return true;
        }
        if (end - position > batchBytesMax) {
            return false;
        }
        ByteBuffer header = ByteBuffer.allocate((int) Math.min(BatchHeader.SIZE, end - position));
        FileBytes.readFully(channel, header, position);
        if (header.limit() < Long.BYTES) {
            return true;
        }
        if (header.getLong(0) != nextOffset) {
            return false;
        }
        if (header.limit() < BatchHeader.SIZE) {
            return true;
        }
        long size = BatchHeader.sizeInBytes(header, 0);
        boolean longer = size > end - position || isZero(channel, (int) (end - 1), end);
        return BatchHeader.magic(header, 0) == RecordBatch.MAGIC_VALUE_V2 && longer;
    }

    /** Copies the bytes aside, synced, and returns the file that holds them. */
    static Path keepAside(Disk disk, FileChannel channel, Path file, int position, long end) throws IOException {
        Path kept = file.resolveSibling(file.getFileName() + "." + position + LogFiles.CORRUPT);
        try (FileChannel out = disk.open(
                kept, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            for (long at = position; at < end; at += chunk.limit()) {
                chunk.clear().limit((int) Math.min(CHUNK, end - at));
                FileBytes.readFully(channel, chunk, at);
                FileBytes.writeFully(out, chunk.flip(), at - position);
            }
            out.force(true);
        }
        return kept;
    }

    private static boolean isZero(FileChannel channel, int position, long end) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, end - position));
        for (long at = position; at < end; at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(CHUNK, end - at));
            FileBytes.readFully(channel, chunk, at);
            for (int i = 0; i < chunk.limit(); i++) {
                if (chunk.get(i) != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
