package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine that comes up with a clock that is years off, as without a battery, must not clear its disk before somebody notices. */
class WrongClockTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 86_400_000L;
    private static final long YEARS_MS = 5 * 365 * DAY_MS;
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition KEYED = new TopicPartition("__keyed", 0);

    @TempDir
    private Path data;

    private LogManager manager;
    private long nowMs = NOW;

    /** Ten records and one tombstone that are too old after a day, and a producer that is forgotten after one. */
    @BeforeEach
    void fillAndStop() throws IOException {
        open();
        for (int i = 0; i < 10; i++) {
            SimpleRecord record = new SimpleRecord(NOW, new byte[] {1}, i == 9 ? null : new byte[] {(byte) i});
            log(ORDERS).append(MemoryRecords.withIdempotentRecords(Compression.NONE, 7, (short) 0, i, record), 0, NOW);
            log(KEYED).append(MemoryRecords.withRecords(Compression.NONE, record), 0, NOW);
        }
        stop();
    }

    @AfterEach
    void stop() throws IOException {
        manager.close(nowMs, 1);
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(nowMs));
            }
        }
    }

    private void open() throws IOException {
        manager = LogManager.open(LogSettings.of(data, "cluster", 1), nowMs);
        log(ORDERS).highWatermark(() -> Long.MAX_VALUE);
        log(KEYED).highWatermark(() -> Long.MAX_VALUE);
    }

    private Log log(TopicPartition partition) {
        LogConfig config = LogConfig.from(Map.of(
                "segment.bytes",
                "200",
                "retention.ms",
                Long.toString(DAY_MS),
                "delete.retention.ms",
                Long.toString(DAY_MS),
                "producer.id.expiration.ms",
                Long.toString(DAY_MS),
                "cleanup.policy",
                partition.equals(KEYED) ? "compact" : "delete"));
        return manager.getOrCreate(partition, Uuid.ONE_UUID, config, nowMs);
    }

    private void live(long ms) {
        for (long end = nowMs + ms; nowMs < end; nowMs += MINUTE_MS) {
            manager.tick(nowMs);
        }
    }

    private List<Long> offsets() {
        return Stream.of(ORDERS, KEYED)
                .map(partition -> log(partition).logStartOffset())
                .toList();
    }

    private boolean isRepeat(int sequence) {
        SimpleRecord record = new SimpleRecord(nowMs, new byte[] {1}, null);
        return log(ORDERS)
                .append(MemoryRecords.withIdempotentRecords(Compression.NONE, 7, (short) 0, sequence, record), 0, nowMs)
                .duplicate();
    }

    @ParameterizedTest
    @ValueSource(longs = {-YEARS_MS, -DAY_MS - MINUTE_MS, 2 * DAY_MS, YEARS_MS})
    void nothingIsForgottenForItsAge(long offMs) throws IOException {
        nowMs = NOW + offMs;
        open();
        live(RetentionClock.GRACE_MS - MINUTE_MS);
        assertThat(offsets()).containsExactly(0L, 0L);
        assertThat(isRepeat(9)).isTrue();
        assertThat(manager.cleanable().isEmpty()).isEqualTo(offMs > 0);
    }

    @Test
    void aTimeThatLastsIsTheTime() throws IOException {
        nowMs = NOW + 2 * DAY_MS;
        open();
        live(RetentionClock.GRACE_MS + 2 * MINUTE_MS);
        assertThat(offsets()).containsExactly(10L, 0L);
        assertThat(manager.cleanable()).hasSize(2);
    }

    @Test
    void aShortStopIsNoLeap() throws IOException {
        nowMs = NOW + RetentionClock.STEP_MAX_MS;
        open();
        manager.tick(nowMs);
        assertThat(manager.cleanable()).hasSize(2);
    }

    @Test
    void aClockThatIsSetRightSoonDoesNoHarm() throws IOException {
        nowMs = NOW + YEARS_MS;
        open();
        live(5 * MINUTE_MS);
        nowMs = NOW + 6 * MINUTE_MS;
        live(30 * MINUTE_MS);
        assertThat(offsets()).containsExactly(0L, 0L);
        assertThat(isRepeat(8)).isTrue();
        nowMs = NOW + DAY_MS + 2 * MINUTE_MS;
        live(MINUTE_MS);
        assertThat(offsets()).containsExactly(0L, 0L);
        live(RetentionClock.GRACE_MS);
        assertThat(offsets()).containsExactly(10L, 0L);
    }
}
