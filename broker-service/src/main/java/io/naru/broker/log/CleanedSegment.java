package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;

/**
 * A segment on its way into the log: {@code <base>.log.cleaned} while it is written, {@code <base>.log.swap} once it stands for the
 * segments it replaces, {@code <base>.log} when those are out of the way. Its indexes are held in memory until then. Used by one
 * thread.
 */
final class CleanedSegment {

    private final Disk disk;
    private final Path directory;
    private final long baseOffset;
    private final int indexIntervalBytes;
    private SegmentIndexes indexes;
    private final FileChannel channel;
    private long size;

    private CleanedSegment(Disk disk, Path directory, long baseOffset, int indexIntervalBytes, FileChannel channel) {
        this.disk = disk;
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.indexIntervalBytes = indexIntervalBytes;
        this.indexes = SegmentIndexes.empty(baseOffset);
        this.channel = channel;
    }

    static CleanedSegment create(Disk disk, Path directory, long baseOffset, int indexIntervalBytes)
            throws IOException {
        Path file = LogFiles.file(directory, baseOffset, LogFiles.LOG + LogFiles.CLEANED);
        FileChannel channel = disk.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        return new CleanedSegment(disk, directory, baseOffset, indexIntervalBytes, channel);
    }

    /** Writes whole batches, from position to limit. */
    void append(ByteBuffer batches) throws IOException {
        int at = batches.position();
        while (at < batches.limit()) {
            int bytes = (int) BatchHeader.sizeInBytes(batches, at);
            indexes.note(
                    (int) size + at - batches.position(),
                    bytes,
                    BatchHeader.lastOffset(batches, at),
                    BatchHeader.maxTimestamp(batches, at),
                    indexIntervalBytes);
            at += bytes;
        }
        write(batches);
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (size + bytes.remaining() > Integer.MAX_VALUE) {
            throw new IOException("segment " + baseOffset + " would have more than 2 GiB");
        }
        int written = bytes.remaining();
        FileBytes.writeFully(channel, bytes, size);
        size += written;
    }

    /** Copies bytes as they are; to be followed by {@link #indexAnew}. */
    void copy(LogSegment source, int from, int to) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(SegmentScanner.SWEEP_CHUNK, to - from));
        for (int at = from; at < to; at += chunk.limit()) {
            chunk.clear().limit(Math.min(chunk.capacity(), to - at));
            source.read(chunk, at);
            write(chunk.flip());
        }
    }

    /** Makes the indexes again, from the batches up to the first that is none. */
    void indexAnew() throws IOException {
        indexes = SegmentIndexes.build(() -> channel, baseOffset, (int) size, indexIntervalBytes);
    }

    /** fsync, so that it may stand for others; keeps the time of the newest of these. */
    void finish(FileTime lastModified) throws IOException {
        SegmentWriter.sync(channel);
        channel.close();
        indexes.seal();
        Files.setLastModifiedTime(file(LogFiles.CLEANED), lastModified);
    }

    /** Gives up. */
    void discard() throws IOException {
        channel.close();
        disk.delete(file(LogFiles.CLEANED));
    }

    /** From here on a crash is recovered forward: the next start puts this segment into the place of those it overlaps. */
    void commit() throws IOException {
        disk.move(file(LogFiles.CLEANED), file(LogFiles.SWAP));
        disk.syncDirectory(directory);
    }

    /** Takes its place, durably, when the segments that it replaces are durably out of the way. */
    LogSegment takePlace() throws IOException {
        disk.move(file(LogFiles.SWAP), file(""));
        disk.syncDirectory(directory);
        LogSegment segment = LogSegment.existing(disk, directory, baseOffset, (int) size, indexIntervalBytes);
        segment.sealed(true);
        segment.adopt(indexes, (int) size);
        return segment;
    }

    long size() {
        return size;
    }

    private Path file(String suffix) {
        return LogFiles.file(directory, baseOffset, LogFiles.LOG + suffix);
    }
}
