package io.naru.broker.log.checkpoint;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code leader-epoch-checkpoint} of a partition. UTF-8 text:
 *
 * <pre>
 *  0                         version
 *  {count}
 *  {epoch} {startOffset}     count times, both rising
 * </pre>
 *
 * <p>Not synced when written: the batches carry the same epochs.
 */
public final class EpochCheckpoint {

    /**
     * The first offset that an epoch's leader appended.
     *
     * @param epoch       leader epoch, not negative
     * @param startOffset first offset of the epoch
     */
    public record EpochStart(int epoch, long startOffset) {}

    private EpochCheckpoint() {}

    /** Reads the file; throws when it is missing, not of the form above or does not rise. */
    public static List<EpochStart> read(Disk disk, Path file) throws IOException {
        List<EpochStart> epochs = new ArrayList<>();
        EpochStart last = new EpochStart(-1, -1);
        for (String[] fields : CheckpointLines.read(disk, file, 2)) {
            long epoch = CheckpointLines.number(file, fields[0]);
            long startOffset = CheckpointLines.number(file, fields[1]);
            if (epoch <= last.epoch() || epoch > Integer.MAX_VALUE || startOffset <= last.startOffset()) {
                throw new IOException(file + " does not rise at " + String.join(" ", fields));
            }
            last = new EpochStart((int) epoch, startOffset);
            epochs.add(last);
        }
        return epochs;
    }

    /** Replaces the file; survives the end of the process, not a power cut. */
    public static void write(Disk disk, Path file, List<EpochStart> epochs) throws IOException {
        List<String> lines = new ArrayList<>(epochs.size());
        for (EpochStart start : epochs) {
            lines.add(start.epoch() + " " + start.startOffset());
        }
        CheckpointLines.write(disk, file, lines, false);
    }
}
