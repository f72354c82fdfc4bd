package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRollTest {

    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private Log open(Map<String, String> config, LogLoader.Hints hints, long nowMs) throws IOException {
        return LogLoader.load(
                new LogEnvironment(io.naru.broker.log.disk.Disk.local(), new Random(11)),
                new TopicPartition("orders", 0),
                directory,
                LogConfig.from(config),
                hints,
                nowMs);
    }

    private Log open(Map<String, String> config) throws IOException {
        return open(config, LogLoader.Hints.NONE, NOW);
    }

    @Test
    void aBatchThatWouldNotFitBeginsASegment() throws IOException {
        int batch = Batches.of(NOW, "a").sizeInBytes();
        Log log = open(Map.of("segment.bytes", Integer.toString(2 * batch + 1)));
        for (int i = 0; i < 6; i++) {
            log.append(Batches.of(NOW, "a"), 0, NOW);
            assertThat(log.segmentCount()).isEqualTo(i / 2 + 1);
        }
        assertThat(directory.resolve("00000000000000000004.log")).exists();
    }

    @Test
    void aFullIndexBeginsASegment() throws IOException {
        Log log = open(Map.of("segment.index.bytes", "48", "index.interval.bytes", "0"));
        for (int i = 0; i < 20; i++) {
            log.append(Batches.of(NOW + i, "a"), 0, NOW);
        }
        assertThat(log.segmentCount()).isGreaterThan(4);
        assertThat(Batches.contents(log, 0)).hasSize(20);
    }

    @Test
    void anOffsetTooFarFromTheBaseBeginsASegment() throws IOException {
        Log log = open(Map.of());
        log.appendAsFollower(Batches.stored(Batches.of(NOW, "a"), 5, 0), NOW);
        log.appendAsFollower(Batches.stored(Batches.of(NOW, "b"), Integer.MAX_VALUE, 0), NOW);
        assertThat(log.segmentCount()).isEqualTo(1);
        log.appendAsFollower(Batches.stored(Batches.of(NOW, "c"), 1L + Integer.MAX_VALUE, 0), NOW);
        assertThat(log.segmentCount()).isEqualTo(2);
        log.appendAsFollower(Batches.stored(Batches.of(NOW, "d"), 7L * Integer.MAX_VALUE, 0), NOW);
        assertThat(log.segmentCount()).isEqualTo(3);
        assertThat(Batches.contents(log, 0))
                .containsExactly(
                        "5=a", Integer.MAX_VALUE + "=b", 1L + Integer.MAX_VALUE + "=c", 7L * Integer.MAX_VALUE + "=d");
    }

    @Test
    void anEmptySegmentIsReplacedWhenItsBaseIsTooFarAway() throws IOException {
        Log log = open(Map.of());
        log.appendAsFollower(Batches.stored(Batches.of(NOW, "a"), 5L * Integer.MAX_VALUE, 0), NOW);
        assertThat(log.segmentCount()).isEqualTo(1);
        assertThat(Batches.contents(log, 0)).containsExactly(5L * Integer.MAX_VALUE + "=a");
        log = open(Map.of());
        assertThat(Batches.contents(log, log.logStartOffset())).containsExactly(5L * Integer.MAX_VALUE + "=a");
    }

    @Test
    void ageCountsFromTheFirstAppendByTheBrokersClock() throws IOException {
        Log log = open(Map.of("segment.ms", "1000"));
        log.append(Batches.of(NOW - 500_000, "an old record, just arrived"), 0, NOW);
        log.append(Batches.of(NOW, "a"), 0, NOW + 999);
        assertThat(log.segmentCount()).isEqualTo(1);
        log.append(Batches.of(NOW, "b"), 0, NOW + 1000);
        assertThat(log.segmentCount()).isEqualTo(2);
        assertThat(log.maybeRoll(NOW + 1999)).isFalse();
        assertThat(log.maybeRoll(NOW + 2000)).isTrue();
        assertThat(log.maybeRoll(NOW + 90_000)).isFalse();
    }

    @Test
    void ageGoesOnCountingAfterARestart() throws IOException {
        Log log = open(Map.of("segment.ms", "1000"));
        log.append(Batches.of(NOW, "a"), 0, NOW);
        log.close(NOW);
        log = open(Map.of("segment.ms", "1000"), new LogLoader.Hints(true, 1, 0), NOW + 700);
        assertThat(log.maybeRoll(NOW + 999)).isFalse();
        assertThat(log.maybeRoll(NOW + 1000)).isTrue();
    }

    @Test
    void jitterSpreadsTheRolls() throws IOException {
        Log log = open(Map.of("segment.ms", "1000", "segment.jitter.ms", "900"));
        Set<Long> ages = new HashSet<>();
        for (int segment = 0; segment < 20; segment++) {
            long began = NOW + segment * 10_000L;
            log.append(Batches.of(NOW, "a"), 0, began);
            long age = 0;
            while (!log.maybeRoll(began + age)) {
                age += 10;
            }
            assertThat(age).isBetween(100L, 1000L);
            ages.add(age);
        }
        assertThat(ages).hasSizeGreaterThan(5);
    }
}
