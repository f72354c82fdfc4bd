package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Both indexes of one segment and what decides about their next entries. Appending is for the holder of the log's lock, lookups
 * need none.
 */
final class SegmentIndexes {

    private final OffsetIndex offsets;
    private final TimeIndex times;
    private int bytesSinceEntry;
    private volatile TimestampAndOffset largest;
    private volatile boolean stored;

    private SegmentIndexes(OffsetIndex offsets, TimeIndex times, boolean stored) {
        this.offsets = offsets;
        this.times = times;
        this.largest = times.last();
        this.stored = stored;
    }

    static SegmentIndexes empty(long baseOffset) {
        return new SegmentIndexes(new OffsetIndex(baseOffset), new TimeIndex(baseOffset), false);
    }

    /** Reads both files; throws when one is missing or cannot belong to a segment of {@code segmentSize} bytes. */
    static SegmentIndexes load(Disk disk, Path directory, long baseOffset, long segmentSize) throws IOException {
        return new SegmentIndexes(
                OffsetIndex.load(
                        disk, LogFiles.file(directory, baseOffset, LogFiles.OFFSET_INDEX), baseOffset, segmentSize),
                TimeIndex.load(disk, LogFiles.file(directory, baseOffset, LogFiles.TIME_INDEX), baseOffset),
                true);
    }

    /**
     * Whether indexes just loaded agree with the batches where it is cheap to see: both last entries name a batch that is as they
     * say, and no batch from the last offset entry on is newer than the time index allows. For a sealed segment also that the last
     * offset entry is as near the end as it should be.
     */
    boolean agreesWith(SegmentScanner.Source file, int size, int intervalBytes, boolean sealed) throws IOException {
        OffsetPosition last = offsets.last();
        SegmentScanner tail = new SegmentScanner(file, last.position(), size, SegmentScanner.LOOKUP_CHUNK);
        long tailBytes = 0;
        while (tail.next()) {
            boolean atEntry = last.position() > 0 && tail.position() == last.position();
            boolean wrongBatch = atEntry && tail.lastOffset() != last.offset();
            boolean newer = (sealed || atEntry) && tail.maxTimestamp() > largest.timestamp();
            if (wrongBatch || newer || (sealed && tailBytes > intervalBytes)) {
                return false;
            }
            tailBytes += tail.size();
        }
        return tail.position() == size && lastTimeEntryAgrees(file, size);
    }

    private boolean lastTimeEntryAgrees(SegmentScanner.Source file, int size) throws IOException {
        if (times.count() == 0) {
            return true;
        }
        TimestampAndOffset last = times.last();
        int from = offsets.lookup(last.offset()).position();
        SegmentScanner batches = new SegmentScanner(file, from, size, SegmentScanner.LOOKUP_CHUNK);
        while (batches.next()) {
            if (batches.lastOffset() >= last.offset()) {
                return batches.lastOffset() == last.offset() && batches.maxTimestamp() == last.timestamp();
            }
        }
        return false;
    }

    /** Builds both from the first {@code size} bytes of a segment, whose batches have been checked before. */
    static SegmentIndexes build(SegmentScanner.Source file, long baseOffset, int size, int intervalBytes)
            throws IOException {
        SegmentIndexes indexes = empty(baseOffset);
        SegmentScanner batches = new SegmentScanner(file, 0, size, SegmentScanner.SWEEP_CHUNK);
        while (batches.next()) {
            indexes.note(
                    batches.position(), batches.size(), batches.lastOffset(), batches.maxTimestamp(), intervalBytes);
        }
        indexes.seal();
        return indexes;
    }

    /** Takes note of one batch at the end of the segment. */
    void note(int position, int size, long lastOffset, long maxTimestamp, int intervalBytes) {
        if (maxTimestamp > largest.timestamp()) {
            largest = new TimestampAndOffset(maxTimestamp, lastOffset);
        }
        if (bytesSinceEntry > intervalBytes) {
            offsets.append(lastOffset, position);
            times.maybeAppend(largest.timestamp(), largest.offset());
            bytesSinceEntry = 0;
            stored = false;
        }
        bytesSinceEntry += size;
    }

    /** Takes over what lies after the last entry of indexes just loaded. */
    void noteTail(int size, long lastOffset, long maxTimestamp) {
        if (maxTimestamp > largest.timestamp()) {
            largest = new TimestampAndOffset(maxTimestamp, lastOffset);
        }
        bytesSinceEntry += size;
    }

    /** The segment is complete: the time index gets its last entry, so that it alone tells the largest timestamp. */
    void seal() {
        int before = times.count();
        times.maybeAppend(largest.timestamp(), largest.offset());
        stored &= before == times.count();
    }

    /** Drops what concerns offsets from {@code offset} on; {@code tail} must then be noted again from {@link #lastEntry()}. */
    void truncateTo(long offset) {
        offsets.truncateTo(offset);
        times.truncateTo(offset);
        largest = times.last();
        bytesSinceEntry = 0;
        stored = false;
    }

    /** Where to start looking for {@code offset}: at or before the batch that has it. */
    OffsetPosition lookup(long offset) {
        return offsets.lookup(offset);
    }

    /** Where batches begin behind {@code position}, as far as the offset index knows. */
    List<Integer> positionsAfter(int position) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < offsets.count(); i++) {
            if (offsets.position(i) > position) {
                found.add(offsets.position(i));
            }
        }
        return found;
    }

    OffsetPosition lastEntry() {
        return offsets.last();
    }

    /** All records up to and with the offset returned are older than {@code timestamp}. */
    TimestampAndOffset lookupTimestampBelow(long timestamp) {
        return times.lookupBelow(timestamp);
    }

    /** Largest timestamp of the segment with the last offset of its batch; -1 when there is none. */
    TimestampAndOffset largest() {
        return largest;
    }

    boolean full(int indexBytesMax) {
        return offsets.count() >= indexBytesMax / OffsetIndex.ENTRY_SIZE
                || times.count() >= indexBytesMax / TimeIndex.ENTRY_SIZE - 1;
    }

    /** Writes both files unless they are as they should be. */
    void store(Disk disk, Path directory, long baseOffset) throws IOException {
        if (!stored) {
            offsets.store(disk, LogFiles.file(directory, baseOffset, LogFiles.OFFSET_INDEX));
            times.store(disk, LogFiles.file(directory, baseOffset, LogFiles.TIME_INDEX));
            stored = true;
        }
    }

    boolean stored() {
        return stored;
    }
}
