package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.disk.LossyDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * One life of one log from a seed: appends, reads, truncations, clean stops, kills, power cuts, damaged derived files, full disks,
 * against {@link LogModel}. Everything it does follows from the seed.
 */
final class LogSimulation {

    private static final TopicPartition PARTITION = new TopicPartition("simulated", 0);
    private static final String[] DERIVED = {".index", ".timeindex", ".snapshot", "leader-epoch-checkpoint"};

    private final Random random;
    private final Path root;
    private final boolean diskSyncs;
    private final LogConfig config;
    private final LogModel model = new LogModel();

    private Path directory;
    private LossyDisk disk;
    private Log log;
    private int images;
    private boolean over;
    private boolean snapshotsNeeded;
    private int batchNumber;
    private int leaderEpoch;
    private long nowMs = 1_700_000_000_000L;
    /** Below this everything was synced. */
    private long synced;

    private LogLoader.Hints hints = new LogLoader.Hints(false, 0, 0);

    LogSimulation(long seed, Path root, boolean diskSyncs) throws IOException {
        this.random = new Random(seed);
        this.root = root;
        this.diskSyncs = diskSyncs;
        this.config = LogConfig.from(Map.of(
                "segment.bytes",
                Integer.toString(500 + random.nextInt(4000)),
                "segment.index.bytes",
                Integer.toString(64 + random.nextInt(400)),
                "index.interval.bytes",
                Integer.toString(random.nextInt(500)),
                "segment.ms",
                "50000",
                "retention.ms",
                "40000",
                "retention.bytes",
                Integer.toString(3000 + random.nextInt(10_000)),
                "preallocate",
                Boolean.toString(random.nextInt(3) == 0),
                "segment.jitter.ms",
                "10000",
                "flush.messages",
                random.nextInt(3) == 0 ? Integer.toString(1 + random.nextInt(20)) : "1000000"));
        this.directory = root.resolve("image-0");
        this.disk = new LossyDisk(directory, diskSyncs);
        open();
    }

    void run(int steps) throws IOException {
        for (int i = 0; i < steps && !over; i++) {
            step();
        }
        verifyAll();
        closeAndReopen();
        verifyAll();
        disk.closeAll();
    }

    private void step() throws IOException {
        nowMs += random.nextInt(1000);
        int dice = random.nextInt(100);
        if (dice < 40) {
            append();
        } else if (dice < 55) {
            appendIdempotent();
        } else if (dice < 60) {
            repeat();
        } else if (dice < 63) {
            appendAsFollower();
        } else if (dice < 75) {
            verifyRead();
        } else if (dice < 78) {
            verifyTimestamp();
        } else if (dice < 82) {
            log.tick(nowMs, true);
            checkpoint();
        } else if (dice < 84) {
            log.flush(log.logEndOffset(), nowMs);
            synced = log.logEndOffset();
        } else if (dice < 87) {
            truncate();
        } else if (dice < 88) {
            deleteRecords();
        } else if (dice < 89) {
            deleteOldSegments();
        } else if (dice < 91) {
            leaderEpoch += 1 + random.nextInt(3);
            log.assignEpochStart(leaderEpoch, log.logEndOffset());
        } else if (dice < 93) {
            appendToAFullDisk();
        } else if (dice < 95) {
            closeAndReopen();
        } else if (dice < 98) {
            kill();
        } else {
            cutPower();
        }
        synced = Math.max(synced, log.recoveryPoint());
    }

    private void open() throws IOException {
        log = LogLoader.load(new LogEnvironment(disk, random), PARTITION, directory, config, hints, nowMs);
        log.checkpoints(
                new LogCheckpoints() {
                    @Override
                    public void lowerRecoveryPoint(long offset) {
                        hints = new LogLoader.Hints(
                                false, Math.min(hints.recoveryPoint(), offset), hints.logStartOffset());
                    }
                },
                0);
    }

    private void checkpoint() {
        hints = new LogLoader.Hints(false, log.recoveryPoint(), log.logStartOffset());
    }

    // ---------------------------------------------------------------- changes

    private SimpleRecord[] someRecords(List<String> values, List<Long> timestamps) {
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(5)];
        batchNumber++;
        for (int i = 0; i < records.length; i++) {
            values.add(batchNumber + "." + i + "x".repeat(random.nextInt(60)));
            timestamps.add(nowMs - random.nextInt(5000));
            records[i] = new SimpleRecord(
                    timestamps.get(i),
                    random.nextBoolean() ? null : new byte[3],
                    values.get(i).getBytes(StandardCharsets.UTF_8));
        }
        return records;
    }

    private Compression someCompression() {
        CompressionType type = random.nextInt(3) > 0 ? CompressionType.NONE : CompressionType.forId(random.nextInt(5));
        return Compression.of(type).build();
    }

    private void append() {
        List<String> values = new ArrayList<>();
        List<Long> timestamps = new ArrayList<>();
        MemoryRecords records = MemoryRecords.withRecords(someCompression(), someRecords(values, timestamps));
        expectAppended(records, new LogModel.Batch(model.end(), values, timestamps, leaderEpoch, -1, (short) -1, -1));
    }

    private void appendIdempotent() {
        long producerId = random.nextInt(3);
        List<LogModel.Batch> last = model.lastBatches(producerId);
        int epoch = last.isEmpty() ? random.nextInt(3) : last.get(0).producerEpoch();
        int sequence = last.isEmpty()
                ? Integer.MAX_VALUE - random.nextInt(20)
                : last.get(last.size() - 1).nextSequence();
        if (random.nextInt(8) == 0) {
            epoch++;
            sequence = last.isEmpty() ? sequence : 0;
        }
        List<String> values = new ArrayList<>();
        List<Long> timestamps = new ArrayList<>();
        SimpleRecord[] records = someRecords(values, timestamps);
        if (!last.isEmpty() && random.nextInt(6) == 0) {
            refuse(producerId, last, records);
            return;
        }
        MemoryRecords batch =
                MemoryRecords.withIdempotentRecords(someCompression(), producerId, (short) epoch, sequence, records);
        expectAppended(
                batch,
                new LogModel.Batch(model.end(), values, timestamps, leaderEpoch, producerId, (short) epoch, sequence));
    }

    private void refuse(long producerId, List<LogModel.Batch> last, SimpleRecord[] records) {
        LogModel.Batch newest = last.get(last.size() - 1);
        int gap = (newest.nextSequence() + 1 + random.nextInt(5)) & Integer.MAX_VALUE;
        assertThatThrownBy(() -> log.append(
                        MemoryRecords.withIdempotentRecords(
                                Compression.NONE, producerId, newest.producerEpoch(), gap, records),
                        leaderEpoch,
                        nowMs))
                .isInstanceOf(OutOfOrderSequenceException.class);
        if (newest.producerEpoch() > 0) {
            short older = (short) (newest.producerEpoch() - 1);
            assertThatThrownBy(() -> log.append(
                            MemoryRecords.withIdempotentRecords(
                                    Compression.NONE, producerId, older, newest.nextSequence(), records),
                            leaderEpoch,
                            nowMs))
                    .isInstanceOf(InvalidProducerEpochException.class);
        }
    }

    private void repeat() {
        List<LogModel.Batch> last = model.lastBatches(random.nextInt(3));
        if (last.isEmpty()) {
            return;
        }
        LogModel.Batch batch = last.get(random.nextInt(last.size()));
        SimpleRecord[] records = new SimpleRecord[batch.values().size()];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(nowMs, null, batch.values().get(i).getBytes(StandardCharsets.UTF_8));
        }
        LogAppend again = log.append(
                MemoryRecords.withIdempotentRecords(
                        Compression.NONE, batch.producerId(), batch.producerEpoch(), batch.firstSequence(), records),
                leaderEpoch,
                nowMs);
        assertThat(again).isEqualTo(new LogAppend(batch.baseOffset(), batch.lastOffset(), -1, model.start, true));
    }

    private void expectAppended(MemoryRecords records, LogModel.Batch batch) {
        LogAppend appended = log.append(records, leaderEpoch, nowMs);
        assertThat(appended).isEqualTo(new LogAppend(batch.baseOffset(), batch.lastOffset(), -1, model.start, false));
        model.append(batch);
    }

    private void appendAsFollower() {
        List<String> values = new ArrayList<>();
        List<Long> timestamps = new ArrayList<>();
        MemoryRecords records = MemoryRecords.withRecords(someCompression(), someRecords(values, timestamps));
        log.appendAsFollower(Batches.stored(records, model.end(), leaderEpoch), nowMs);
        model.append(new LogModel.Batch(model.end(), values, timestamps, leaderEpoch, -1, (short) -1, -1));
    }

    private void appendToAFullDisk() {
        disk.fullAfter(random.nextInt(200));
        List<String> values = new ArrayList<>();
        List<Long> timestamps = new ArrayList<>();
        MemoryRecords records = MemoryRecords.withRecords(someCompression(), someRecords(values, timestamps));
        long before = log.logEndOffset();
        try {
            log.append(records, leaderEpoch, nowMs);
            model.append(new LogModel.Batch(before, values, timestamps, leaderEpoch, -1, (short) -1, -1));
        } catch (KafkaStorageException e) {
            assertThat(log.logEndOffset()).isEqualTo(before);
        }
        verifyRead();
        disk.fullAfter(Long.MAX_VALUE);
        assertThat(log.failure()).isEmpty();
    }

    private void truncate() {
        if (random.nextInt(5) == 0) {
            long offset = model.end() + random.nextInt(100) - 50;
            log.truncateFullyAndStartAt(Math.max(0, offset));
            model.restartAt(Math.max(0, offset));
        } else if (!model.batches().isEmpty()) {
            int depth = Math.min(model.batches().size(), 1 + random.nextInt(1 + random.nextInt(40)));
            LogModel.Batch first = model.batches().get(model.batches().size() - depth);
            long offset = first.baseOffset() + random.nextInt(first.values().size());
            if (first.baseOffset() < model.start) {
                return;
            }
            log.truncateTo(offset);
            model.truncateTo(offset);
        }
        synced = Math.min(synced, model.end());
        assertThat(log.logEndOffset()).isEqualTo(model.end());
        assertThat(log.logStartOffset()).isEqualTo(model.start);
    }

    private void deleteRecords() {
        model.start += random.nextInt((int) (model.end() - model.start) + 1) / 4;
        log.deleteRecordsBefore(model.start);
        checkpoint();
    }

    private void deleteOldSegments() {
        log.flushDue(nowMs);
        long highWatermark = model.start + random.nextInt((int) (model.end() - model.start) + 1);
        log.highWatermark(() -> highWatermark);
        long before = log.logStartOffset();
        if (log.deleteOldSegments(nowMs, true) > 0) {
            snapshotsNeeded = true;
            assertThat(log.logStartOffset()).isBetween(before, highWatermark);
            model.start = log.logStartOffset();
        }
        assertThat(log.logStartOffset()).isEqualTo(model.start);
        log.highWatermark(() -> Long.MAX_VALUE);
        checkpoint();
    }

    // ---------------------------------------------------------------- stops

    private void closeAndReopen() throws IOException {
        log.close(nowMs);
        synced = log.logEndOffset();
        boolean trusted = random.nextInt(4) > 0;
        hints = new LogLoader.Hints(trusted, log.logEndOffset(), log.logStartOffset());
        disk.closeAll();
        damageDerivedFiles();
        disk = new LossyDisk(directory, diskSyncs);
        open();
        checkpoint();
        verifyAll();
    }

    private void kill() throws IOException {
        disk.closeAll();
        if (random.nextBoolean()) {
            damageDerivedFiles();
        }
        if (random.nextBoolean()) {
            tearTail();
        }
        open();
        verifyAll();
    }

    private void cutPower() throws IOException {
        Path image = root.resolve("image-" + ++images);
        disk.powerCut(directory, image, random);
        directory = image;
        disk = new LossyDisk(directory, diskSyncs);
        open();
        assertThat(log.logEndOffset()).as("end after a power cut, synced up to").isBetween(synced, model.end());
        model.truncateTo(log.logEndOffset());
        if (log.logEndOffset() == log.logStartOffset()) {
            // Every segment may be gone, and the log goes on where it was to start. What a snapshot still knows of
            // producers then is
            // more or less than the model does, so this life ends here.
            model.restartAt(log.logEndOffset());
            over = true;
        }
        verifyAll();
    }

    private void damageDerivedFiles() throws IOException {
        for (Path file : files()) {
            String name = file.getFileName().toString();
            for (String derived : DERIVED) {
                // Once segments are gone, what they said of producers is in the snapshots only.
                boolean needed = snapshotsNeeded && derived.equals(".snapshot");
                if (name.endsWith(derived) && !needed && random.nextInt(4) == 0) {
                    damage(file);
                }
            }
        }
    }

    private void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (random.nextInt(4)) {
            case 0 -> disk.delete(file);
            case 1 -> Files.write(file, new byte[0]);
            case 2 -> {
                int length = random.nextInt(bytes.length + 1);
                // A time index that ends early at an entry cannot be told from one that is whole.
                boolean atEntry = file.toString().endsWith(".timeindex") && length % TimeIndex.ENTRY_SIZE == 0;
                Files.write(file, java.util.Arrays.copyOf(bytes, atEntry ? length + 1 : length));
            }
            default -> {
                if (bytes.length > 0) {
                    int bit = random.nextInt(bytes.length * 8);
                    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
                    Files.write(file, bytes);
                }
            }
        }
    }

    /** Cuts into the last batch, or appends what is no batch. */
    private void tearTail() throws IOException {
        Path last = files().stream()
                .filter(file -> file.getFileName().toString().endsWith(".log"))
                .max(java.util.Comparator.naturalOrder())
                .orElseThrow();
        try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
            int dice = random.nextInt(3);
            boolean endsWithABatch = !config.preallocate();
            if (dice == 0 && endsWithABatch && !model.batches().isEmpty() && file.length() > 0) {
                LogModel.Batch torn = model.batches().get(model.batches().size() - 1);
                file.setLength(file.length() - 1 - random.nextInt(60));
                model.truncateTo(torn.baseOffset());
                synced = Math.min(synced, model.end());
            } else if (dice > 0) {
                byte[] garbage = new byte[random.nextInt(300)];
                if (dice == 1) {
                    random.nextBytes(garbage);
                }
                file.seek(file.length());
                file.write(garbage);
            }
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(files::add);
        }
        files.sort(java.util.Comparator.naturalOrder());
        return files;
    }

    // ---------------------------------------------------------------- checks

    private void verifyAll() {
        assertThat(log.logEndOffset()).isEqualTo(model.end());
        model.start = log.logStartOffset(); // a checkpoint behind the truth only shows more again
        assertThat(Batches.contents(log, model.start)).isEqualTo(model.contents(model.start, Long.MAX_VALUE));
        for (int epoch = 0; epoch <= leaderEpoch; epoch++) {
            assertThat(log.endOffsetForEpoch(epoch)).as("end of epoch " + epoch).satisfies(this::isModelsEpochEnd);
        }
        verifyTimestamp();
    }

    /** The log also knows of epochs without records, which the model does not; their answers are not compared. */
    private void isModelsEpochEnd(Optional<EpochEnd> found) {
        found.filter(end -> log.latestEpoch().orElse(-1) != end.epoch())
                .ifPresent(end -> model.endOffsetForEpoch(end.epoch())
                        .ifPresent(expected -> assertThat(end.endOffset()).isEqualTo(expected.endOffset())));
    }

    private void verifyRead() {
        if (model.end() == model.start) {
            return;
        }
        long offset = model.start + random.nextInt((int) (model.end() - model.start));
        long bound = offset + random.nextInt((int) (model.end() - offset) + 1);
        int maxBytes = random.nextInt(2000);
        LogRead read = log.read(offset, maxBytes, true, bound);
        List<String> found = new ArrayList<>();
        for (Record record : Batches.read(read.records())) {
            if (record.offset() >= offset) {
                found.add(record.offset() + "=" + StandardCharsets.UTF_8.decode(record.value()));
            }
        }
        List<String> expected = model.contents(offset, bound);
        assertThat(expected.subList(0, Math.min(found.size(), expected.size()))).isEqualTo(found);
        boolean boundInsideFirstBatch =
                model.batches().stream().anyMatch(batch -> batch.baseOffset() <= offset && batch.lastOffset() >= bound);
        assertThat(found.isEmpty()).isEqualTo(bound == offset || boundInsideFirstBatch);
    }

    private void verifyTimestamp() {
        long timestamp = nowMs - random.nextInt(100_000);
        assertThat(log.offsetForTimestamp(timestamp)).isEqualTo(model.offsetForTimestamp(timestamp));
        assertThat(log.maxTimestamp()).isEqualTo(model.maxTimestamp());
    }
}
