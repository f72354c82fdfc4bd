package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.disk.LossyDisk;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage that the scrub found is replaced by what another replica has. Segments of four batches, two of them sealed. */
class LogRepairTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final int BATCH = Batches.of(NOW, "a0", "b0").sizeInBytes();
    private static final String SEALED = "00000000000000000008.log";
    private static final String ACTIVE = "00000000000000000016.log";

    @TempDir
    private Path root;

    private Path directory;
    private LossyDisk disk;
    private Log log;

    /** The other replica. */
    private Log leader;

    @BeforeEach
    void fillBoth() throws IOException {
        directory = root.resolve("orders-0");
        disk = new LossyDisk(directory, true);
        log = open(0);
        Path other = root.resolve("leader").resolve("orders-0");
        leader = open(new LossyDisk(other, false), other, 0);
        for (int i = 0; i < 10; i++) {
            for (Log replica : List.of(log, leader)) {
                replica.append(Batches.of(NOW, "a" + i, "b" + i), i / 3, NOW);
            }
        }
        log.flush(20, NOW);
    }

    private Log open(long recoveryPoint) throws IOException {
        return open(disk, directory, recoveryPoint);
    }

    private static Log open(LossyDisk disk, Path directory, long recoveryPoint) throws IOException {
        return LogLoader.load(
                new LogEnvironment(disk, new Random(1)),
                new TopicPartition("orders", 0),
                directory,
                LogConfig.from(Map.of("segment.bytes", Integer.toString(4 * BATCH), "index.interval.bytes", "100")),
                new LogLoader.Hints(false, recoveryPoint, 0),
                NOW);
    }

    private void damage(String name, int position, byte... bytes) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
            file.seek(position);
            file.write(bytes);
        }
    }

    private MemoryRecords fromLeader(DamagedRange range) {
        LogRead read = leader.read(range.firstOffset(), Integer.MAX_VALUE, true, range.endOffset());
        return load(read);
    }

    private static MemoryRecords load(LogRead read) {
        try {
            return ((FileSlice) read.records()).load();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As a follower will do it. */
    private void repairAll() {
        for (LogDamage damage : log.scrub(Throttle.NONE)) {
            log.damagedRange(damage).ifPresent(range -> log.repair(damage, fromLeader(range), NOW));
        }
    }

    private void expectWhole() {
        assertThat(log.scrub(Throttle.NONE)).isEmpty();
        assertThat(Batches.contents(log, 0))
                .startsWith(Batches.contents(leader, 0).toArray(String[]::new));
        for (long offset = 0; offset < 20; offset++) {
            assertThat(log.epochAt(offset)).isEqualTo(leader.epochAt(offset));
        }
        assertThat(log.maxTimestamp()).isEqualTo(leader.maxTimestamp());
    }

    @Test
    void aDamagedBatchIsReplacedByteForByte() throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve(SEALED));
        damage(SEALED, BATCH + 65, (byte) 0x55);
        byte[] damaged = Files.readAllBytes(directory.resolve(SEALED));
        repairAll();
        expectWhole();
        assertThat(directory.resolve(SEALED)).hasBinaryContent(whole);
        assertThat(directory.resolve(SEALED + "." + BATCH + ".corrupt"))
                .hasBinaryContent(java.util.Arrays.copyOfRange(damaged, BATCH, 2 * BATCH));
        log.append(Batches.of(NOW, "more"), 5, NOW);
        log.close(NOW);
        log = open(21);
        expectWhole();
        assertThat(log.logEndOffset()).isEqualTo(21);
    }

    @Test
    void aRepeatOfABatchThatWasDamagedWhenTheLogWasOpenedIsStillKnownOnceItIsRepaired() throws IOException {
        for (Log replica : List.of(log, leader)) {
            replica.append(Batches.idempotent(7, 0, 0, "first"), 5, NOW);
            for (int i = 0; i < 9; i++) {
                replica.append(Batches.of(NOW, "more"), 5, NOW);
            }
        }
        LogRead read = log.read(20, 1, true, 30);
        log.flush(30, NOW);
        log.close(NOW);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path snapshot :
                    files.filter(file -> file.toString().endsWith(".snapshot")).toList()) {
                Files.delete(snapshot);
            }
        }
        damage(String.format("%020d.log", read.segmentBaseOffset()), read.position() + 16, (byte) 0x55);
        log = open(30);
        repairAll();
        expectWhole();
        LogAppend again = log.append(Batches.idempotent(7, 0, 0, "first"), 5, NOW);
        assertThat(again.firstOffset()).isEqualTo(20);
        assertThat(log.logEndOffset()).isEqualTo(leader.logEndOffset());
    }

    @Test
    void damageInTheActiveSegmentIsReplacedAndAppendsGoOn() throws IOException {
        damage(ACTIVE, 65, (byte) 0x55);
        repairAll();
        expectWhole();
        assertThat(log.append(Batches.of(NOW, "more"), 5, NOW).firstOffset()).isEqualTo(20);
        assertThat(Batches.contents(log, 20)).containsExactly("20=more");
    }

    @Test
    void aBrokenLengthTakesWhatTheIndexDoesNotKnow() throws IOException {
        damage(SEALED, BATCH + BatchHeader.LOG_OVERHEAD - 4, (byte) 0x7f);
        assertThat(log.scrub(Throttle.NONE))
                .singleElement()
                .satisfies(damage -> assertThat(log.damagedRange(damage)).contains(new DamagedRange(10, 12)));
        repairAll();
        expectWhole();
    }

    @Test
    void batchesSideBySideAndApartAreAllReplaced() throws IOException {
        damage(SEALED, 65, (byte) 0x55);
        damage(SEALED, BATCH + 65, (byte) 0x55);
        damage(SEALED, 3 * BATCH + 65, (byte) 0x55);
        damage("00000000000000000000.log", 2 * BATCH + 65, (byte) 0x55);
        assertThat(log.scrub(Throttle.NONE)).hasSize(4);
        repairAll();
        expectWhole();
    }

    @Test
    void onlyWhatFillsTheHoleIsTaken() throws IOException {
        damage(SEALED, BATCH + 65, (byte) 0x55);
        byte[] before = Files.readAllBytes(directory.resolve(SEALED));
        LogDamage damage = log.scrub(Throttle.NONE).get(0);
        DamagedRange range = log.damagedRange(damage).orElseThrow();
        assertThat(range).isEqualTo(new DamagedRange(10, 12));
        MemoryRecords good = fromLeader(range);
        ByteBuffer cut = good.buffer().slice(0, good.sizeInBytes() - 1);
        ByteBuffer wrong =
                ByteBuffer.allocate(good.sizeInBytes()).put(good.buffer()).flip();
        wrong.put(70, (byte) 0x55);
        ByteBuffer older =
                ByteBuffer.allocate(good.sizeInBytes()).put(good.buffer()).flip();
        older.putInt(BatchHeader.LOG_OVERHEAD, 0);
        for (MemoryRecords bad : List.of(
                MemoryRecords.EMPTY,
                fromLeader(new DamagedRange(8, 10)),
                fromLeader(new DamagedRange(10, 14)),
                fromLeader(new DamagedRange(12, 14)),
                MemoryRecords.readableRecords(cut),
                MemoryRecords.readableRecords(wrong),
                MemoryRecords.readableRecords(older))) {
            assertThatThrownBy(() -> log.repair(damage, bad, NOW)).isInstanceOf(CorruptRecordException.class);
        }
        assertThat(directory.resolve(SEALED)).hasBinaryContent(before);
        log.repair(damage, good, NOW);
        assertThat(log.damagedRange(damage)).isEmpty();
        assertThatThrownBy(() -> log.repair(damage, good, NOW)).isInstanceOf(CleaningStoppedException.class);
        log.truncateTo(4);
        assertThatThrownBy(() -> log.repair(damage, good, NOW)).isInstanceOf(CleaningStoppedException.class);
    }

    /** Where this log parts from the leader's it is cut; what is damaged below stays, to be repaired, for others count on it. */
    @Test
    void aBatchThatSeemsToReachFurtherIsNotCutOff() throws IOException {
        damage(ACTIVE, 25, (byte) 0x20);
        log.truncateTo(18);
        assertThat(log.logEndOffset()).isEqualTo(18);
        leader.truncateTo(18);
        repairAll();
        expectWhole();
        assertThat(Batches.contents(log, 0)).hasSize(18);
    }

    @Test
    void readersUnderWayReadOn() throws IOException {
        LogRead before = log.read(12, 1 << 20, true, Long.MAX_VALUE);
        damage(SEALED, BATCH + 65, (byte) 0x55);
        repairAll();
        assertThat(Batches.read(before.records())).hasSize(4);
    }

    /** Whatever step is the last one, and whether the process or the power goes. */
    @Test
    void aCrashLeavesTheOldSegmentOrTheNewOne() throws IOException {
        Random random = new Random(3);
        int repaired = 0;
        int steps = 0;
        boolean died = true;
        for (; died; steps++) {
            log = open(20);
            damage(SEALED, 65 + BATCH * random.nextInt(4), (byte) 0x55);
            disk = new LossyDisk(directory, true); // the damage is on the disk
            log = open(20);
            disk.dieAfter(steps);
            try {
                repairAll();
            } catch (KafkaStorageException e) {
                assertThat(disk.dead()).isTrue();
            }
            died = disk.dead();
            if (random.nextBoolean()) {
                disk.closeAll();
            } else {
                Path image = root.resolve("image-" + steps);
                disk.powerCut(directory, image, random);
                directory = image;
                disk = new LossyDisk(directory, true);
            }
            log = open(20);
            assertThat(log.logEndOffset()).isEqualTo(20);
            List<LogDamage> left = log.scrub(Throttle.NONE);
            assertThat(left.size()).isLessThanOrEqualTo(1);
            repaired += left.isEmpty() ? 1 : 0;
            repairAll();
            expectWhole();
            disk.closeAll();
        }
        assertThat(steps).isGreaterThan(10);
        assertThat(repaired).isBetween(3, steps - 3);
    }
}
