package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.checkpoint.EpochCheckpoint;
import io.naru.broker.log.checkpoint.EpochCheckpoint.EpochStart;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Leader epochs of a log that is being opened: from the checkpoint when every line of it agrees with the batches on both sides of
 * the offset it names, else from the batches.
 */
final class EpochCheck {

    private final Disk disk;
    private final Path file;
    private final boolean gapsExpected;

    EpochCheck(Disk disk, Path directory, LogConfig config) {
        this.disk = disk;
        this.file = directory.resolve(LogFiles.LEADER_EPOCHS);
        this.gapsExpected = config.compact();
    }

    /** Epochs that begin in {@code [start, end)}, which {@code segments} hold. */
    List<EpochStart> epochs(List<LogSegment> segments, long start, long end) throws IOException {
        if (segments.isEmpty() || start >= end) {
            return List.of();
        }
        SegmentList list = new SegmentList(segments);
        try {
            List<EpochStart> read = EpochCheckpoint.read(disk, file).stream()
                    .filter(entry -> entry.startOffset() < end)
                    .toList();
            if (agree(read, list, start, end)) {
                return read;
            }
            LogEvents.ignored(file, "it does not agree with the batches");
        } catch (NoSuchFileException e) {
            LogEvents.ignored(file, "there is none");
        } catch (IOException e) {
            LogEvents.ignored(file, e.toString());
        }
        return fromBatches(segments, end);
    }

    private boolean agree(List<EpochStart> entries, SegmentList segments, long start, long end) throws IOException {
        if (entries.isEmpty()) {
            return false;
        }
        int last = epochAt(segments, end - 1);
        // Compaction may have taken all that comes last.
        if (entries.get(entries.size() - 1).epoch() != last && !(gapsExpected && last < 0)) {
            return false;
        }
        for (EpochStart entry : entries) {
            long first = Math.max(entry.startOffset(), start);
            int here = epochAt(segments, first);
            boolean fits = here == entry.epoch() || (gapsExpected && (here > entry.epoch() || here < 0));
            if (!fits
                    || (first == entry.startOffset()
                            && first > start
                            && !gapsExpected
                            && epochAt(segments, first - 1) >= entry.epoch())) {
                return false;
            }
        }
        return true;
    }

    /** Epoch of the batch that holds {@code offset}, or of the next when compaction took it; -1 when there is none. */
    private static int epochAt(SegmentList segments, long offset) throws IOException {
        LogSegment segment = segments.floor(offset);
        while (segment != null) {
            BatchPosition batch = segment.find(offset);
            if (batch != null) {
                SegmentScanner header = segment.scan(batch.position(), BatchHeader.SIZE);
                return header.next() ? BatchHeader.leaderEpoch(header.header(), 0) : -1;
            }
            segment = segments.after(segment.baseOffset());
        }
        return -1;
    }

    private static List<EpochStart> fromBatches(List<LogSegment> segments, long end) throws IOException {
        List<EpochStart> epochs = List.of();
        for (LogSegment segment : segments) {
            SegmentScanner batches = segment.scan(0, SegmentScanner.LOOKUP_CHUNK);
            while (batches.next() && batches.baseOffset() < end) {
                epochs = LeaderEpochs.assigned(
                        epochs, BatchHeader.leaderEpoch(batches.header(), 0), batches.baseOffset());
            }
        }
        return epochs;
    }
}
