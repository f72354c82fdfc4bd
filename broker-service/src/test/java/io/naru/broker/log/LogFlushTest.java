package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.disk.LossyDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LogFlushTest {

    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private LossyDisk disk;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = new LossyDisk(directory, true);
    }

    private Log open(Map<String, String> config) throws IOException {
        return LogLoader.load(
                new LogEnvironment(disk, new Random(1)),
                new TopicPartition("orders", 0),
                directory,
                LogConfig.from(config),
                LogLoader.Hints.NONE,
                NOW);
    }

    @Test
    @Timeout(30)
    void oneSyncServesEveryAppendThatWaits() throws IOException, InterruptedException, ExecutionException {
        Log log = open(Map.of("flush.messages", "1"));
        CountDownLatch firstSyncs = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        disk.beforeSync(() -> {
            firstSyncs.countDown();
            await(release);
        });
        ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            List<Future<LogAppend>> appends = new ArrayList<>();
            appends.add(threads.submit(() -> log.append(Batches.of(NOW, "first"), 0, NOW)));
            await(firstSyncs);
            for (int i = 0; i < 8; i++) {
                appends.add(threads.submit(() -> log.append(Batches.of(NOW, "more"), 0, NOW)));
            }
            while (log.logEndOffset() < 9) {
                Thread.onSpinWait();
            }
            assertThat(appends).noneMatch(Future::isDone);
            assertThat(log.recoveryPoint()).isZero();
            release.countDown();
            for (Future<LogAppend> append : appends) {
                long next = append.get().nextOffset();
                assertThat(log.recoveryPoint()).isGreaterThanOrEqualTo(next);
            }
            assertThat(disk.syncCount()).isEqualTo(2);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void flushMessagesCountsRecordsSinceTheLastSync() throws IOException {
        Log log = open(Map.of("flush.messages", "5"));
        log.append(Batches.of(NOW, "a", "b", "c", "d"), 0, NOW);
        assertThat(log.recoveryPoint()).isZero();
        log.append(Batches.of(NOW, "e"), 0, NOW);
        assertThat(log.recoveryPoint()).isEqualTo(5);
        assertThat(disk.syncCount()).isEqualTo(1);
    }

    @Test
    void flushMsIsTheLongestWait() throws IOException {
        Log log = open(Map.of("flush.ms", "100"));
        log.flushDue(NOW);
        log.append(Batches.of(NOW, "a"), 0, NOW);
        log.flushDue(NOW);
        assertThat(log.recoveryPoint()).isEqualTo(1);
        log.append(Batches.of(NOW, "b"), 0, NOW + 10);
        log.flushDue(NOW + 99);
        assertThat(log.recoveryPoint()).isEqualTo(1);
        log.flushDue(NOW + 100);
        assertThat(log.recoveryPoint()).isEqualTo(2);
    }

    @Test
    void nothingIsSyncedTwice() throws IOException {
        Log log = open(Map.of());
        log.append(Batches.of(NOW, "a"), 0, NOW);
        log.flush(1, NOW);
        log.flush(1, NOW);
        log.flush(0, NOW);
        assertThat(disk.syncCount()).isEqualTo(1);
    }

    @Test
    void afterAFailedSyncNothingIsAcknowledged() throws IOException {
        Log log = open(Map.of("flush.messages", "1"));
        log.append(Batches.of(NOW, "a"), 0, NOW);
        disk.failSyncs(true);
        assertThatThrownBy(() -> log.append(Batches.of(NOW, "b"), 0, NOW)).isInstanceOf(KafkaStorageException.class);
        assertThat(log.failure()).isPresent();
        disk.failSyncs(false);
        assertThatThrownBy(() -> log.append(Batches.of(NOW, "c"), 0, NOW)).isInstanceOf(KafkaStorageException.class);
        assertThatThrownBy(() -> log.flush(2, NOW)).isInstanceOf(KafkaStorageException.class);
        assertThat(Batches.contents(log, 0)).contains("0=a");
        assertThat(log.recoveryPoint()).isEqualTo(1);
    }

    @Test
    void aFullDiskRefusesWritesAndNothingElse() throws IOException {
        Log log = open(Map.of());
        log.append(Batches.of(NOW, "a"), 0, NOW);
        for (int room = 0; room < 70; room++) {
            disk.fullAfter(room);
            assertThatThrownBy(() -> log.append(Batches.of(NOW, "b"), 0, NOW))
                    .isInstanceOf(KafkaStorageException.class);
            assertThat(Batches.contents(log, 0)).containsExactly("0=a");
        }
        disk.fullAfter(Long.MAX_VALUE);
        assertThat(log.append(Batches.of(NOW, "b"), 0, NOW).firstOffset()).isEqualTo(1);
        log.close(NOW);
        assertThat(Batches.contents(open(Map.of()), 0)).containsExactly("0=a", "1=b");
    }
}
