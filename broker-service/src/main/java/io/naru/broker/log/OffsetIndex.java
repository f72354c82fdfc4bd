package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Sparse map from offsets to positions in one segment, about one entry per {@code index.interval.bytes}. The file, {@code .index},
 * is a run of entries in rising order:
 *
 * <pre>
 *  byte  size  field
 *     0     4  relative offset  int32, last offset of a batch less the base offset of the segment
 *     4     4  position         int32, of the first byte of that batch in the .log file
 * </pre>
 *
 * <p>Appends come from the one thread that holds the log's lock; lookups need no lock. Derived data: never trusted further than to
 * find a batch whose own header is then checked.
 */
final class OffsetIndex {

    static final int ENTRY_SIZE = 8;

    private final long baseOffset;
    private volatile IndexEntries entries;

    OffsetIndex(long baseOffset) {
        this(baseOffset, IndexEntries.empty(ENTRY_SIZE));
    }

    private OffsetIndex(long baseOffset, IndexEntries entries) {
        this.baseOffset = baseOffset;
        this.entries = entries;
    }

    /**
     * Opens the index of a segment.
     *
     * @throws IOException when the file is missing, or cannot be the index of a segment of {@code segmentSize} bytes
     */
    static OffsetIndex load(Disk disk, Path file, long baseOffset, long segmentSize) throws IOException {
        OffsetIndex index = new OffsetIndex(baseOffset, IndexEntries.load(disk, file, ENTRY_SIZE));
        long offset = baseOffset - 1;
        int position = 0;
        for (int i = 0; i < index.count(); i++) {
            if (index.offset(i) <= offset || index.position(i) <= position || index.position(i) >= segmentSize) {
                throw new IOException(file + " is out of order or points past its segment at entry " + i);
            }
            offset = index.offset(i);
            position = index.position(i);
        }
        return index;
    }

    /** Adds an entry; offset and position are above those of the last. */
    void append(long offset, int position) {
        IndexEntries room = entries.withRoom();
        int at = room.count() * ENTRY_SIZE;
        room.bytes().putInt(at, (int) (offset - baseOffset));
        room.bytes().putInt(at + Integer.BYTES, position);
        entries = room.withOneMore();
    }

    /** The entry with the greatest offset at or below {@code offset}, or the beginning of the segment. */
    OffsetPosition lookup(long offset) {
        IndexEntries snapshot = entries;
        int found = floor(snapshot, offset);
        return found < 0
                ? new OffsetPosition(baseOffset, 0)
                : new OffsetPosition(offset(snapshot, found), position(snapshot, found));
    }

    /** The last entry, or the beginning of the segment. */
    OffsetPosition last() {
        return lookup(Long.MAX_VALUE);
    }

    /** Drops entries at or above {@code offset}. */
    void truncateTo(long offset) {
        IndexEntries snapshot = entries;
        entries = snapshot.first(floor(snapshot, offset - 1) + 1);
    }

    int count() {
        return entries.count();
    }

    long offset(int entry) {
        return offset(entries, entry);
    }

    int position(int entry) {
        return position(entries, entry);
    }

    void store(Disk disk, Path file) throws IOException {
        entries.store(disk, file);
    }

    private int floor(IndexEntries snapshot, long offset) {
        int low = 0;
        int high = snapshot.count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (offset(snapshot, middle) <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private long offset(IndexEntries snapshot, int entry) {
        return baseOffset + snapshot.bytes().getInt(entry * ENTRY_SIZE);
    }

    private static int position(IndexEntries snapshot, int entry) {
        return snapshot.bytes().getInt(entry * ENTRY_SIZE + Integer.BYTES);
    }
}
