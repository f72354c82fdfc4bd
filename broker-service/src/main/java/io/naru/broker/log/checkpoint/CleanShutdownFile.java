package io.naru.broker.log.checkpoint;

import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code .kafka_cleanshutdown}: every log of the directory was closed and synced. One line of JSON:
 *
 * <pre>
 *  {"version":0,"brokerEpoch":{int64}}
 * </pre>
 *
 * <p>Trusted once: {@link #take} removes it, durably, before anything is written to the directory.
 */
public final class CleanShutdownFile {

    /** Name of the file. */
    public static final String NAME = ".kafka_cleanshutdown";

    private static final Pattern CONTENTS = Pattern.compile("\\s*\\{\"version\":0,\"brokerEpoch\":(-?\\d{1,18})}\\s*");
    private static final long BYTES_MAX = 4096;

    private CleanShutdownFile() {}

    /** Removes the mark; the broker epoch in it when the stop was clean. A mark that cannot be read is none. */
    public static OptionalLong take(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        OptionalLong epoch = read(disk, file);
        disk.delete(file);
        disk.syncDirectory(directory);
        return epoch;
    }

    private static OptionalLong read(Disk disk, Path file) {
        try {
            Matcher contents = CONTENTS.matcher(FileBytes.readText(disk, file, BYTES_MAX));
            return contents.matches() ? OptionalLong.of(Long.parseLong(contents.group(1))) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Leaves the mark, durably; to be called when everything else has been synced. */
    public static void write(Disk disk, Path directory, long brokerEpoch) throws IOException {
        String text = "{\"version\":0,\"brokerEpoch\":" + brokerEpoch + "}";
        FileBytes.replaceDurably(disk, directory.resolve(NAME), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
