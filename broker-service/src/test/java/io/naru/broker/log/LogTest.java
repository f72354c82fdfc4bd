package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private Log log;

    @BeforeEach
    void open() throws IOException {
        log = open(Map.of("segment.bytes", "1000", "index.interval.bytes", "100"), LogLoader.Hints.NONE);
    }

    private Log open(Map<String, String> config, LogLoader.Hints hints) throws IOException {
        return LogLoader.load(
                LogEnvironment.local(1), PARTITION, directory.resolve("orders-3"), LogConfig.from(config), hints, NOW);
    }

    private void fill(int records) {
        for (int i = 0; i < records; i++) {
            log.append(Batches.of(NOW + i, "value-" + i), 0, NOW + i);
        }
    }

    private static List<String> expected(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> i + "=value-" + i).toList();
    }

    @Test
    void givesOffsetsInOrderOfAppend() {
        assertThat(log.append(Batches.of(NOW, "a", "b"), 0, NOW)).isEqualTo(new LogAppend(0, 1, -1, 0, false));
        assertThat(log.append(Batches.of(NOW, "c"), 0, NOW)).isEqualTo(new LogAppend(2, 2, -1, 0, false));
        assertThat(Batches.contents(log, 0)).containsExactly("0=a", "1=b", "2=c");
    }

    @Test
    void readsFromAnyOffsetAcrossSegments() {
        fill(200);
        assertThat(log.segmentCount()).isGreaterThan(10);
        for (int offset = 0; offset <= 200; offset++) {
            assertThat(Batches.contents(log, offset)).isEqualTo(expected(offset, 200));
        }
    }

    @Test
    void readsSealedSegmentsThroughTheirIndexFilesAfterARestart() throws IOException {
        fill(200);
        log.close(NOW);
        log = open(
                Map.of("segment.bytes", "1000", "index.interval.bytes", "100"),
                new LogLoader.Hints(true, log.logEndOffset(), 0));
        for (int offset = 0; offset <= 200; offset += 7) {
            assertThat(Batches.contents(log, offset)).isEqualTo(expected(offset, 200));
        }
    }

    @Test
    void recoversEverythingAfterAStopWithoutClose() throws IOException {
        fill(200);
        log = open(Map.of("segment.bytes", "1000", "index.interval.bytes", "100"), LogLoader.Hints.NONE);
        assertThat(log.logEndOffset()).isEqualTo(200);
        assertThat(Batches.contents(log, 0)).isEqualTo(expected(0, 200));
        fill(3);
        assertThat(log.logEndOffset()).isEqualTo(203);
    }

    @Test
    void hidesWhatLiesAtOrAboveTheBound() {
        fill(50);
        for (int bound = 0; bound <= 50; bound++) {
            for (int offset = 0; offset <= 50; offset += 5) {
                List<org.apache.kafka.common.record.internal.Record> seen =
                        Batches.read(log.read(offset, 1 << 20, true, bound).records());
                assertThat(seen).allMatch(record -> true);
                for (var record : seen) {
                    assertThat(record.offset()).isLessThan(bound);
                }
                if (offset < bound) {
                    assertThat(seen).isNotEmpty();
                    assertThat(seen.get(0).offset()).isEqualTo(offset);
                }
            }
        }
    }

    @Test
    void byteLimitGivesTheFirstBatchWholeOnlyWhenAsked() {
        fill(5);
        int batch = Batches.of(NOW, "value-0").sizeInBytes();
        assertThat(log.read(0, batch - 1, false, 5).records()).isEqualTo(MemoryRecords.EMPTY);
        assertThat(log.read(0, 1, true, 5).sizeInBytes()).isEqualTo(batch);
        assertThat(log.read(0, batch + 10, true, 5).sizeInBytes()).isEqualTo(batch + 10);
        assertThat(log.read(0, 1 << 20, true, 5).sizeInBytes()).isEqualTo(5 * batch);
    }

    @Test
    void refusesOffsetsOutsideTheLog() {
        fill(5);
        assertThat(log.read(5, 100, true, Long.MAX_VALUE).records()).isEqualTo(MemoryRecords.EMPTY);
        assertThatThrownBy(() -> log.read(6, 100, true, Long.MAX_VALUE))
                .isInstanceOfSatisfying(LogOffsetOutOfRangeException.class, e -> {
                    assertThat(e.logEndOffset()).isEqualTo(5);
                    assertThat(e.offset()).isEqualTo(6);
                });
        assertThatThrownBy(() -> log.read(-1, 100, true, Long.MAX_VALUE))
                .isInstanceOf(LogOffsetOutOfRangeException.class);
        log.deleteRecordsBefore(3);
        assertThatThrownBy(() -> log.read(2, 100, true, Long.MAX_VALUE))
                .isInstanceOf(LogOffsetOutOfRangeException.class);
        assertThat(Batches.contents(log, 3)).isEqualTo(expected(3, 5));
    }

    @Test
    void findsTheFirstRecordOfATimestamp() {
        fill(200);
        for (int i = 0; i < 200; i++) {
            assertThat(log.offsetForTimestamp(NOW + i)).contains(new TimestampAndOffset(NOW + i, i));
        }
        assertThat(log.offsetForTimestamp(0)).contains(new TimestampAndOffset(NOW, 0));
        assertThat(log.offsetForTimestamp(NOW + 200)).isEmpty();
        assertThat(log.maxTimestamp()).contains(new TimestampAndOffset(NOW + 199, 199));
    }

    @Test
    void truncatesAtAnyOffset() {
        for (int offset = 60; offset >= 0; offset -= 7) {
            log.truncateFullyAndStartAt(0);
            fill(60);
            log.truncateTo(offset);
            assertThat(log.logEndOffset()).isEqualTo(offset);
            assertThat(Batches.contents(log, 0)).isEqualTo(expected(0, offset));
            fill(2);
            assertThat(log.logEndOffset()).isEqualTo(offset + 2);
        }
    }

    @Test
    void flushMovesTheRecoveryPointAndWritesIndexesOfSealedSegments() throws IOException {
        fill(100);
        assertThat(log.recoveryPoint()).isZero();
        log.flush(100, NOW);
        assertThat(log.recoveryPoint()).isEqualTo(100);
        try (var files = Files.list(log.directory())) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertThat(names.stream().filter(name -> name.endsWith(".index")).count())
                    .isEqualTo(log.segmentCount() - 1);
        }
    }

    @Test
    void rollsByAge() {
        log.append(Batches.of(NOW, "a"), 0, NOW);
        assertThat(log.maybeRoll(NOW + 604_799_999)).isFalse();
        assertThat(log.maybeRoll(NOW + 604_800_000)).isTrue();
        assertThat(log.maybeRoll(NOW + 604_800_000)).isFalse();
        assertThat(log.segmentCount()).isEqualTo(2);
        log.append(Batches.of(NOW, "b"), 0, NOW);
        assertThat(Batches.contents(log, 0)).containsExactly("0=a", "1=b");
    }

    @Test
    void followerKeepsOffsetsAndEpochs() {
        log.appendAsFollower(Batches.stored(Batches.of(NOW, "a", "b"), 10, 2), NOW);
        log.appendAsFollower(Batches.stored(Batches.of(NOW, "c"), 15, 4), NOW);
        assertThat(log.logEndOffset()).isEqualTo(16);
        assertThat(Batches.contents(log, 0)).containsExactly("10=a", "11=b", "15=c");
        assertThat(log.endOffsetForEpoch(2)).contains(new EpochEnd(2, 15));
        assertThat(log.endOffsetForEpoch(3)).contains(new EpochEnd(2, 15));
        assertThat(log.endOffsetForEpoch(4)).contains(new EpochEnd(4, 16));
        assertThat(log.endOffsetForEpoch(5)).isEmpty();
    }
}
