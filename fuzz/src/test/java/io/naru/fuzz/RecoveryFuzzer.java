package io.naru.fuzz;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogEnvironment;
import io.naru.broker.log.LogLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A segment file that anything may have happened to. The log opens, and takes and keeps the next record. */
public final class RecoveryFuzzer {

    private static final long NOW = 1_700_000_000_000L;

    private RecoveryFuzzer() {}

    /** One input: the bytes of the segment. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Path directory = emptied();
        Files.write(directory.resolve("00000000000000000000.log"), data);
        Log log = open(directory);
        long end = log.append(
                        MemoryRecords.withRecords(
                                Compression.NONE, new SimpleRecord(NOW, "v".getBytes(StandardCharsets.UTF_8))),
                        1 << 30,
                        NOW)
                .nextOffset();
        log.close(NOW);
        Log again = open(directory);
        if (again.logEndOffset() != end) {
            throw new IllegalStateException("the log ended at " + end + ", now at " + again.logEndOffset());
        }
        again.close(NOW);
    }

    private static Path emptied() throws IOException {
        Path directory = Path.of(
                System.getProperty("java.io.tmpdir"),
                "naru-fuzz-" + ProcessHandle.current().pid());
        Files.createDirectories(directory);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        return directory;
    }

    private static Log open(Path directory) throws IOException {
        LogConfig config = LogConfig.from(Map.of("message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE)));
        return LogLoader.load(
                LogEnvironment.local(1), new TopicPartition("t", 0), directory, config, LogLoader.Hints.NONE, NOW);
    }
}
