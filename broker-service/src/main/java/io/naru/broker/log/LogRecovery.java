package io.naru.broker.log;

import io.naru.broker.log.checkpoint.EpochCheckpoint.EpochStart;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Recovery after an unclean stop: checks every batch of the segments that may hold unsynced ones, ends the log after the last batch
 * that counts, and builds indexes and leader epochs from what is there. Nothing beside the {@code .log} files is trusted.
 */
final class LogRecovery {

    private final Disk disk;
    private final LogConfig config;
    private final List<LogSegment> kept = new ArrayList<>();
    private List<EpochStart> epochs;
    private long nextOffset;

    /**
     * @param epochs leader epochs below the first segment to be checked
     */
    LogRecovery(Disk disk, LogConfig config, List<EpochStart> epochs) {
        this.disk = disk;
        this.config = config;
        this.epochs = epochs;
    }

    /** Checks {@code segments} in order; afterwards the fields below tell what is left of them. */
    void run(List<LogSegment> segments) throws IOException {
        nextOffset = segments.get(0).baseOffset();
        boolean ended = false;
        for (LogSegment segment : segments) {
            if (ended) {
                setAside(segment);
            } else {
                ended = !check(segment);
            }
        }
    }

    /** True when the log goes on after this segment. */
    private boolean check(LogSegment segment) throws IOException {
        try (FileChannel channel = disk.open(segment.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            SegmentCheck check =
                    new SegmentCheck(segment, channel, config, Math.max(nextOffset, segment.baseOffset()), epochs);
            check.run();
            epochs = check.epochs();
            nextOffset = check.nextOffset();
            kept.add(segment);
            String reason = check.stoppedBy();
            if (reason != null) {
                cut(segment, channel, check, reason);
            }
            segment.adopt(check.indexes(), check.validBytes());
            return reason == null;
        }
    }

    private void cut(LogSegment segment, FileChannel channel, SegmentCheck check, String reason) throws IOException {
        int position = check.validBytes();
        long end = channel.size();
        LogEvents.cut(segment.file(), position, end - position, nextOffset, reason);
        if (!TailDamage.isTornAppend(channel, position, end, nextOffset, config.maxMessageBytes())) {
            LogEvents.quarantined(segment.file(), TailDamage.keepAside(disk, channel, segment.file(), position, end));
        }
        SegmentWriter.truncate(channel, position);
        SegmentWriter.sync(channel);
    }

    private void setAside(LogSegment segment) throws IOException {
        Path file = segment.file();
        Path aside = file.resolveSibling(file.getFileName() + ".0" + LogFiles.CORRUPT);
        disk.move(file, aside);
        LogEvents.quarantined(file, aside);
    }

    /** Segments that remain. */
    List<LogSegment> kept() {
        return kept;
    }

    /** Offset after the last record. */
    long nextOffset() {
        return nextOffset;
    }

    /** Leader epochs, those of the checked segments included. */
    List<EpochStart> epochs() {
        return epochs;
    }
}
