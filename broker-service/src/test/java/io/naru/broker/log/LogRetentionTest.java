package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRetentionTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final int BATCH = Batches.of(NOW, "v").sizeInBytes();

    @TempDir
    private Path directory;

    private Log log;

    /** Five segments of two batches of one record each, the record at offset n with timestamp NOW + n. */
    private void fill(String... config) throws IOException {
        Map<String, String> all = new HashMap<>();
        all.put("segment.bytes", Integer.toString(2 * BATCH));
        for (int i = 0; i < config.length; i += 2) {
            all.put(config[i], config[i + 1]);
        }
        log = open(all, LogLoader.Hints.NONE);
        for (int i = 0; i < 10; i++) {
            log.append(Batches.of(NOW + i, "v"), i / 4, NOW);
        }
        log.flush(10, NOW);
    }

    private Log open(Map<String, String> config, LogLoader.Hints hints) throws IOException {
        Log opened = LogLoader.load(
                new LogEnvironment(Disk.local(), new Random(1)),
                new TopicPartition("orders", 0),
                directory,
                LogConfig.from(config),
                hints,
                NOW);
        opened.highWatermark(opened::logEndOffset);
        return opened;
    }

    private List<String> names(String glob) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        names.sort(String::compareTo);
        return names;
    }

    @Test
    void segmentsGoWhenTheirLastRecordIsTooOld() throws IOException {
        fill("retention.ms", "100");
        assertThat(log.deleteOldSegments(NOW + 103, true)).isEqualTo(1);
        assertThat(log.logStartOffset()).isEqualTo(2);
        assertThat(log.deleteOldSegments(NOW + 103, true)).isZero();
        assertThat(log.deleteOldSegments(NOW + 107, true)).isEqualTo(2);
        assertThat(Batches.contents(log, 6)).hasSize(4);
        assertThat(log.endOffsetForEpoch(1)).contains(new EpochEnd(1, 8));
        assertThat(log.endOffsetForEpoch(0)).contains(new EpochEnd(0, 6));
    }

    @Test
    void theActiveSegmentIsRolledWhenAllOfItIsTooOld() throws IOException {
        fill("retention.ms", "100");
        assertThat(log.deleteOldSegments(NOW + 109, true)).isEqualTo(4);
        assertThat(log.segmentCount()).isEqualTo(1);
        assertThat(log.deleteOldSegments(NOW + 110, true)).isEqualTo(1);
        assertThat(log.logStartOffset()).isEqualTo(10);
        assertThat(log.append(Batches.of(NOW, "next"), 2, NOW).firstOffset()).isEqualTo(10);
        assertThat(Batches.contents(log, 10)).containsExactly("10=next");
        log = open(Map.of(), LogLoader.Hints.NONE);
        assertThat(log.logStartOffset()).isEqualTo(10);
        assertThat(log.logEndOffset()).isEqualTo(11);
    }

    @Test
    void bytesAboveTheLimitGoButNeverBelowIt() throws IOException {
        fill("retention.bytes", Integer.toString(5 * BATCH), "retention.ms", "-1");
        assertThat(log.deleteOldSegments(NOW, true)).isEqualTo(2);
        assertThat(log.sizeInBytes()).isEqualTo(6L * BATCH);
        assertThat(log.deleteOldSegments(NOW, true)).isZero();
    }

    @Test
    void nothingAtOrAboveTheHighWatermarkGoes() throws IOException {
        fill("retention.ms", "1", "retention.bytes", "0");
        log.highWatermark(() -> 5);
        assertThat(log.deleteOldSegments(NOW + 1_000_000, true)).isEqualTo(2);
        assertThat(log.logStartOffset()).isEqualTo(4);
        log.highWatermark(() -> 9);
        assertThat(log.deleteOldSegments(NOW + 1_000_000, true)).isEqualTo(2);
        assertThat(log.logStartOffset()).isEqualTo(8);
        assertThat(log.segmentCount()).isEqualTo(1);
    }

    @Test
    void whatIsNotSyncedStays() throws IOException {
        fill("retention.ms", "1");
        for (int i = 0; i < 3; i++) {
            log.append(Batches.of(NOW, "v"), 2, NOW);
        }
        assertThat(log.deleteOldSegments(NOW + 1_000_000, true)).isEqualTo(5);
        log.flushDue(NOW);
        assertThat(log.deleteOldSegments(NOW + 1_000_000, true)).isEqualTo(1);
    }

    @Test
    void compactedTopicsLoseOnlyWhatLiesBelowTheLogStart() throws IOException {
        fill("cleanup.policy", "compact", "retention.ms", "1", "retention.bytes", "0");
        assertThat(log.deleteOldSegments(NOW + 1_000_000, true)).isZero();
        log.deleteRecordsBefore(5);
        assertThat(log.deleteOldSegments(NOW + 1_000_000, true)).isEqualTo(2);
        assertThat(log.logStartOffset()).isEqualTo(5);
        assertThat(Batches.contents(log, 5)).hasSize(5);
    }

    @Test
    void aClockThatIsNotBelievedDeletesNothing() throws IOException {
        fill("retention.ms", "100");
        assertThat(log.deleteOldSegments(NOW + 1_000_000_000, false)).isZero();
        RetentionClock clock = new RetentionClock(-1);
        assertThat(clock.believes(NOW)).isTrue();
        assertThat(clock.believes(NOW + RetentionClock.STEP_MAX_MS)).isTrue();
        long leapt = NOW + 365 * 86_400_000L;
        for (long later = 0; later < RetentionClock.GRACE_MS; later += 60_000) {
            assertThat(clock.believes(leapt + later)).isFalse();
        }
        assertThat(clock.believes(leapt + RetentionClock.GRACE_MS)).isTrue();
        assertThat(clock.believes(NOW)).isTrue();
    }

    @Test
    void aLeapThatIsTakenBackIsForgotten() {
        RetentionClock clock = new RetentionClock(-1);
        assertThat(clock.believes(NOW)).isTrue();
        assertThat(clock.believes(NOW + 86_400_000L)).isFalse();
        assertThat(clock.believes(NOW + 1000)).isTrue();
        assertThat(clock.believes(NOW + 2000)).isTrue();
    }

    @Test
    void filesStayForAWhileSoThatReadsCanEnd() throws IOException {
        fill("retention.ms", "100", "file.delete.delay.ms", "5000");
        LogRead before = log.read(0, 1 << 20, true, Long.MAX_VALUE);
        assertThat(log.deleteOldSegments(NOW + 103, true)).isEqualTo(1);
        assertThat(names("*.deleted")).contains("00000000000000000000.log.deleted");
        assertThat(Batches.read(before.records())).hasSize(2);
        log.tick(NOW + 5102, true);
        assertThat(names("*.deleted")).isNotEmpty();
        log.tick(NOW + 5103, true);
        assertThat(names("*.deleted")).isEmpty();
        assertThat(names("00000000000000000000.*")).isEmpty();
    }

    @Test
    void aTimeIndexThatLiesDeletesNothing() throws IOException {
        fill("retention.ms", "100", "index.interval.bytes", "0");
        log.close(NOW);
        Path index = directory.resolve("00000000000000000004.timeindex");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(index));
        assertThat(bytes.limit()).isEqualTo(TimeIndex.ENTRY_SIZE);
        bytes.putLong(0, 5);
        Files.write(index, bytes.array());
        log = open(Map.of("segment.bytes", "200", "retention.ms", "100"), new LogLoader.Hints(true, 10, 0));
        assertThat(log.deleteOldSegments(NOW + 104, true)).isEqualTo(2);
        assertThat(log.logStartOffset()).isEqualTo(4);
    }

    @Test
    void recordsWithoutTimestampCountFromTheFilesTime() throws IOException {
        log = open(Map.of("segment.bytes", Integer.toString(2 * BATCH), "retention.ms", "100"), LogLoader.Hints.NONE);
        for (int i = 0; i < 4; i++) {
            log.append(Batches.of(-1, "v"), 0, NOW);
        }
        log.flush(4, NOW);
        writtenAt("00000000000000000000.log", NOW);
        writtenAt("00000000000000000002.log", NOW + 50);
        assertThat(log.deleteOldSegments(NOW + 100, true)).isZero();
        assertThat(log.deleteOldSegments(NOW + 101, true)).isEqualTo(1);
    }

    private void writtenAt(String name, long ms) throws IOException {
        Files.setLastModifiedTime(directory.resolve(name), FileTime.fromMillis(ms));
    }

    /** The snapshot at the new beginning may be damaged, and nothing but it knows of producers whose segments have gone. */
    @Test
    void producersOutliveTheirSegments() throws IOException {
        fill("retention.ms", "100");
        log.append(Batches.idempotent(7, 0, 0, "a"), 2, NOW);
        Map<String, String> big =
                Map.of("segment.bytes", Integer.toString(2 * BATCH), "segment.ms", "" + Long.MAX_VALUE);
        log = open(big, LogLoader.Hints.NONE);
        log.append(Batches.idempotent(7, 0, 1, "b"), 2, NOW);
        for (int i = 0; i < 4; i++) {
            log.append(Batches.of(NOW + 1000, "v"), 2, NOW);
        }
        log.flush(16, NOW);
        assertThat(names("*.snapshot")).contains("00000000000000000012.snapshot");
        Files.write(directory.resolve("00000000000000000012.snapshot"), new byte[5]);
        log.reconfigure(LogConfig.from(Map.of("retention.ms", "100")));
        assertThat(log.deleteOldSegments(NOW + 1000, true)).isEqualTo(6);
        log.truncateTo(13);
        assertThat(log.append(Batches.idempotent(7, 0, 0, "a"), 2, NOW).duplicate())
                .isTrue();
    }
}
