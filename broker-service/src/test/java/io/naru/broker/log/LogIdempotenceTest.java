package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.producer.ProducerSnapshot;
import io.naru.broker.log.producer.ProducerStates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch sent twice is stored once, whatever happened to the broker in between. */
class LogIdempotenceTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long DAY_MS = 86_400_000L;

    @TempDir
    private Path directory;

    private Log log;

    @BeforeEach
    void writeFiveBatches() throws IOException {
        log = open(LogLoader.Hints.NONE);
        log.append(Batches.of(NOW, "other"), 0, NOW);
        for (int i = 0; i < 6; i++) {
            assertThat(send(0, 2 * i).duplicate()).isFalse();
        }
    }

    private Log open(LogLoader.Hints hints) throws IOException {
        LogConfig config = LogConfig.from(
                Map.of("segment.bytes", "300", "message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE)));
        return LogLoader.load(LogEnvironment.local(1), new TopicPartition("orders", 0), directory, config, hints, NOW);
    }

    private LogAppend send(int epoch, int sequence) {
        return log.append(Batches.idempotent(9, epoch, sequence, "a" + sequence, "b" + sequence), 0, NOW);
    }

    private void expectLastFiveAreKnown() {
        for (int i = 1; i < 6; i++) {
            assertThat(send(0, 2 * i)).isEqualTo(new LogAppend(1 + 2 * i, 2 + 2 * i, -1, 0, true));
        }
        assertThatThrownBy(() -> send(0, 0)).isInstanceOf(OutOfOrderSequenceException.class);
        assertThatThrownBy(() -> send(0, 13)).isInstanceOf(OutOfOrderSequenceException.class);
        assertThat(log.logEndOffset()).isEqualTo(13);
        assertThat(send(0, 12)).isEqualTo(new LogAppend(13, 14, -1, 0, false));
    }

    @Test
    void conditionIsAskedOfWhatIsNewAndNotOfARepetition() {
        assertThatThrownBy(() -> log.append(Batches.idempotent(9, 0, 12, "a", "b"), 0, 12, NOW))
                .isInstanceOfSatisfying(
                        UnexpectedEndException.class,
                        e -> assertThat(e.logEndOffset()).isEqualTo(13));
        assertThat(log.logEndOffset()).isEqualTo(13);
        LogAppend appended = log.append(Batches.idempotent(9, 0, 12, "a", "b"), 0, 13, NOW);
        assertThat(appended).isEqualTo(new LogAppend(13, 14, -1, 0, false));
        assertThat(log.append(Batches.idempotent(9, 0, 12, "a", "b"), 0, 13, NOW))
                .isEqualTo(new LogAppend(13, 14, -1, 0, true));
    }

    @Test
    void whileRunning() {
        expectLastFiveAreKnown();
    }

    /** Seed 460 of the cluster simulation: a follower that cuts its log counts producers again, over damage that was not repaired yet. */
    @Test
    void afterTruncationBehindABaseOffsetThatRotted() throws IOException {
        Path second = directory.resolve(String.format("%020d.log", 5));
        try (FileChannel file = FileChannel.open(second, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {2}), 6); // 512 more
        }
        log.truncateTo(9);
        assertThat(send(0, 6)).isEqualTo(new LogAppend(7, 8, -1, 0, true));
        assertThat(send(0, 8)).isEqualTo(new LogAppend(9, 10, -1, 0, false));
    }

    @Test
    void afterACleanStop() throws IOException {
        log.close(NOW);
        log = open(new LogLoader.Hints(true, 13, 0));
        expectLastFiveAreKnown();
    }

    @Test
    void afterAKill() throws IOException {
        log = open(LogLoader.Hints.NONE);
        expectLastFiveAreKnown();
    }

    @Test
    void afterAKillWithoutAnySnapshot() throws IOException {
        try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(directory, "*.snapshot")) {
            for (Path snapshot : snapshots) {
                Files.delete(snapshot);
            }
        }
        log = open(LogLoader.Hints.NONE);
        expectLastFiveAreKnown();
    }

    /** Whole snapshots, but of another life of this directory: above the recovery point the log alone is asked. */
    @Test
    void afterAKillWithSnapshotsThatSayAnotherThing() throws IOException {
        try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(directory, "*.snapshot")) {
            for (Path snapshot : snapshots) {
                ByteBuffer nobody = ProducerSnapshot.encode(new ProducerStates());
                byte[] bytes = new byte[nobody.remaining()];
                nobody.get(bytes);
                Files.write(snapshot, bytes);
            }
        }
        log = open(LogLoader.Hints.NONE);
        expectLastFiveAreKnown();
    }

    @Test
    void afterACleanStopWithDamagedSnapshots() throws IOException {
        log.close(NOW);
        try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(directory, "*.snapshot")) {
            for (Path snapshot : snapshots) {
                byte[] bytes = Files.readAllBytes(snapshot);
                bytes[bytes.length / 2] ^= 4;
                Files.write(snapshot, bytes);
            }
        }
        log = open(new LogLoader.Hints(true, 13, 0));
        expectLastFiveAreKnown();
    }

    @Test
    void onAFollowerThatBecomesLeader() throws IOException {
        Path other = directory.resolve("other");
        LogConfig config = LogConfig.from(Map.of());
        Log follower = LogLoader.load(
                LogEnvironment.local(1), new TopicPartition("orders", 0), other, config, LogLoader.Hints.NONE, NOW);
        long next = 0;
        while (next < log.logEndOffset()) {
            LogRead read = log.read(next, 10_000, true, Long.MAX_VALUE);
            follower.appendAsFollower(((io.naru.protocol.record.FileSlice) read.records()).load(), NOW);
            next = follower.logEndOffset();
        }
        log = follower;
        expectLastFiveAreKnown();
    }

    @Test
    void truncationForgetsWhatItTook() throws IOException {
        log.truncateTo(9);
        assertThatThrownBy(() -> send(0, 10)).isInstanceOf(OutOfOrderSequenceException.class);
        assertThat(send(0, 6)).isEqualTo(new LogAppend(7, 8, -1, 0, true));
        assertThat(send(0, 8)).isEqualTo(new LogAppend(9, 10, -1, 0, false));
    }

    @Test
    void anOldEpochIsRefusedAfterARestartToo() throws IOException {
        assertThat(send(1, 0).duplicate()).isFalse();
        assertThatThrownBy(() -> send(0, 12)).isInstanceOf(InvalidProducerEpochException.class);
        log = open(LogLoader.Hints.NONE);
        assertThatThrownBy(() -> send(0, 12)).isInstanceOf(InvalidProducerEpochException.class);
        assertThat(send(1, 0).duplicate()).isTrue();
    }

    @Test
    void aSilentProducerIsForgottenByTheBrokersClockNotByItsOwnTimestamps() {
        log.append(Batches.idempotent(77, 0, 0, "timestamps from 1970"), 0, NOW);
        log.tick(NOW + DAY_MS - 1, true);
        assertThat(log.append(Batches.idempotent(77, 0, 0, "timestamps from 1970"), 0, NOW + DAY_MS - 1)
                        .duplicate())
                .isTrue();
        log.tick(NOW + DAY_MS + 1, true);
        assertThat(log.append(Batches.idempotent(77, 0, 55, "any sequence"), 0, NOW + DAY_MS + 1)
                        .duplicate())
                .isFalse();
    }
}
