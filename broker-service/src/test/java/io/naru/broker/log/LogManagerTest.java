package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.checkpoint.CleanShutdownFile;
import io.naru.broker.log.checkpoint.MetaProperties;
import io.naru.broker.log.checkpoint.OffsetCheckpoint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogManagerTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Uuid ID = Uuid.fromString("ltCWoi9wRhmHSQCIgAznEg");

    @TempDir
    private Path data;

    private LogManager open() throws IOException {
        return LogManager.open(LogSettings.of(data, "cluster", 1), NOW);
    }

    private static Log create(LogManager manager, TopicPartition partition) {
        return manager.getOrCreate(partition, ID, LogConfig.DEFAULT, NOW);
    }

    /** The process is gone without a word: the lock is free again, nothing was written. */
    private static void kill(LogManager manager) {
        manager.abandon();
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        Collections.sort(names);
        return names;
    }

    @Test
    void whatWasClosedIsFoundAgain() throws IOException {
        LogManager manager = open();
        create(manager, ORDERS).append(Batches.of(NOW, "a", "b"), 0, NOW);
        manager.get(ORDERS).orElseThrow().deleteRecordsBefore(1);
        manager.close(NOW, 7);
        assertThat(names())
                .contains(
                        CleanShutdownFile.NAME,
                        MetaProperties.NAME,
                        OffsetCheckpoint.LOG_START_OFFSETS,
                        OffsetCheckpoint.RECOVERY_POINTS,
                        "orders-0");
        manager = open();
        assertThat(data.resolve(CleanShutdownFile.NAME)).doesNotExist();
        Log log = manager.get(ORDERS).orElseThrow();
        assertThat(log.logStartOffset()).isEqualTo(1);
        assertThat(log.recoveryPoint()).isEqualTo(2);
        assertThat(Batches.contents(log, 1)).containsExactly("1=b");
        assertThat(manager.topicId(ORDERS)).contains(ID);
        manager.close(NOW, 7);
    }

    /** Seen by the cluster simulation: such a broker stayed eligible for what was promised, and had nothing of it. */
    @Test
    void whoStoppedCleanlyAndLostRecordsSinceDoesNotTellItsEpoch() throws IOException {
        LogManager manager = open();
        create(manager, ORDERS).append(Batches.of(NOW, "a", "b"), 0, NOW);
        manager.close(NOW, 7);
        manager = open();
        assertThat(manager.cleanShutdownEpoch()).hasValue(7);
        manager.close(NOW, 7);
        Path file = data.resolve("orders-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        manager = open();
        assertThat(manager.get(ORDERS).orElseThrow().logEndOffset()).isZero();
        assertThat(manager.cleanShutdownEpoch()).isEmpty();
        manager.close(NOW, 8);
    }

    @Test
    void whatWasNotClosedIsRecovered() throws IOException {
        LogManager manager = open();
        for (int i = 0; i < 20; i++) {
            create(manager, new TopicPartition("orders", i)).append(Batches.of(NOW, "a", "b"), 0, NOW);
        }
        kill(manager);
        Files.writeString(data.resolve("orders-3").resolve("00000000000000000000.log"), "junk");
        AtomicInteger opened = new AtomicInteger();
        LogSettings plain = LogSettings.of(data, "cluster", 1);
        LogSettings counting = new LogSettings(
                plain.directories(),
                plain.clusterId(),
                plain.nodeId(),
                plain.environment(),
                plain.configs(),
                2,
                (done, total) -> {
                    assertThat(total).isEqualTo(20);
                    opened.incrementAndGet();
                });
        manager = LogManager.open(counting, NOW);
        assertThat(opened).hasValue(20);
        for (int i = 0; i < 20; i++) {
            Log log = manager.get(new TopicPartition("orders", i)).orElseThrow();
            assertThat(log.logEndOffset()).isEqualTo(i == 3 ? 0 : 2);
        }
        manager.close(NOW, 7);
    }

    @Test
    void oneBrokerOnlyHasADirectory() throws IOException {
        LogManager manager = open();
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
        manager.close(NOW, 1);
        assertThatThrownBy(() -> LogManager.open(LogSettings.of(data, "cluster", 2), NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to broker 1 of cluster cluster");
        assertThatThrownBy(() -> LogManager.open(LogSettings.of(data, "other", 1), NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to");
        open().close(NOW, 1);
    }

    @Test
    void damagedCheckpointsAndMarksDoNotStopTheStart() throws IOException {
        LogManager manager = open();
        create(manager, ORDERS).append(Batches.of(NOW, "a"), 0, NOW);
        manager.close(NOW, 1);
        for (String name : List.of(
                MetaProperties.NAME,
                OffsetCheckpoint.RECOVERY_POINTS,
                OffsetCheckpoint.LOG_START_OFFSETS,
                OffsetCheckpoint.HIGH_WATERMARKS,
                CleanShutdownFile.NAME)) {
            Files.writeString(data.resolve(name), "\0\0junk");
        }
        Files.writeString(data.resolve("orders-0").resolve("partition.metadata"), "junk");
        Files.writeString(data.resolve("orders-0").resolve("leader-epoch-checkpoint"), "junk");
        manager = open();
        assertThat(Batches.contents(manager.get(ORDERS).orElseThrow(), 0)).containsExactly("0=a");
        assertThat(create(manager, ORDERS).logEndOffset()).isEqualTo(1);
        assertThat(manager.topicId(ORDERS)).contains(ID);
        manager.close(NOW, 1);
    }

    @Test
    void aTopicMadeAnewHasNothingOfTheOldOne() throws IOException {
        LogManager manager = open();
        create(manager, ORDERS).append(Batches.of(NOW, "old", "old"), 3, NOW);
        manager.get(ORDERS).orElseThrow().deleteRecordsBefore(1);
        manager.get(ORDERS).orElseThrow().flush(2, NOW);
        manager.checkpoint();
        Log fresh = manager.getOrCreate(ORDERS, Uuid.randomUuid(), LogConfig.DEFAULT, NOW);
        assertThat(fresh.logEndOffset()).isZero();
        assertThat(fresh.append(Batches.of(NOW, "new"), 0, NOW).firstOffset()).isZero();
        kill(manager);
        manager = open();
        assertThat(manager.get(ORDERS).orElseThrow().logStartOffset()).isZero();
        assertThat(Batches.contents(manager.get(ORDERS).orElseThrow(), 0)).containsExactly("0=new");
        manager.close(NOW, 1);
    }

    @Test
    void deletedLogsLeaveTheDiskAfterADelay() throws IOException {
        LogManager manager = open();
        create(manager, ORDERS).append(Batches.of(NOW, "a"), 0, NOW);
        manager.delete(ORDERS, NOW);
        assertThat(manager.get(ORDERS)).isEmpty();
        assertThat(names()).noneMatch(name -> name.equals("orders-0")).anyMatch(name -> name.endsWith("-delete"));
        manager.tick(NOW + 59_999);
        assertThat(names()).anyMatch(name -> name.endsWith("-delete"));
        manager.tick(NOW + 60_000);
        assertThat(names()).noneMatch(name -> name.endsWith("-delete"));
        manager.close(NOW, 1);
    }

    @Test
    void whatWasDeletedBeforeAKillIsRemovedAfterTheStart() throws IOException {
        LogManager manager = open();
        create(manager, ORDERS).append(Batches.of(NOW, "a"), 0, NOW);
        manager.delete(ORDERS, NOW);
        kill(manager);
        manager = open();
        assertThat(manager.get(ORDERS)).isEmpty();
        manager.tick(NOW);
        assertThat(names()).noneMatch(name -> name.startsWith("orders"));
        manager.close(NOW, 1);
    }

    @Test
    void highWatermarksAreKept() throws IOException {
        LogManager manager = open();
        create(manager, ORDERS);
        manager.checkpointHighWatermarks(Map.of(ORDERS, 17L, new TopicPartition("unknown", 0), 3L));
        manager.close(NOW, 1);
        manager = open();
        assertThat(manager.highWatermarksAtStart()).isEqualTo(Map.of(ORDERS, 17L));
        manager.close(NOW, 1);
    }

    @Test
    void newLogsGoWhereThereAreFewest() throws IOException {
        LogSettings plain = LogSettings.of(data, "cluster", 1);
        LogManager manager = LogManager.open(
                new LogSettings(
                        List.of(data.resolve("a"), data.resolve("b")),
                        "cluster",
                        1,
                        plain.environment(),
                        plain.configs(),
                        2,
                        plain.progress()),
                NOW);
        for (int i = 0; i < 6; i++) {
            create(manager, new TopicPartition("orders", i));
        }
        assertThat(manager.all().stream().filter(log -> log.directory().startsWith(data.resolve("a"))))
                .hasSize(3);
        manager.close(NOW, 1);
    }

    @Test
    void strangeDirectoriesArePassedOver() throws IOException {
        for (String name : List.of(
                "lost+found", "orders", "orders-", "-3", "orders-01", "orders-x", "orders-99999999999", "a.b-delete")) {
            Files.createDirectory(data.resolve(name));
        }
        LogManager manager = open();
        assertThat(manager.all()).isEmpty();
        manager.close(NOW, 1);
        assertThat(names()).contains("lost+found", "orders-01");
    }
}
