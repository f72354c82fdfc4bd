package io.naru.broker.log.checkpoint;

import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * {@code partition.metadata}: to which topic, of all that ever had its name, a directory belongs. UTF-8 text without a newline at
 * the end:
 *
 * <pre>
 *  version: 0
 *  topic_id: {22 characters of base64url}
 * </pre>
 *
 * <p>Durable before the directory has any records: one that does not tell its topic is taken over by whichever has its name, and after a
 * power cut that may be a later topic than the records are of.
 */
public final class PartitionMetadataFile {

    private static final String VERSION_LINE = "version: 0";
    private static final String TOPIC_ID = "topic_id: ";
    private static final long BYTES_MAX = 4096;

    private PartitionMetadataFile() {}

    /** The topic id; throws when the file is missing or not of the form above. */
    public static Uuid read(Disk disk, Path file) throws IOException {
        List<String> lines = FileBytes.readText(disk, file, BYTES_MAX).lines().toList();
        if (lines.size() == 2
                && lines.get(0).equals(VERSION_LINE)
                && lines.get(1).startsWith(TOPIC_ID)) {
            try {
                return Uuid.fromString(lines.get(1).substring(TOPIC_ID.length()));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " has no topic id: " + lines.get(1), e);
            }
        }
        throw new IOException(file + " is not partition metadata of version 0");
    }

    /** Replaces the file, durably. */
    public static void write(Disk disk, Path file, Uuid topicId) throws IOException {
        String text = VERSION_LINE + "\n" + TOPIC_ID + topicId;
        FileBytes.replaceDurably(disk, file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
