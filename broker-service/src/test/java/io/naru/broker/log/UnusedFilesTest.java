package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.disk.Disk;
import io.naru.protocol.record.FileSlice;
import io.naru.testkit.disk.ForwardingChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that nobody uses has no file open, and a process that may open no more goes on. */
class UnusedFilesTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long WHILE = 90_000;

    @TempDir
    private Path directory;

    private final HandleDisk disk = new HandleDisk();

    private Log open() throws IOException {
        return LogLoader.load(
                new LogEnvironment(disk, new Random(1)),
                new TopicPartition("orders", 0),
                directory,
                LogConfig.from(Map.of("segment.bytes", "1000")),
                LogLoader.Hints.NONE,
                NOW);
    }

    private static void look(Log log, boolean scarce, long... timesMs) {
        for (long timeMs : timesMs) {
            log.closeUnusedFiles(timeMs, scarce);
        }
    }

    private static String firstValue(Log log) {
        return Batches.contents(log, 0).get(0);
    }

    @Test
    void newLogHasNoFileOpenUntilTheFirstAppend() throws IOException {
        Log log = open();
        assertThat(disk.openLogs()).isZero();
        log.read(0, 100, true, Long.MAX_VALUE);
        assertThat(disk.openLogs()).as("an empty read opens nothing").isZero();
        log.append(Batches.of(NOW, "a"), 0, NOW);
        assertThat(disk.openLogs()).isOne();
    }

    @Test
    void logThatWasOpenedAgainHasNoFileOpen() throws IOException {
        Log log = open();
        log.append(Batches.of(NOW, "a"), 0, NOW);
        log.close(NOW);
        Log again = open();
        assertThat(disk.openLogs()).isZero();
        assertThat(firstValue(again)).isEqualTo("0=a");
    }

    @Test
    void syncedFileIsClosedAfterAWhileWithoutUseAndOpensAgain() throws IOException {
        Log log = open();
        log.append(Batches.of(NOW, "a"), 0, NOW);
        log.flush(1, NOW);
        look(log, false, NOW, NOW + 1, NOW + WHILE - 1);
        assertThat(disk.openLogs()).isOne();
        look(log, false, NOW + WHILE + 1);
        assertThat(disk.openLogs()).isZero();
        assertThat(firstValue(log)).isEqualTo("0=a");
        log.append(Batches.of(NOW, "b"), 0, NOW);
        assertThat(log.logEndOffset()).isEqualTo(2);
        assertThat(disk.openLogs()).isOne();
    }

    @Test
    void useInBetweenKeepsTheFileOpen() throws IOException {
        Log log = open();
        log.append(Batches.of(NOW, "a"), 0, NOW);
        log.flush(1, NOW);
        look(log, false, NOW, NOW + WHILE / 2);
        firstValue(log);
        look(log, false, NOW + WHILE, NOW + WHILE + WHILE / 2);
        assertThat(disk.openLogs()).isOne();
    }

    @Test
    void fileThatIsBeingSentFromStaysOpen() throws IOException {
        Log log = open();
        log.append(Batches.of(NOW, "a"), 0, NOW);
        log.flush(1, NOW);
        FileSlice slice = (FileSlice) log.read(0, 1000, true, Long.MAX_VALUE).records();
        look(log, false, NOW, NOW + WHILE / 2);
        slice.owner().sending();
        look(log, false, NOW + WHILE, NOW + WHILE + WHILE / 2);
        assertThat(disk.openLogs()).isOne();
        look(log, false, NOW + 2 * WHILE + 1);
        assertThat(disk.openLogs()).isZero();
    }

    @Test
    void bytesThatWereNotSyncedKeepTheirFileOpenUnlessFilesAreScarce() throws IOException {
        Log log = open();
        log.append(Batches.of(NOW, "a"), 0, NOW);
        look(log, false, NOW, NOW + WHILE, NOW + 2 * WHILE, NOW + 3 * WHILE);
        assertThat(disk.openLogs()).isOne();
        assertThat(log.recoveryPoint()).isZero();
        look(log, true, NOW + 3 * WHILE + 1);
        assertThat(disk.openLogs()).isZero();
        assertThat(log.recoveryPoint()).as("synced before it was closed").isOne();
        assertThat(disk.syncedLogs).isOne();
    }

    @Test
    void sealedSegmentsAreClosedAsWell() throws IOException {
        Log log = open();
        for (int i = 0; i < 4; i++) {
            log.append(Batches.of(NOW, "v".repeat(600)), 0, NOW);
        }
        assertThat(log.segmentCount()).isEqualTo(4);
        assertThat(disk.openLogs()).isEqualTo(4);
        look(log, true, NOW, NOW + 1, NOW + 10_001);
        assertThat(disk.openLogs()).isZero();
        assertThat(Batches.contents(log, 3)).containsExactly("3=" + "v".repeat(600));
        assertThat(disk.openLogs()).isOne();
    }

    @Test
    void scanGoesOnWhenItsFileIsClosedInBetween() throws IOException {
        LogSegment segment = LogSegment.create(disk, directory, 0, LogConfig.DEFAULT);
        for (int i = 0; i < 3; i++) {
            segment.append(
                    Batches.stored(Batches.of(NOW, "v".repeat(5000)), i, 0).buffer(), NOW);
        }
        SegmentScanner batches = segment.scan(0, SegmentScanner.LOOKUP_CHUNK);
        assertThat(batches.next()).isTrue();
        segment.release();
        assertThat(batches.next()).isTrue();
        assertThat(batches.crcMatches()).isTrue();
        assertThat(batches.baseOffset()).isOne();
    }

    @Test
    void withNoHandleLeftAppendsAreRefusedWithAdviceAndTheLogGoesOnLater() throws IOException {
        Log log = open();
        disk.exhausted = true;
        assertThatThrownBy(() -> log.append(Batches.of(NOW, "a"), 0, NOW))
                .isInstanceOf(KafkaStorageException.class)
                .hasMessageContaining("ulimit -n");
        assertThat(log.failure()).isEmpty();
        disk.exhausted = false;
        log.append(Batches.of(NOW, "a"), 0, NOW);
        disk.exhausted = true;
        assertThatThrownBy(() -> log.flush(1, NOW))
                .isInstanceOf(KafkaStorageException.class)
                .hasMessageContaining("ulimit -n");
        assertThat(log.failure()).as("nothing was lost").isEmpty();
        assertThat(log.recoveryPoint()).isZero();
        disk.exhausted = false;
        log.flush(1, NOW);
        assertThat(log.recoveryPoint()).isOne();
    }

    /** Counts the segment files that are open, and can be out of handles. */
    private static final class HandleDisk implements Disk {

        private final List<FileChannel> logs = new ArrayList<>();
        private boolean exhausted;
        private int syncedLogs;

        long openLogs() {
            return logs.stream().filter(FileChannel::isOpen).count();
        }

        @Override
        public FileChannel open(Path file, OpenOption... options) throws IOException {
            if (exhausted) {
                throw new FileSystemException(file.toString(), null, "Too many open files");
            }
            FileChannel opened = Disk.local().open(file, options);
            if (!file.toString().endsWith(LogFiles.LOG)) {
                return opened;
            }
            FileChannel counted = new ForwardingChannel(opened) {
                @Override
                public void force(boolean metaData) throws IOException {
                    super.force(metaData);
                    syncedLogs++;
                }
            };
            logs.add(counted);
            return counted;
        }

        @Override
        public void syncDirectory(Path path) throws IOException {
            if (exhausted) {
                throw new FileSystemException(path.toString(), null, "Too many open files");
            }
            Disk.local().syncDirectory(path);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            Disk.local().move(from, to);
        }

        @Override
        public boolean delete(Path file) throws IOException {
            return Disk.local().delete(file);
        }
    }
}
