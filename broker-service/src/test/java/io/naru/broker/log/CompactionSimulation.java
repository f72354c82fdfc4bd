package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.cleaner.CleaningResult;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.OffsetMap;
import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.disk.LossyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * One life of one compacted log from a seed: keyed records and tombstones, cleanings, kills and power cuts at any step of a
 * cleaning. Whatever happens, the last record of each key is there, nothing is there that was not written, and nothing at or above
 * the high watermark is missing.
 */
final class CompactionSimulation {

    private static final TopicPartition PARTITION = new TopicPartition("compacted", 0);
    private static final long DELETE_RETENTION_MS = 5_000;

    private final Random random;
    private final Path root;
    private final LogConfig config;
    private final TreeMap<Long, Written> model = new TreeMap<>();
    private final Map<Long, List<Sent>> sent = new HashMap<>();

    private Path directory;
    private LossyDisk disk;
    private Log log;
    private int images;
    private long nowMs = 1_700_000_000_000L;
    private long recoveryPoint;
    private long cleanedTo;
    private long highWatermark;
    /** The greatest high watermark that a cleaning saw. */
    private long committed;

    /** One record; a null value is a tombstone. */
    private record Written(String key, @Nullable String value, long atMs) {}

    /** One batch of a producer. */
    private record Sent(long firstOffset, long lastOffset, int firstSequence, List<SimpleRecord> records) {}

    CompactionSimulation(long seed, Path root) throws IOException {
        this.random = new Random(seed);
        this.root = root;
        this.config = LogConfig.from(Map.of(
                "cleanup.policy",
                "compact",
                "preallocate",
                Boolean.toString(random.nextInt(3) == 0),
                "segment.bytes",
                Integer.toString(400 + random.nextInt(1500)),
                "index.interval.bytes",
                Integer.toString(random.nextInt(300)),
                "delete.retention.ms",
                Long.toString(DELETE_RETENTION_MS),
                "file.delete.delay.ms",
                "1000"));
        this.directory = root.resolve("image-0");
        this.disk = new LossyDisk(directory, true);
        open();
    }

    void run(int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            step();
            verify();
        }
        disk.closeAll();
    }

    private void step() throws IOException {
        nowMs += random.nextInt(800);
        int dice = random.nextInt(100);
        if (dice < 50) {
            append();
        } else if (dice < 60) {
            log.flush(log.logEndOffset(), nowMs);
            log.flushDue(nowMs);
            recoveryPoint = log.recoveryPoint();
        } else if (dice < 75) {
            clean(Integer.MAX_VALUE);
        } else if (dice < 85) {
            clean(random.nextInt(40));
        } else if (dice < 88) {
            repeat();
        } else if (dice < 92) {
            log.tick(nowMs, true);
        } else if (dice < 94) {
            stopAndStart();
        } else if (dice < 97) {
            kill();
        } else {
            cutPower();
        }
    }

    private void open() throws IOException {
        LogLoader.Hints hints = new LogLoader.Hints(false, recoveryPoint, 0);
        log = LogLoader.load(new LogEnvironment(disk, random), PARTITION, directory, config, hints, nowMs);
        log.highWatermark(() -> highWatermark);
        log.checkpoints(new Checkpoints(), cleanedTo);
    }

    private final class Checkpoints implements LogCheckpoints {

        @Override
        public void lowerRecoveryPoint(long offset) {
            recoveryPoint = Math.min(recoveryPoint, offset);
        }

        @Override
        public long durableRecoveryPoint() {
            return recoveryPoint;
        }

        @Override
        public void cleanedTo(long offset) {
            if (!disk.dead()) {
                cleanedTo = offset;
            }
        }
    }

    // ---------------------------------------------------------------- changes

    private SimpleRecord[] someRecords(long firstOffset) {
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(4)];
        for (int i = 0; i < records.length; i++) {
            String key = "k" + random.nextInt(6);
            String value = random.nextInt(4) == 0 ? null : (firstOffset + i) + "x".repeat(random.nextInt(40));
            model.put(firstOffset + i, new Written(key, value, nowMs));
            records[i] = new SimpleRecord(
                    nowMs,
                    key.getBytes(StandardCharsets.UTF_8),
                    value == null ? null : value.getBytes(StandardCharsets.UTF_8));
        }
        return records;
    }

    private void append() {
        long offset = log.logEndOffset();
        SimpleRecord[] records = someRecords(offset);
        Compression codec = Compression.of(
                        random.nextInt(3) > 0 ? CompressionType.NONE : CompressionType.forId(random.nextInt(5)))
                .build();
        if (random.nextInt(3) > 0) {
            log.append(MemoryRecords.withRecords(codec, records), 0, nowMs);
            return;
        }
        long producerId = random.nextInt(2);
        List<Sent> last = sent.computeIfAbsent(producerId, id -> new ArrayList<>());
        int sequence = last.isEmpty()
                ? 0
                : last.get(last.size() - 1).firstSequence()
                        + last.get(last.size() - 1).records().size();
        log.append(MemoryRecords.withIdempotentRecords(codec, producerId, (short) 0, sequence, records), 0, nowMs);
        last.add(new Sent(offset, offset + records.length - 1, sequence, List.of(records)));
    }

    /** A batch that is sent again is not stored again, even when compaction has taken all of its records. */
    private void repeat() {
        long producerId = random.nextInt(2);
        List<Sent> last = lastFive(producerId);
        if (!last.isEmpty()) {
            Sent again = last.get(random.nextInt(last.size()));
            LogAppend answer = log.append(
                    MemoryRecords.withIdempotentRecords(
                            Compression.NONE,
                            producerId,
                            (short) 0,
                            again.firstSequence(),
                            again.records().toArray(SimpleRecord[]::new)),
                    0,
                    nowMs);
            assertThat(answer).isEqualTo(new LogAppend(again.firstOffset(), again.lastOffset(), -1, 0, true));
        }
    }

    private List<Sent> lastFive(long producerId) {
        List<Sent> all = sent.getOrDefault(producerId, List.of());
        return all.subList(Math.max(0, all.size() - 5), all.size());
    }

    private void clean(long stepsToLive) throws IOException {
        highWatermark = Math.max(highWatermark, random.nextLong(log.logEndOffset() + 1));
        committed = Math.max(committed, highWatermark);
        if (stepsToLive < Integer.MAX_VALUE) {
            disk.dieAfter(stepsToLive);
        }
        try {
            log.compaction().dirtiness(nowMs);
            CleaningResult result =
                    log.compaction().clean(OffsetMap.SLOT_BYTES * (16L + random.nextInt(20)), Throttle.NONE, nowMs);
            if (!disk.dead()) {
                lastOfEachKeyOnly(result.cleanedTo());
            }
        } catch (CleaningStoppedException | KafkaStorageException | IOException e) {
            assertThat(disk.dead()).as(e.toString()).isTrue();
        }
        if (stepsToLive < Integer.MAX_VALUE) {
            if (random.nextBoolean()) {
                kill();
            } else {
                cutPower();
            }
        }
    }

    private void stopAndStart() throws IOException {
        log.close(nowMs);
        recoveryPoint = log.logEndOffset();
        disk.closeAll();
        open();
    }

    private void kill() throws IOException {
        disk.closeAll();
        open();
    }

    private void cutPower() throws IOException {
        long synced = log.recoveryPoint();
        Path image = root.resolve("image-" + ++images);
        disk.powerCut(directory, image, random);
        directory = image;
        disk = new LossyDisk(directory, true);
        open();
        long end = log.logEndOffset();
        assertThat(end).isGreaterThanOrEqualTo(synced);
        model.tailMap(end, true).clear();
        sent.values().forEach(list -> list.removeIf(batch -> batch.lastOffset() >= end));
        highWatermark = Math.min(highWatermark, end);
    }

    // ---------------------------------------------------------------- checks

    private Map<Long, Record> contents() {
        Map<Long, Record> found = new TreeMap<>();
        long next = log.logStartOffset();
        while (true) {
            LogRead read = log.read(next, 500, true, Long.MAX_VALUE);
            List<Record> records = Batches.read(read.records());
            if (read.sizeInBytes() == 0) {
                return found;
            }
            long before = next;
            next = Math.max(next + 1, Batches.lastOffset(read.records()) + 1);
            for (Record record : records) {
                if (record.offset() >= before) {
                    assertThat(found.put(record.offset(), record)).isNull();
                }
            }
        }
    }

    private void verify() {
        Map<Long, Record> found = contents();
        found.forEach((offset, record) -> {
            Written written = model.get(offset);
            assertThat(written).as("record at " + offset).isNotNull();
            assertThat(text(record.key())).isEqualTo(written.key());
            assertThat(text(record.value())).isEqualTo(written.value());
            assertThat(record.timestamp()).isEqualTo(written.atMs());
        });
        Map<String, Long> last = new HashMap<>();
        model.forEach((offset, written) -> last.put(written.key(), offset));
        last.forEach((key, offset) -> {
            Written written = model.get(offset);
            if (found.containsKey(offset)) {
                return;
            }
            assertThat(written.value())
                    .as("last value of " + key + " at " + offset)
                    .isNull();
            assertThat(nowMs - written.atMs())
                    .as("age of a tombstone that is gone")
                    .isGreaterThanOrEqualTo(DELETE_RETENTION_MS);
            assertThat(found.values())
                    .as("nothing of " + key + " outlives its tombstone")
                    .noneMatch(record -> key.equals(text(record.key())));
        });
        assertThat(found.keySet()).containsAll(model.tailMap(committed).keySet());
    }

    private void lastOfEachKeyOnly(long end) {
        Map<String, Long> offsets = new HashMap<>();
        contents().forEach((offset, record) -> {
            if (offset < end) {
                assertThat(offsets.put(text(record.key()), offset))
                        .as("another record of " + text(record.key()) + " below " + offset)
                        .isNull();
            }
        });
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
