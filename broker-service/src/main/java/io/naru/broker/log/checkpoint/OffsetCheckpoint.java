package io.naru.broker.log.checkpoint;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * One offset per partition of a data directory: {@code recovery-point-offset-checkpoint}, {@code log-start-offset-checkpoint},
 * {@code replication-offset-checkpoint} (high watermarks), {@code cleaner-offset-checkpoint}. UTF-8 text:
 *
 * <pre>
 *  0                                version
 *  {count}
 *  {topic} {partition} {offset}     count times
 * </pre>
 */
public final class OffsetCheckpoint {

    /** Offsets below which everything has been synced. */
    public static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";

    /** First offsets that readers may see. */
    public static final String LOG_START_OFFSETS = "log-start-offset-checkpoint";

    /** High watermarks. */
    public static final String HIGH_WATERMARKS = "replication-offset-checkpoint";

    /** Offsets up to which compaction has come. */
    public static final String CLEANED = "cleaner-offset-checkpoint";

    private OffsetCheckpoint() {}

    /** Reads the file; throws when it is missing or not exactly of the form above. */
    public static Map<TopicPartition, Long> read(Disk disk, Path file) throws IOException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (String[] fields : CheckpointLines.read(disk, file, 3)) {
            long partition = CheckpointLines.number(file, fields[1]);
            long offset = CheckpointLines.number(file, fields[2]);
            if (fields[0].isEmpty() || partition < 0 || partition > Integer.MAX_VALUE || offset < 0) {
                throw new IOException(file + " has an impossible line: " + String.join(" ", fields));
            }
            offsets.put(new TopicPartition(fields[0], (int) partition), offset);
        }
        return offsets;
    }

    /** Replaces the file, durably. */
    public static void write(Disk disk, Path file, Map<TopicPartition, Long> offsets) throws IOException {
        List<String> lines = new ArrayList<>(offsets.size());
        offsets.forEach(
                (partition, offset) -> lines.add(partition.topic() + " " + partition.partition() + " " + offset));
        CheckpointLines.write(disk, file, lines, true);
    }
}
