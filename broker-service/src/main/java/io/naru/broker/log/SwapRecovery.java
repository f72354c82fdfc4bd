package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finishes what compaction had decided when the process or the power went: a {@code <base>.log.swap} takes the place of every segment
 * that begins within it. Runs before the segments are listed, and again from the beginning when it is interrupted itself.
 *
 * <p>A segment of the old ones that begins behind the last batch of the new one stays. It holds later records than the new one took
 * from anyone, so nothing comes back by that.
 */
final class SwapRecovery {

    private static final String[] OF_A_SEGMENT = {
        LogFiles.OFFSET_INDEX, LogFiles.TIME_INDEX, LogFiles.TRANSACTION_INDEX, LogFiles.LOG
    };

    private final Disk disk;
    private final Path directory;

    SwapRecovery(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** Goes through {@code files} of the directory; true when any was renamed or removed. */
    boolean run(List<Path> files) throws IOException {
        boolean changed = false;
        for (Path file : files) {
            OptionalLong base = LogFiles.offset(file.getFileName().toString(), LogFiles.LOG + LogFiles.SWAP);
            if (base.isPresent()) {
                replace(file, base.getAsLong(), files);
                changed = true;
            } else if (file.getFileName().toString().endsWith(LogFiles.SWAP)) {
                disk.delete(file); // an index, which is built again
                changed = true;
            }
        }
        return changed;
    }

    private void replace(Path swap, long baseOffset, List<Path> files) throws IOException {
        long end = Math.max(baseOffset + 1, nextOffset(swap));
        for (String suffix : OF_A_SEGMENT) {
            for (Path file : files) {
                OptionalLong offset = LogFiles.offset(file.getFileName().toString(), suffix);
                if (offset.isPresent() && offset.getAsLong() >= baseOffset && offset.getAsLong() < end) {
                    disk.delete(file);
                }
            }
        }
        disk.syncDirectory(directory);
        disk.move(swap, LogFiles.file(directory, baseOffset, LogFiles.LOG));
        disk.syncDirectory(directory);
        LogEvents.swapped(swap);
    }

    private long nextOffset(Path swap) throws IOException {
        long next = -1;
        try (FileChannel channel = disk.open(swap, StandardOpenOption.READ)) {
            SegmentScanner batches = new SegmentScanner(() -> channel, 0, channel.size(), SegmentScanner.SWEEP_CHUNK);
            while (batches.next()) {
                next = batches.lastOffset() + 1;
            }
        }
        return next;
    }
}
