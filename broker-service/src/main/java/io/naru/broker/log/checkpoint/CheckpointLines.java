package io.naru.broker.log.checkpoint;

import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The frame all of Kafka's checkpoints share:
 *
 * <pre>
 *  0              version
 *  {count}        lines that follow
 *  {line}         count times, fields separated by one space
 * </pre>
 */
final class CheckpointLines {

    private static final int VERSION = 0;
    private static final long BYTES_MAX = 256L << 20;

    private CheckpointLines() {}

    /** The fields of each line; throws unless version, count and number of fields are as they must be. */
    static List<String[]> read(Disk disk, Path file, int fields) throws IOException {
        List<String> lines = FileBytes.readText(disk, file, BYTES_MAX).lines().toList();
        if (lines.size() < 2
                || number(file, lines.get(0)) != VERSION
                || number(file, lines.get(1)) != lines.size() - 2) {
            throw new IOException(file + " is not a checkpoint of version 0 with as many lines as it says");
        }
        List<String[]> parsed = new ArrayList<>(lines.size() - 2);
        for (String line : lines.subList(2, lines.size())) {
            String[] parts = line.split(" ", -1);
            if (parts.length != fields) {
                throw new IOException(file + " has a line of " + parts.length + " fields: " + line);
            }
            parsed.add(parts);
        }
        return parsed;
    }

    static void write(Disk disk, Path file, List<String> lines, boolean durable) throws IOException {
        StringBuilder text = new StringBuilder(16 + lines.size() * 24);
        text.append(VERSION).append('\n').append(lines.size()).append('\n');
        for (String line : lines) {
            text.append(line).append('\n');
        }
        ByteBuffer contents = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        if (durable) {
            FileBytes.replaceDurably(disk, file, contents);
        } else {
            FileBytes.replace(disk, file, contents, false);
        }
    }

    static long number(Path file, String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + " has '" + text + "' where a number belongs", e);
        }
    }
}
