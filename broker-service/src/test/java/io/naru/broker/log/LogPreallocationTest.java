package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.disk.LossyDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code preallocate}: segment files have their full length while they are appended to, and their own when they are complete. */
class LogPreallocationTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final int SEGMENT = 1000;
    private static final String FIRST = "00000000000000000000.log";

    @TempDir
    private Path root;

    private Path directory;
    private LossyDisk disk;
    private Log log;

    @BeforeEach
    void openNew() throws IOException {
        directory = root.resolve("orders-0");
        disk = new LossyDisk(directory, true);
        log = open(LogLoader.Hints.NONE);
    }

    private Log open(LogLoader.Hints hints) throws IOException {
        LogConfig config = LogConfig.from(Map.of(
                "preallocate",
                "true",
                "segment.bytes",
                Integer.toString(SEGMENT),
                "index.interval.bytes",
                "100",
                "file.delete.delay.ms",
                "0"));
        return LogLoader.load(
                new LogEnvironment(disk, new Random(1)),
                new TopicPartition("orders", 0),
                directory,
                config,
                hints,
                NOW);
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            long offset = log.logEndOffset();
            assertThat(log.append(Batches.of(NOW, "v" + offset), 0, NOW).firstOffset())
                    .isEqualTo(offset);
        }
    }

    private static List<String> contents(long count) {
        return LongStream.range(0, count).mapToObj(i -> i + "=v" + i).toList();
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Path segment : segments()) {
            bytes += Files.size(segment);
        }
        return bytes;
    }

    @Test
    void theActiveSegmentHasItsFullLengthAndTheSealedOnesTheirOwn() throws IOException {
        assertThat(directory.resolve(FIRST)).hasSize(SEGMENT);
        append(30);
        assertThat(log.segmentCount()).isGreaterThan(2);
        log.flushDue(NOW);
        List<Path> files = segments();
        for (Path sealed : files.subList(0, files.size() - 1)) {
            assertThat(Files.size(sealed)).isLessThan(SEGMENT);
        }
        assertThat(files.get(files.size() - 1)).hasSize(SEGMENT);
        assertThat(Batches.contents(log, 0)).isEqualTo(contents(30));
        log.close(NOW);
        assertThat(bytesOnDisk()).isEqualTo(log.sizeInBytes());
        log = open(new LogLoader.Hints(true, 30, 0));
        append(1);
        assertThat(Batches.contents(log, 0)).isEqualTo(contents(31));
    }

    @Test
    void dumpLogSegmentsHasNothingToComplainOf() throws IOException {
        append(40);
        log.close(NOW);
        for (Path segment : segments()) {
            assertThat(DumpLogSegmentsTest.dump(segment, "--deep-iteration"))
                    .contains("isvalid: true")
                    .doesNotContain("isvalid: false")
                    .doesNotContain("Found");
            Path index = segment.resolveSibling(segment.getFileName().toString().replace(".log", ".index"));
            assertThat(DumpLogSegmentsTest.dump(index, "--index-sanity-check"))
                    .containsAnyOf("passed sanity check", "is empty");
        }
    }

    @Test
    void whatAKillLeavesIsNoDamage() throws IOException {
        append(30);
        disk.closeAll();
        log = open(LogLoader.Hints.NONE);
        assertThat(bytesOnDisk()).isEqualTo(log.sizeInBytes());
        assertThat(Batches.contents(log, 0)).isEqualTo(contents(30));
        assertThat(directory.toFile().list((dir, name) -> name.endsWith(LogFiles.CORRUPT)))
                .isEmpty();
        append(1);
        assertThat(Batches.contents(log, 0)).isEqualTo(contents(31));
    }

    /** Everything was synced, then the segment was sealed, then the process died before its zeros were cut off. */
    @Test
    void aSegmentSealedAfterTheLastFlushIsTrimmedByTheNextStart() throws IOException {
        append(3);
        log.flush(3, NOW);
        log.maybeRoll(NOW + 8 * 86_400_000L);
        assertThat(log.segmentCount()).isEqualTo(2);
        assertThat(directory.resolve(FIRST)).hasSize(SEGMENT);
        disk.closeAll();
        log = open(new LogLoader.Hints(false, 3, 0));
        assertThat(Files.size(directory.resolve(FIRST))).isLessThan(SEGMENT);
        assertThat(log.logEndOffset()).isEqualTo(3);
        append(3);
        assertThat(log.scrub(Throttle.NONE)).isEmpty();
        assertThat(Batches.contents(log, 0)).isEqualTo(contents(6));
    }

    @Test
    void zerosWhereRecordsWereAreDamageStill() throws IOException {
        append(30);
        log.close(NOW);
        Path first = segments().get(0);
        long before = Files.size(first);
        try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "rw")) {
            file.setLength(before - 75);
            file.setLength(before);
        }
        log = open(LogLoader.Hints.NONE);
        assertThat(log.logEndOffset()).isLessThan(30);
        assertThat(directory.toFile().list((dir, name) -> name.endsWith(LogFiles.CORRUPT)))
                .isNotEmpty();
    }

    @Test
    void truncationMakesRoomAndAppendsGoOn() throws IOException {
        append(30);
        log.truncateTo(4);
        append(20);
        log.flush(24, NOW);
        assertThat(Batches.contents(log, 0)).isEqualTo(contents(24));
        log.close(NOW);
        assertThat(bytesOnDisk()).isEqualTo(log.sizeInBytes());
    }

    @Test
    void aDiskTooFullForAnotherSegmentRefusesAndGoesOnWhenThereIsRoom() throws IOException {
        append(1);
        while (log.sizeInBytes() <= SEGMENT - 75) {
            append(1);
        }
        long end = log.logEndOffset();
        disk.fullAfter(0);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> log.append(Batches.of(NOW, "no"), 0, NOW))
                    .isInstanceOf(KafkaStorageException.class);
        }
        disk.fullAfter(Long.MAX_VALUE);
        append(5);
        assertThat(Batches.contents(log, 0)).isEqualTo(contents(end + 5));
    }
}
