package io.naru.broker.log;

import io.naru.broker.log.checkpoint.EpochCheckpoint.EpochStart;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.producer.ProducerStates;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Recovery after an unclean stop: checks every batch of the segments that may hold unsynced ones, ends the log after the last batch
 * that counts, and builds indexes, leader epochs and producer state from what is there, in one pass. Nothing beside the {@code .log} files is trusted.
 */
final class LogRecovery {

    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final long recoveryPoint;
    private final List<LogSegment> kept = new ArrayList<>();
    private final ProducerStates producers;
    private final long nowMs;
    private List<EpochStart> epochs;
    private boolean cut;
    private long nextOffset;

    /**
     * @param recoveryPoint offset below which everything was synced, -1 when unknown
     * @param epochs        leader epochs below the first segment to be checked
     * @param producers     producers below it; those of the checked segments are added
     */
    LogRecovery(
            Disk disk,
            Path directory,
            LogConfig config,
            long recoveryPoint,
            List<EpochStart> epochs,
            ProducerStates producers,
            long nowMs) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.recoveryPoint = recoveryPoint;
        this.epochs = epochs;
        this.producers = producers;
        this.nowMs = nowMs;
    }

    /** Checks {@code segments} in order; afterwards the fields below tell what is left of them. */
    void run(List<LogSegment> segments) throws IOException {
        nextOffset = segments.get(0).baseOffset();
        for (int i = 0; i < segments.size(); i++) {
            if (i > 0 && isBehindHole(segments.get(i))) {
                setAside(segments.subList(i, segments.size()));
                return;
            }
            if (!check(segments.get(i), segments.subList(i + 1, segments.size()))) {
                return;
            }
        }
    }

    /**
     * Above the recovery point a segment begins where the one before it ends, for only synced segments are compacted; when it does
     * not, a power cut took the end of the one before.
     */
    private boolean isBehindHole(LogSegment segment) {
        return recoveryPoint >= 0 && segment.baseOffset() > recoveryPoint && segment.baseOffset() != nextOffset;
    }

    /** True when the log goes on after this segment; if not, those that follow are taken out of it. */
    private boolean check(LogSegment segment, List<LogSegment> following) throws IOException {
        try (FileChannel channel = disk.open(segment.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            SegmentCheck check = new SegmentCheck(
                    segment,
                    channel,
                    config,
                    Math.max(nextOffset, segment.baseOffset()),
                    epochs,
                    following.isEmpty() ? -1 : following.get(0).baseOffset());
            check.run((header, position, size) ->
                    ProducerFiles.replay(producers, header, () -> new FileSlice(channel, position, size), nowMs));
            epochs = check.epochs();
            nextOffset = check.nextOffset();
            kept.add(segment);
            String reason = check.stoppedBy();
            if (reason != null) {
                setAside(following);
                cut(segment, channel, check, reason);
            } else if (check.validBytes() < check.fileSize()) {
                cutTo(channel, check.validBytes());
            }
            segment.adopt(check.indexes(), check.validBytes());
            return reason == null;
        }
    }

    private void cut(LogSegment segment, FileChannel channel, SegmentCheck check, String reason) throws IOException {
        cut = true;
        int position = check.validBytes();
        long end = channel.size();
        LogEvents.cut(segment.file(), position, end - position, nextOffset, reason);
        if (!TailDamage.isTornAppend(channel, position, end, nextOffset, config.maxMessageBytes())) {
            LogEvents.quarantined(segment.file(), TailDamage.keepAside(disk, channel, segment.file(), position, end));
        }
        cutTo(channel, position);
    }

    private static void cutTo(FileChannel channel, int position) throws IOException {
        SegmentWriter.truncate(channel, position);
        SegmentWriter.sync(channel);
    }

    /** Last first and durably, before the cut: a crash in between must leave no segment behind a hole. */
    private void setAside(List<LogSegment> segments) throws IOException {
        for (int i = segments.size() - 1; i >= 0; i--) {
            Path file = segments.get(i).file();
            Path aside = file.resolveSibling(file.getFileName() + ".0" + LogFiles.CORRUPT);
            cut = true;
            disk.move(file, aside);
            disk.syncDirectory(directory);
            LogEvents.quarantined(file, aside);
        }
    }

    /** Whether anything was taken out. */
    boolean cut() {
        return cut;
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
