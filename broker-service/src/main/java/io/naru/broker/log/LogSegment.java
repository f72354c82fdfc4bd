package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code .log} file and its indexes. Everything that changes it happens under the log's lock; reading needs no lock and sees
 * at most {@link #size()} bytes, all of them whole batches.
 *
 * <p>The file is opened when it is used, see {@link SegmentFile}. Only the active segment holds its indexes in memory for writing; those of sealed segments
 * are loaded when first needed, and built again from the log when they are missing, damaged or wrong.
 */
final class LogSegment {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogSegment.class);

    private final Disk disk;
    private final Path directory;
    private final long baseOffset;
    private final int indexIntervalBytes;

    private final SegmentFile file;
    private volatile @Nullable SegmentIndexes indexes;
    private volatile int size;
    private volatile int syncedSize;
    private volatile boolean sealed;
    private volatile boolean indexesSuspect;
    /** Whether the file is longer than {@link #size}, with zeros to be cut off when the segment is complete. */
    private volatile boolean untrimmed;
    /** When the segment got its first batch, for rolling by age; -1 while it is empty. */
    private long firstAppendMs = -1;

    private LogSegment(Disk disk, Path directory, long baseOffset, int size, int indexIntervalBytes) {
        this.disk = disk;
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.size = size;
        this.indexIntervalBytes = indexIntervalBytes;
        this.file = new SegmentFile(disk, LogFiles.file(directory, baseOffset, LogFiles.LOG));
    }

    /**
     * Makes a new, empty segment; its name is durable after the next sync of the directory. With {@code preallocate} the file has its
     * full length at once.
     */
    static LogSegment create(Disk disk, Path directory, long baseOffset, LogConfig config) throws IOException {
        LogSegment segment = new LogSegment(disk, directory, baseOffset, 0, config.indexIntervalBytes());
        FileChannel created = segment.file.create();
        segment.indexes = SegmentIndexes.empty(baseOffset);
        if (config.preallocatedBytes() > 0) {
            segment.preallocate(created, config.preallocatedBytes());
        }
        return segment;
    }

    private void preallocate(FileChannel created, int bytes) throws IOException {
        try {
            SegmentWriter.preallocate(created, bytes);
            untrimmed = true;
        } catch (IOException e) {
            close();
            disk.delete(file()); // else the next attempt finds the name taken
            throw e;
        }
    }

    /** A segment that is there already; nothing is opened yet. */
    static LogSegment existing(Disk disk, Path directory, long baseOffset, int size, int indexIntervalBytes) {
        return new LogSegment(disk, directory, baseOffset, size, indexIntervalBytes);
    }

    /** Appends whole, stamped batches in one write. */
    void append(ByteBuffer batches, long nowMs) throws IOException {
        int position = size;
        int bytes = batches.remaining();
        SegmentIndexes writable = indexes();
        SegmentWriter.append(file.channel(), batches.duplicate(), position);
        for (int at = batches.position(); at < batches.limit(); ) {
            int batchSize = (int) BatchHeader.sizeInBytes(batches, at);
            long lastOffset = BatchHeader.lastOffset(batches, at);
            long maxTimestamp = BatchHeader.maxTimestamp(batches, at);
            writable.note(position + at - batches.position(), batchSize, lastOffset, maxTimestamp, indexIntervalBytes);
            at += batchSize;
        }
        if (firstAppendMs < 0) {
            firstAppendMs = nowMs;
        }
        size = position + bytes;
    }

    /** The first batch whose last offset is at or above {@code offset}; null when the segment has none. */
    @Nullable
    BatchPosition find(long offset) throws IOException {
        return find(offset, false);
    }

    /**
     * The same for a reader, who must not be led past records that are damaged.
     *
     * @throws DamagedBatchException on the way to the batch offsets do not rise, or there is no batch where one must be
     */
    @Nullable
    BatchPosition findWhole(long offset) throws IOException {
        return find(offset, true);
    }

    private @Nullable BatchPosition find(long offset, boolean strict) throws IOException {
        int end = size;
        OffsetPosition from = indexes().lookup(offset);
        SegmentScanner batches = new SegmentScanner(file, from.position(), end, SegmentScanner.LOOKUP_CHUNK);
        if (from.position() > 0 && (!batches.next() || batches.lastOffset() != from.offset())) {
            if (from.position() >= size) {
                return null; // truncated under our feet
            }
            distrustIndexes();
            batches = new SegmentScanner(file, 0, end, SegmentScanner.LOOKUP_CHUNK);
            batches.next();
        } else if (from.position() == 0) {
            batches.next();
        }
        long expected = batches.position() == 0 ? baseOffset : Math.min(batches.baseOffset(), offset);
        while (batches.size() > 0) {
            if (strict && batches.baseOffset() < expected) {
                throw damaged(batches.position(), expected, batches.size(), "offset " + batches.baseOffset());
            }
            if (batches.lastOffset() >= offset) {
                return new BatchPosition(
                        batches.baseOffset(),
                        batches.lastOffset(),
                        batches.position(),
                        batches.size(),
                        batches.maxTimestamp(),
                        expected);
            }
            expected = batches.lastOffset() + 1;
            batches.next();
        }
        if (strict && batches.position() < Math.min(end, size)) {
            throw damaged(batches.position(), expected, end - batches.position(), "no batch");
        }
        return null;
    }

    private DamagedBatchException damaged(int position, long offset, int bytes, String what) {
        return new DamagedBatchException(new LogDamage(file(), position, offset, bytes, what));
    }

    /** Offset from which on to look for records that are not older than {@code timestamp}. */
    long startForTimestamp(long timestamp) throws IOException {
        TimestampAndOffset entry = indexes().lookupTimestampBelow(timestamp);
        if (entry.timestamp() < 0) {
            return baseOffset;
        }
        BatchPosition batch = find(entry.offset());
        if (batch != null && batch.lastOffset() == entry.offset() && batch.maxTimestamp() == entry.timestamp()) {
            return entry.offset();
        }
        distrustIndexes();
        return baseOffset;
    }

    private void distrustIndexes() throws IOException {
        if (sealed) {
            rebuildIndexes("an index entry names no batch");
        } else {
            indexesSuspect = true; // an append may be under way; the holder of the lock builds them again
        }
    }

    /** Headers from the batch at {@code position} on, up to the present end. */
    SegmentScanner scan(int position, int chunkBytes) throws IOException {
        return new SegmentScanner(file, position, size, chunkBytes);
    }

    /** Whether there are index files, which are written after the file was trimmed, and a batch ends where the file does. */
    boolean isTrimmed() {
        try {
            OffsetPosition last =
                    SegmentIndexes.load(disk, directory, baseOffset, size).lastEntry();
            SegmentScanner tail = scan(last.position(), SegmentScanner.LOOKUP_CHUNK);
            boolean more = tail.next();
            while (more) {
                more = tail.next();
            }
            return tail.position() == size;
        } catch (IOException e) {
            return false;
        }
    }

    /** Fills {@code target} with bytes from {@code position} on. */
    void read(ByteBuffer target, long position) throws IOException {
        FileBytes.readFully(file.channel(), target, position);
    }

    /** Reads bytes for the sake of reading them. */
    void readThrough(int position, int bytes) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(bytes, SegmentScanner.SWEEP_CHUNK));
        for (int at = position; at < position + bytes; at += chunk.limit()) {
            chunk.clear().limit(Math.min(chunk.capacity(), position + bytes - at));
            FileBytes.readFully(file.channel(), chunk, at);
        }
    }

    /** Copies bytes into a file of their own, unless that was done before; the file. */
    Path keepAside(int position, int bytes) throws IOException {
        Path kept = TailDamage.keptFile(file(), position);
        return Files.exists(kept)
                ? kept
                : TailDamage.keepAside(disk, file.channel(), file(), position, (long) position + bytes);
    }

    FileSlice slice(int position, int bytes) throws IOException {
        return new FileSlice(file.channel(), position, bytes);
    }

    /** @param cutShort told when the bytes were not sent to their end */
    FileSlice slice(int position, int bytes, Runnable cutShort) throws IOException {
        return new FileSlice(file.channel(), position, bytes, new FileSlice.Owner() {
            @Override
            public void sending() {
                file.use();
            }

            @Override
            public void cutShort() {
                cutShort.run();
            }
        });
    }

    /**
     * Where a log that is to end at {@code offset} is cut.
     *
     * @param position the first byte to go
     * @param offset   the offset after the last batch that stays
     */
    record Cut(int position, long offset) {}

    /**
     * Where to cut: after the last batch that is below {@code offset}, and not before the first that seems to be above. A bit that has
     * changed in a base offset, which no CRC covers, would take good records with it that others count on. So would one in how far a
     * batch goes; logs part between two batches, and where the next one begins at {@code offset}, this one ends there.
     */
    Cut cutAt(long offset) throws IOException {
        BatchPosition first = find(offset);
        if (first == null) {
            return new Cut(size, offset);
        }
        Cut cut = new Cut(first.position(), first.baseOffset());
        SegmentScanner batches = scan(first.position(), SegmentScanner.LOOKUP_CHUNK);
        long next = first.expectedOffset();
        boolean reaches = false;
        while (batches.next()) {
            if (reaches && batches.baseOffset() == offset) {
                return new Cut(batches.position(), offset);
            }
            reaches = batches.position() == first.position() && batches.baseOffset() < offset;
            if (batches.baseOffset() >= next && batches.lastOffset() < offset) {
                next = batches.lastOffset() + 1;
                cut = new Cut(batches.position() + batches.size(), next);
            }
        }
        return cut;
    }

    /**
     * Cuts the file at the first batch that reaches {@code offset} or above; the indexes follow. Durable on return: what is cut off
     * must not come back between what is appended later.
     *
     * @return the offset after the last batch that is left
     */
    long truncateTo(long offset) throws IOException {
        SegmentIndexes kept = indexes();
        Cut cut = cutAt(offset);
        boolean cuts = cut.position() < size;
        if (cuts) {
            size = cut.position();
            SegmentWriter.truncate(file.channel(), size);
            SegmentWriter.sync(file.channel());
            syncedSize = size;
            kept.truncateTo(offset);
        }
        if (size == 0) {
            firstAppendMs = -1;
        }
        long next = baseOffset;
        SegmentScanner tail = scan(kept.lastEntry().position(), SegmentScanner.LOOKUP_CHUNK);
        while (tail.next()) {
            next = cuts ? Math.min(tail.lastOffset() + 1, cut.offset()) : tail.lastOffset() + 1;
            if (cuts) {
                kept.noteTail(tail.size(), next - 1, tail.maxTimestamp());
            }
        }
        return next;
    }

    /** Whether indexes loaded for this segment, which may be appended to, agree with its batches; see {@link SegmentIndexes}. */
    boolean agreesWith(SegmentIndexes loaded) throws IOException {
        return loaded.agreesWith(file, size, indexIntervalBytes, false);
    }

    /** Adopts indexes that recovery has built or checked, and the size that they are for. */
    void adopt(SegmentIndexes checked, int checkedSize) {
        indexes = checked;
        size = checkedSize;
    }

    SegmentIndexes indexes() throws IOException {
        SegmentIndexes present = indexes;
        return present != null ? present : loadIndexes();
    }

    private synchronized SegmentIndexes loadIndexes() throws IOException {
        SegmentIndexes present = indexes;
        if (present != null) {
            return present;
        }
        try {
            present = SegmentIndexes.load(disk, directory, baseOffset, size);
            if (!present.agreesWith(file, size, indexIntervalBytes, sealed)) {
                return rebuildIndexes("the index files do not agree with the log");
            }
            indexes = present;
            return present;
        } catch (IOException e) {
            return rebuildIndexes(e.toString());
        }
    }

    /**
     * Builds the indexes from the log. Sealed segments only, or under the log's lock: nothing may be appended meanwhile.
     */
    private synchronized SegmentIndexes rebuildIndexes(String reason) throws IOException {
        LOGGER.atWarn()
                .addKeyValue("directory", directory)
                .addKeyValue("baseOffset", baseOffset)
                .addKeyValue("reason", reason)
                .log("building the indexes of a segment again");
        SegmentIndexes built = SegmentIndexes.build(file, baseOffset, size, indexIntervalBytes);
        indexes = built;
        if (sealed) {
            storeRebuilt(built);
        }
        return built;
    }

    private void storeRebuilt(SegmentIndexes built) {
        if (file.detached()) {
            return;
        }
        try {
            built.store(disk, directory, baseOffset);
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("file", file())
                    .setCause(e)
                    .log("rebuilt indexes not written; they stay in memory");
        }
    }

    /** Builds the indexes again when a reader found them wrong. Under the log's lock. */
    void repairIndexes() throws IOException {
        if (indexesSuspect) {
            indexesSuspect = false;
            rebuildIndexes("an index entry names no batch");
        }
    }

    /** Whether this segment takes appends; set under the log's lock. */
    void sealed(boolean noMoreAppends) {
        sealed = noMoreAppends;
    }

    /** Writes the index files. Under the log's lock; with {@code seal} nothing will be appended and the heap is given back. */
    void storeIndexes(boolean seal) throws IOException {
        SegmentIndexes present = indexes;
        if (present == null && size == 0) {
            present = SegmentIndexes.empty(baseOffset);
        }
        if (present == null) {
            return;
        }
        if (seal) {
            present.seal();
        }
        boolean changed = !present.stored();
        present.store(disk, directory, baseOffset);
        if (seal && changed) {
            indexes = null; // next use maps the files
        }
    }

    /** fsync: when this returns, all bytes that were readable before the call survive a power cut. */
    void sync() throws IOException {
        int reached = size;
        if (reached > syncedSize) {
            SegmentWriter.sync(file.channelToSync());
            syncedSize = reached;
        }
    }

    /** Cuts off what was preallocated and not used; durable on return. Under the flusher's lock, when nothing more is appended. */
    void trim() throws IOException {
        if (untrimmed) {
            SegmentWriter.truncate(file.channel(), size);
            SegmentWriter.sync(file.channel());
            syncedSize = size;
            untrimmed = false;
        }
    }

    /** Whether the file is open and nobody has used it for {@code ms}; to be asked again and again by one thread. */
    boolean unusedFor(long ms, long nowMs) {
        return file.unusedFor(ms, nowMs);
    }

    /** Closes the file unless somebody has begun to use it. Under the log's lock and the flusher's, with all that was appended synced. */
    void closeUnused() throws IOException {
        file.closeUnused();
    }

    /** Gives the file handle back; the next use opens it again. */
    void release() throws IOException {
        file.release();
    }

    void close() throws IOException {
        file.close();
    }

    /** Its names are about to become those of another segment: from now on it opens and writes nothing, only reads what it has open. */
    void detach() {
        file.detach();
    }

    /** Adds {@link LogFiles#DELETED} to the names of all files, so that a restart finishes the removal. */
    void markDeleted() throws IOException {
        for (String suffix :
                new String[] {LogFiles.LOG, LogFiles.OFFSET_INDEX, LogFiles.TIME_INDEX, LogFiles.TRANSACTION_INDEX}) {
            Path file = LogFiles.file(directory, baseOffset, suffix);
            if (Files.exists(file)) {
                disk.move(file, file.resolveSibling(file.getFileName() + LogFiles.DELETED));
            }
        }
    }

    /** Removes the files that {@link #markDeleted} renamed; readers that still have the file lose it. */
    void removeDeleted() throws IOException {
        close();
        for (String suffix :
                new String[] {LogFiles.LOG, LogFiles.OFFSET_INDEX, LogFiles.TIME_INDEX, LogFiles.TRANSACTION_INDEX}) {
            Path file = LogFiles.file(directory, baseOffset, suffix);
            disk.delete(file.resolveSibling(file.getFileName() + LogFiles.DELETED));
        }
    }

    /** Largest timestamp, or the time the file was last written when no record has one. */
    long largestTimestampMs() throws IOException {
        long largest = indexes().largest().timestamp();
        return largest >= 0 ? largest : Files.getLastModifiedTime(file()).toMillis();
    }

    /** The same, read from the headers of all batches; an index that knew less is built again. */
    long largestTimestampOfBatchesMs() throws IOException {
        long byIndex = indexes().largest().timestamp();
        long largest = byIndex; // of a damaged segment the headers tell a part only
        SegmentScanner batches = scan(0, SegmentScanner.LOOKUP_CHUNK);
        while (batches.next()) {
            largest = Math.max(largest, batches.maxTimestamp());
        }
        if (largest > byIndex) {
            distrustIndexes();
        }
        return largest >= 0 ? largest : Files.getLastModifiedTime(file()).toMillis();
    }

    void firstAppendMs(long ms) {
        firstAppendMs = ms;
    }

    long firstAppendMs() {
        return firstAppendMs;
    }

    boolean indexFull(int indexBytesMax) throws IOException {
        return indexes().full(indexBytesMax);
    }

    /** Whether {@code offset} can be written relative to the base offset. */
    boolean reaches(long offset) {
        return offset - baseOffset <= Integer.MAX_VALUE;
    }

    Path file() {
        return file.path();
    }

    long baseOffset() {
        return baseOffset;
    }

    int size() {
        return size;
    }

    int syncedSize() {
        return syncedSize;
    }
}
