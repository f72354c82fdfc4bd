package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Sparse map from timestamps to offsets in one segment. An entry says: no record up to and with this offset has a greater
 * timestamp. The file, {@code .timeindex}, is a run of entries in rising order of both fields:
 *
 * <pre>
 *  byte  size  field
 *     0     8  timestamp        int64, ms
 *     8     4  relative offset  int32, last offset of the batch that has the timestamp less the base offset of the segment
 * </pre>
 *
 * <p>Threads and trust are those of {@link OffsetIndex}.
 */
final class TimeIndex {

    static final int ENTRY_SIZE = 12;

    private final long baseOffset;
    private volatile IndexEntries entries;

    TimeIndex(long baseOffset) {
        this(baseOffset, IndexEntries.empty(ENTRY_SIZE));
    }

    private TimeIndex(long baseOffset, IndexEntries entries) {
        this.baseOffset = baseOffset;
        this.entries = entries;
    }

    /** Opens the index of a segment; throws when the file is missing or its entries do not rise. */
    static TimeIndex load(Disk disk, Path file, long baseOffset) throws IOException {
        TimeIndex index = new TimeIndex(baseOffset, IndexEntries.load(disk, file, ENTRY_SIZE));
        for (int i = 0; i < index.count(); i++) {
            TimestampAndOffset entry = index.entry(i);
            TimestampAndOffset before = i == 0 ? new TimestampAndOffset(-1, baseOffset - 1) : index.entry(i - 1);
            if (entry.timestamp() <= before.timestamp() || entry.offset() <= before.offset()) {
                throw new IOException(file + " is out of order at entry " + i);
            }
        }
        return index;
    }

    /** Adds an entry unless it says nothing new: both timestamp and offset must be above those of the last. */
    void maybeAppend(long timestamp, long offset) {
        if (timestamp < 0) {
            return;
        }
        IndexEntries snapshot = entries;
        if (snapshot.count() > 0) {
            TimestampAndOffset last = entry(snapshot, snapshot.count() - 1);
            if (timestamp <= last.timestamp() || offset <= last.offset()) {
                return;
            }
        }
        IndexEntries room = snapshot.withRoom();
        int at = room.count() * ENTRY_SIZE;
        room.bytes().putLong(at, timestamp);
        room.bytes().putInt(at + Long.BYTES, (int) (offset - baseOffset));
        entries = room.withOneMore();
    }

    /** The entry with the greatest timestamp below {@code timestamp}; the beginning of the segment when there is none. */
    TimestampAndOffset lookupBelow(long timestamp) {
        IndexEntries snapshot = entries;
        int low = 0;
        int high = snapshot.count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (timestamp(snapshot, middle) < timestamp) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? beginning() : entry(snapshot, high);
    }

    /** The last entry, or the beginning of the segment with no timestamp. */
    TimestampAndOffset last() {
        IndexEntries snapshot = entries;
        return snapshot.count() == 0 ? beginning() : entry(snapshot, snapshot.count() - 1);
    }

    /** Drops entries at or above {@code offset}. */
    void truncateTo(long offset) {
        IndexEntries snapshot = entries;
        int kept = snapshot.count();
        while (kept > 0 && entry(snapshot, kept - 1).offset() >= offset) {
            kept--;
        }
        entries = snapshot.first(kept);
    }

    int count() {
        return entries.count();
    }

    TimestampAndOffset entry(int entry) {
        return entry(entries, entry);
    }

    void store(Disk disk, Path file) throws IOException {
        entries.store(disk, file);
    }

    private TimestampAndOffset beginning() {
        return new TimestampAndOffset(RecordBatch.NO_TIMESTAMP, baseOffset);
    }

    private TimestampAndOffset entry(IndexEntries snapshot, int entry) {
        return new TimestampAndOffset(
                timestamp(snapshot, entry), baseOffset + snapshot.bytes().getInt(entry * ENTRY_SIZE + Long.BYTES));
    }

    private static long timestamp(IndexEntries snapshot, int entry) {
        return snapshot.bytes().getLong(entry * ENTRY_SIZE);
    }
}
