package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.cleaner.CleaningResult;
import io.naru.broker.log.cleaner.LogCleaner;
import io.naru.broker.log.cleaner.OffsetMap;
import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogCompactionTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long MAP = 1 << 20;

    @TempDir
    private Path directory;

    private Log log;
    private long durable = Long.MAX_VALUE;
    private long cleanedTo;

    private void open(String... config) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of("cleanup.policy", "compact", "segment.bytes", "400"));
        for (int i = 0; i < config.length; i += 2) {
            all.put(config[i], config[i + 1]);
        }
        log = LogLoader.load(
                new LogEnvironment(Disk.local(), new Random(1)),
                new TopicPartition("orders", 0),
                directory,
                LogConfig.from(all),
                new LogLoader.Hints(false, cleanedTo, 0),
                NOW);
        log.highWatermark(log::logEndOffset);
        log.checkpoints(
                new LogCheckpoints() {
                    @Override
                    public long durableRecoveryPoint() {
                        return durable;
                    }

                    @Override
                    public void cleanedTo(long offset) {
                        cleanedTo = offset;
                    }
                },
                cleanedTo);
    }

    /** One record {@code key=value}, or a tombstone {@code key}. */
    private void append(String text, long atMs) {
        log.append(MemoryRecords.withRecords(Compression.NONE, record(text, atMs)), 0, atMs);
    }

    private static SimpleRecord record(String text, long atMs) {
        String[] parts = text.split("=", 2);
        return new SimpleRecord(
                atMs,
                parts[0].isEmpty() ? null : parts[0].getBytes(StandardCharsets.UTF_8),
                parts.length == 1 ? null : parts[1].getBytes(StandardCharsets.UTF_8));
    }

    private void appendAll(String... texts) throws IOException {
        for (String text : texts) {
            append(text, NOW);
        }
        seal();
    }

    /** Puts everything into sealed, synced segments. */
    private void seal() throws IOException {
        append("seal=" + "x".repeat(250), NOW);
        append("seal=" + "x".repeat(250), NOW);
        log.flush(log.logEndOffset(), NOW);
    }

    private CleaningResult clean(long nowMs) throws IOException {
        return log.compaction().clean(MAP, Throttle.NONE, nowMs);
    }

    private List<Record> records() {
        List<Record> all = new ArrayList<>();
        long next = log.logStartOffset();
        while (true) {
            LogRead read = log.read(next, 10_000, true, Long.MAX_VALUE);
            if (read.sizeInBytes() == 0) {
                return all;
            }
            for (Record record : Batches.read(read.records())) {
                if (record.offset() >= next) {
                    all.add(record);
                }
            }
            next = Batches.lastOffset(read.records()) + 1;
        }
    }

    /** {@code offset:key=value} of what is left, without what {@link #seal} added. */
    private List<String> left() {
        List<String> all = new ArrayList<>();
        for (Record record : records()) {
            String key = record.hasKey()
                    ? StandardCharsets.UTF_8.decode(record.key()).toString()
                    : "";
            if (!key.equals("seal")) {
                all.add(record.offset() + ":" + key
                        + (record.hasValue() ? "=" + StandardCharsets.UTF_8.decode(record.value()) : ""));
            }
        }
        return all;
    }

    @Test
    void theLastRecordOfEachKeyStaysAtItsOffset() throws IOException {
        open();
        appendAll("a=1", "b=1", "a=2", "c=1", "b=2", "a=3");
        long before = log.sizeInBytes();
        CleaningResult result = clean(NOW);
        assertThat(left()).containsExactly("3:c=1", "4:b=2", "5:a=3");
        assertThat(log.sizeInBytes()).isLessThan(before);
        assertThat(result.cleanedTo()).isEqualTo(log.logEndOffset() - 1);
        assertThat(result.bytesRead()).isGreaterThan(result.bytesWritten());
        assertThat(log.logEndOffset()).isEqualTo(8);
        assertThat(log.compaction().dirtiness(NOW).dirtyBytes()).isZero();
        assertThat(log.offsetForTimestamp(NOW)).contains(new TimestampAndOffset(NOW, 3));
        log.close(NOW);
        open();
        assertThat(left()).containsExactly("3:c=1", "4:b=2", "5:a=3");
    }

    @Test
    void smallSegmentsBecomeOne() throws IOException {
        open();
        for (int round = 0; round < 20; round++) {
            appendAll("a=" + round, "b=" + round);
        }
        int segments = log.segmentCount();
        clean(NOW);
        clean(NOW);
        assertThat(log.segmentCount()).isLessThan(segments / 3);
        assertThat(left()).hasSize(2);
    }

    @Test
    void tombstonesStayForTheirTimeAndThenGo() throws IOException {
        open("delete.retention.ms", "1000");
        appendAll("a=1", "b=1", "a");
        clean(NOW + 10_000);
        assertThat(left()).as("the time counts from the first cleaning").containsExactly("1:b=1", "2:a");
        seal();
        clean(NOW + 10_999);
        assertThat(left()).containsExactly("1:b=1", "2:a");
        assertThat(records()).extracting(Record::timestamp).containsOnly(NOW);
        seal();
        clean(NOW + 11_000);
        assertThat(left()).containsExactly("1:b=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void headersValuesAndCodecsStay(String codec) throws IOException {
        open();
        Header[] headers = {new RecordHeader("h", new byte[] {1}), new RecordHeader("h", null)};
        SimpleRecord kept = new SimpleRecord(NOW - 7, "a".getBytes(StandardCharsets.UTF_8), new byte[0], headers);
        Compression compression =
                LogConfig.from(Map.of("compression.type", codec)).compression().orElseThrow();
        log.append(MemoryRecords.withRecords(compression, record("b=1", NOW), kept, record("c=1", NOW)), 0, NOW);
        appendAll("b=2", "c=2");
        clean(NOW);
        Record first = records().get(0);
        assertThat(first.offset()).isEqualTo(1);
        assertThat(first.timestamp()).isEqualTo(NOW - 7);
        assertThat(first.valueSize()).isZero();
        assertThat(first.headers()).containsExactly(headers);
        assertThat(left()).hasSize(3);
    }

    @Test
    void recordsWithoutKeyGo() throws IOException {
        open("cleanup.policy", "delete");
        append("=no key", NOW);
        append("a=1", NOW);
        log.reconfigure(LogConfig.from(Map.of("cleanup.policy", "compact", "segment.bytes", "400")));
        seal();
        clean(NOW);
        assertThat(left()).containsExactly("1:a=1");
    }

    @Test
    void nothingAtOrAboveTheHighWatermarkIsTouched() throws IOException {
        open();
        appendAll("a=1", "a=2");
        appendAll("a=3", "a=4");
        List<String> all = left();
        log.highWatermark(() -> 0);
        clean(NOW);
        assertThat(left()).isEqualTo(all);
        log.highWatermark(() -> 4);
        clean(NOW);
        assertThat(left()).containsExactly("1:a=2", "4:a=3", "5:a=4");
    }

    @Test
    void nothingIsTouchedThatThePowerCouldTake() throws IOException {
        open();
        durable = 0;
        appendAll("a=1", "a=2");
        clean(NOW);
        assertThat(left()).hasSize(2);
        durable = Long.MAX_VALUE;
        clean(NOW);
        assertThat(left()).hasSize(1);
    }

    @Test
    void aFullMapCleansAsFarAsItKnows() throws IOException {
        open();
        String[] texts = new String[40];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = "k" + i % 20 + "=" + i;
        }
        appendAll(texts);
        CleaningResult first = log.compaction().clean(16L * OffsetMap.SLOT_BYTES, Throttle.NONE, NOW);
        assertThat(first.cleanedTo()).isEqualTo(12);
        assertThat(left()).hasSize(40);
        for (int i = 0; i < 4; i++) {
            log.compaction().clean(16L * OffsetMap.SLOT_BYTES, Throttle.NONE, NOW);
        }
        assertThat(left()).hasSize(20).first().isEqualTo("20:k0=20");
    }

    @Test
    void lagsAndRatioDecideWhenItIsTime() throws IOException {
        open("min.compaction.lag.ms", "1000", "max.compaction.lag.ms", "60000", "min.cleanable.dirty.ratio", "0.9");
        appendAll("a=1", "a=2");
        assertThat(log.compaction().dirtiness(NOW + 999).dirtyBytes()).isZero();
        assertThat(log.compaction().dirtiness(NOW + 1000).due()).isTrue();
        clean(NOW + 999);
        assertThat(left()).hasSize(2);
        clean(NOW + 1000);
        assertThat(left()).hasSize(1);
        appendAll("b=1");
        assertThat(log.compaction().dirtiness(NOW + 1000).due()).isFalse();
        assertThat(log.compaction().dirtiness(NOW + 60_001).due()).isTrue();
        append("c=1", NOW);
        long segments = log.segmentCount();
        assertThat(log.maybeRoll(NOW + 60_000))
                .as("what may not wait is not left in the active segment")
                .isTrue();
        assertThat(log.segmentCount()).isEqualTo((int) segments + 1);
    }

    /** In the first batch, inside its CRC; in the second one's base offset, outside of it. */
    @ParameterizedTest
    @CsvSource({"69, 0: CRC", "70, 70: offset 72057594037927937"})
    void damageIsNotSealedIn(int position, String what) throws IOException {
        open();
        appendAll("a=1", "b=1", "a=2");
        List<String> all = left();
        try (RandomAccessFile file = new RandomAccessFile(
                directory.resolve("00000000000000000000.log").toFile(), "rw")) {
            file.seek(position);
            int before = file.read();
            file.seek(position);
            file.write(before ^ 1);
        }
        assertThatThrownBy(() -> clean(NOW))
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("00000000000000000000.log is damaged at position " + what);
        assertThat(all).hasSize(3);
        assertThat(directory.resolve("00000000000000000000.log.cleaned")).doesNotExist();
        LogCleaner cleaner = new LogCleaner(() -> List.of(log.compaction()), MAP, Throttle.NONE);
        assertThat(cleaner.cleanDirtiest(NOW)).isTrue();
        assertThat(cleaner.cleanDirtiest(NOW + 1_000_000)).isFalse();
        assertThat(cleaner.stats().uncleanable()).isEqualTo(1);
        assertThat(cleaner.stats().backlogBytes()).isPositive();
    }

    @Test
    void readersUnderWayReadOn() throws IOException {
        open("file.delete.delay.ms", "1000");
        appendAll("a=1", "a=2");
        LogRead before = log.read(0, 10_000, true, Long.MAX_VALUE);
        clean(NOW);
        assertThat(Batches.read(before.records())).hasSize(2);
        assertThat(left()).containsExactly("1:a=2");
        log.tick(NOW + 1000, true);
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(
                            name -> name.endsWith(".deleted") || name.endsWith(".swap") || name.endsWith(".cleaned"));
        }
        assertThat(left()).containsExactly("1:a=2");
    }

    /** By its name it would find the file of the segment that took its place. */
    @Test
    void aReplacedSegmentOpensNothingAnyMore() throws IOException {
        LogSegment segment = LogSegment.create(Disk.local(), directory, 0, LogConfig.DEFAULT);
        segment.append(Batches.stored(Batches.of(NOW, "a"), 0, 0).buffer(), NOW);
        segment.release();
        assertThat(segment.find(0)).isNotNull();
        segment.release();
        segment.detach();
        assertThatThrownBy(() -> segment.find(0)).isInstanceOf(IOException.class);
    }

    /** A tombstone was the last record, and nothing follows it. */
    @Test
    void readersReachTheEndWhateverIsGone() throws IOException {
        open("delete.retention.ms", "1000", "segment.ms", "5000");
        append("a=1", NOW);
        append("a", NOW);
        assertThat(log.maybeRoll(NOW + 5000)).isTrue();
        log.flush(2, NOW);
        log.flushDue(NOW);
        clean(NOW);
        clean(NOW + 2000);
        assertThat(left()).isEmpty();
        LogRead read = log.read(0, 1000, true, Long.MAX_VALUE);
        assertThat(Batches.lastOffset(read.records()) + 1)
                .isEqualTo(log.logEndOffset())
                .isEqualTo(2);
    }

    @Test
    void compactedAndDeletedTopicsDoBoth() throws IOException {
        open("cleanup.policy", "compact,delete", "retention.ms", "1000");
        appendAll("a=1", "a=2", "b=1");
        clean(NOW);
        assertThat(left()).containsExactly("1:a=2", "2:b=1");
        assertThat(log.deleteOldSegments(NOW + 1001, true)).isPositive();
        assertThat(left()).isEmpty();
        assertThat(log.logEndOffset()).isEqualTo(5);
    }

    @Test
    void whatIsAppendedAfterATruncationIsDirtyAgain() throws IOException {
        open();
        appendAll("a=1", "b=1");
        clean(NOW);
        log.truncateTo(1);
        assertThat(cleanedTo).isEqualTo(1);
        appendAll("c=1", "c=2");
        clean(NOW);
        assertThat(left()).containsExactly("0:a=1", "2:c=2");
    }
}
