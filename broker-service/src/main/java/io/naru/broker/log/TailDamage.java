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

    /** Tails above this are kept aside without looking for batches in them. */
    private static final int SEARCHED_BYTES_MAX = 16 << 20;

    private TailDamage() {}

    /**
     * Whether the bytes from {@code position} to {@code end} are no more than the beginning of a batch at {@code nextOffset}, or
     * zeros. They are not when a whole batch follows somewhere: then a length was damaged, and records would go with it.
     */
    static boolean isTornAppend(FileChannel channel, int position, long end, long nextOffset, int batchBytesMax)
            throws IOException {
        if (isZero(channel, position, end)) {
            return true;
        }
        if (end - position > Math.min(batchBytesMax, SEARCHED_BYTES_MAX)) {
            return false;
        }
        ByteBuffer tail = ByteBuffer.allocate((int) (end - position));
        FileBytes.readFully(channel, tail, position);
        if (tail.limit() < Long.BYTES) {
            return true;
        }
        boolean begins = tail.getLong(0) == nextOffset
                && (tail.limit() < BatchHeader.SIZE
                        || (BatchHeader.magic(tail, 0) == RecordBatch.MAGIC_VALUE_V2
                                && BatchHeader.sizeInBytes(tail, 0) > tail.limit()));
        return begins && !holdsBatch(tail, nextOffset);
    }

    private static boolean holdsBatch(ByteBuffer tail, long nextOffset) {
        for (int at = 1; at <= tail.limit() - BatchHeader.SIZE; at++) {
            long size = BatchHeader.sizeInBytes(tail, at);
            if (BatchHeader.magic(tail, at) == RecordBatch.MAGIC_VALUE_V2
                    && size >= BatchHeader.SIZE
                    && size <= tail.limit() - at
                    && BatchHeader.baseOffset(tail, at) > nextOffset
                    && BatchHeader.storedCrc(tail, at) == BatchHeader.computeCrc(tail, at, (int) size)) {
                return true;
            }
        }
        return false;
    }

    /** Copies the bytes aside, synced, and returns the file that holds them. */
    static Path keepAside(Disk disk, FileChannel channel, Path file, int position, long end) throws IOException {
        Path kept = keptFile(file, position);
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

    /** Where bytes from {@code position} on of a segment file are kept. */
    static Path keptFile(Path file, int position) {
        return file.resolveSibling(file.getFileName() + "." + position + LogFiles.CORRUPT);
    }

    /** Whether all bytes from {@code position} to {@code end} are zero. */
    static boolean isZero(FileChannel channel, long position, long end) throws IOException {
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
