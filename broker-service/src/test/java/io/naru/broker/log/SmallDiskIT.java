package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real file system without space left: a small tmpfs. Beside {@link DiskFullIT}, which also refuses in the middle of a write. */
class SmallDiskIT {

    private static final long NOW = 1_700_000_000_000L;
    private static final LogConfig CONFIG = LogConfig.from(Map.of("segment.bytes", "300000"));

    @TempDir
    private Path root;

    private LogManager open(Path small) throws IOException {
        return LogManager.open(
                new LogSettings(
                        List.of(small.resolve("data"), root.resolve("large")),
                        "cluster",
                        1,
                        new LogEnvironment(Disk.local(), new Random(1)),
                        topic -> CONFIG,
                        2,
                        (done, total) -> {}),
                NOW);
    }

    private static Log create(LogManager manager, int partition, LogConfig config) {
        return manager.getOrCreate(new TopicPartition("orders", partition), Uuid.ONE_UUID, config, NOW);
    }

    private static MemoryRecords record(long offset) {
        return Batches.of(NOW, offset + "x".repeat((int) (offset * 37 % 5000)));
    }

    private static long fill(Log log) {
        assertThatThrownBy(() -> {
                    while (log.logEndOffset() < 1_000_000) {
                        log.append(record(log.logEndOffset()), 0, NOW);
                    }
                })
                .isInstanceOf(KafkaStorageException.class);
        return log.logEndOffset();
    }

    private static void expectContents(Log log, long count) {
        List<String> expected = new ArrayList<>();
        for (long offset = 0; offset < count; offset++) {
            expected.add(offset + "=" + offset + "x".repeat((int) (offset * 37 % 5000)));
        }
        assertThat(Batches.contents(log, 0).equals(expected)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writesAreRefusedReadsAndOthersGoOnAndItEndsByItself(boolean preallocate) throws IOException {
        LogConfig config = LogConfig.from(Map.of("segment.bytes", "300000", "preallocate", "" + preallocate));
        try (Mount small = Mount.tmpfs(root.resolve("small"), 2)) {
            Path filler = Files.write(small.path().resolve("filler"), new byte[700_000]);
            LogManager manager = open(small.path());
            Log first = create(manager, 0, config);
            Log second = create(manager, 1, config);
            Log full = first.directory().startsWith(small.path()) ? first : second;
            Log other = full == first ? second : first;

            long acked = fill(full);
            assertThat(acked).isGreaterThan(100);
            for (int i = 0; i < 20; i++) {
                manager.tick(NOW + 60_001L * i); // checkpoints and snapshots are refused too
                other.append(record(i), 0, NOW);
            }
            assertThatThrownBy(() -> full.append(record(4999), 0, NOW)).isInstanceOf(KafkaStorageException.class);
            assertThat(full.failure()).isEmpty();
            assertThat(manager.offlineDirectories()).isEmpty();
            assertThat(full.logEndOffset()).isGreaterThanOrEqualTo(acked);
            expectContents(full, full.logEndOffset());
            expectContents(other, 20);
            if (!preallocate) {
                assertThat(bytesOnDisk(full)).as("torn bytes are cut off").isEqualTo(full.sizeInBytes());
            }

            Files.delete(filler);
            for (int i = 0; i < 50; i++) {
                full.append(record(full.logEndOffset()), 0, NOW);
            }
            long end = full.logEndOffset();
            manager.tick(NOW + 3_000_000);
            manager.close(NOW + 3_000_000, 1);
            manager = open(small.path());
            expectContents(manager.get(full.topicPartition()).orElseThrow(), end);
            assertThat(manager.get(full.topicPartition()).orElseThrow().scrub(throttle -> {}))
                    .isEmpty();
            manager.abandon();
        }
    }

    /** As if the process had been killed while the disk was full. */
    @Test
    void aStartOnAFullDiskServesWhatIsThere() throws IOException {
        try (Mount small = Mount.tmpfs(root.resolve("small"), 2)) {
            LogManager manager = open(small.path());
            Log first = create(manager, 0, CONFIG);
            Log second = create(manager, 1, CONFIG);
            Log full = first.directory().startsWith(small.path()) ? first : second;
            fill(full);
            full.flush(full.logEndOffset(), NOW);
            long end = full.logEndOffset();
            Files.write(small.path().resolve("rest"), new byte[0]);
            manager.abandon();
            manager = open(small.path());
            Log again = manager.get(full.topicPartition()).orElseThrow();
            assertThat(again.logEndOffset()).isEqualTo(end);
            expectContents(again, end);
            manager.abandon();
        }
    }

    private static long bytesOnDisk(Log log) throws IOException {
        long bytes = 0;
        try (var files = Files.newDirectoryStream(log.directory(), "*.log")) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
