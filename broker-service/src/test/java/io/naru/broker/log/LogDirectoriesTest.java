package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.disk.FaultyDisk;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogDirectoriesTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final Uuid ID = Uuid.randomUuid();

    @TempDir
    private Path data;

    private final FaultyDisk disk = new FaultyDisk();

    private LogManager open() throws IOException {
        return LogManager.open(
                new LogSettings(
                        List.of(data.resolve("a"), data.resolve("b")),
                        "cluster",
                        1,
                        new LogEnvironment(disk, new Random(1)),
                        topic -> LogConfig.DEFAULT,
                        2,
                        (done, total) -> {}),
                NOW);
    }

    private static TopicPartition orders(int partition) {
        return new TopicPartition("orders", partition);
    }

    private static Log create(LogManager manager, int partition) {
        return manager.getOrCreate(orders(partition), ID, LogConfig.DEFAULT, NOW);
    }

    private Log inDirectory(LogManager manager, String name) {
        return manager.all().stream()
                .filter(log -> log.directory().startsWith(data.resolve(name)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDirectoryThatFailsTakesItsPartitionsAndNoOthers() throws IOException {
        LogManager manager = open();
        for (int i = 0; i < 4; i++) {
            create(manager, i).append(Batches.of(NOW, "a"), 0, NOW);
        }
        Log failed = inDirectory(manager, "a");
        Log whole = inDirectory(manager, "b");
        disk.fail(data.resolve("a"));
        assertThatThrownBy(() -> failed.flush(1, NOW)).isInstanceOf(KafkaStorageException.class);
        manager.tick(NOW);
        assertThat(manager.offlineDirectories()).containsExactly(data.resolve("a"));
        assertThat(manager.all())
                .allSatisfy(log -> assertThat(log.failure().isPresent())
                        .isEqualTo(log.directory().startsWith(data.resolve("a"))));
        assertThatThrownBy(() -> failed.append(Batches.of(NOW, "b"), 0, NOW)).isInstanceOf(KafkaStorageException.class);
        whole.append(Batches.of(NOW, "b"), 0, NOW);
        whole.flush(2, NOW);
        assertThat(create(manager, 9).directory()).startsWith(data.resolve("b"));
        manager.close(NOW, 1);
        assertThat(data.resolve("a/.kafka_cleanshutdown")).doesNotExist();
        assertThat(data.resolve("b/.kafka_cleanshutdown")).exists();
        disk.heal();
        manager = open();
        assertThat(manager.offlineDirectories()).isEmpty();
        assertThat(manager.all()).hasSize(5).allMatch(log -> log.failure().isEmpty());
        manager.close(NOW, 1);
    }

    /** With an empty log in its place the partition would lose its records for good. */
    @Test
    void noEmptyLogTakesThePlaceOfOneThatCannotBeRead() throws IOException {
        LogManager manager = open();
        create(manager, 0).append(Batches.of(NOW, "a"), 0, NOW);
        create(manager, 1).append(Batches.of(NOW, "a"), 0, NOW);
        int lost = inDirectory(manager, "a").topicPartition().partition();
        manager.close(NOW, 1);
        Files.move(data.resolve("a"), data.resolve("unplugged"));
        Files.createFile(data.resolve("a"));
        LogManager half = open();
        assertThat(half.all()).hasSize(1);
        assertThat(half.offlineDirectories()).containsExactly(data.resolve("a"));
        assertThatThrownBy(() -> half.getOrCreate(orders(lost), ID, LogConfig.DEFAULT, false, NOW))
                .isInstanceOf(KafkaStorageException.class)
                .hasMessageContaining("may have its records in");
        assertThat(half.getOrCreate(orders(7), ID, LogConfig.DEFAULT, true, NOW).logEndOffset())
                .isZero();
        half.close(NOW, 1);
        Files.delete(data.resolve("a"));
        Files.move(data.resolve("unplugged"), data.resolve("a"));
        manager = open();
        assertThat(manager.get(orders(lost)).orElseThrow().logEndOffset()).isEqualTo(1);
        manager.close(NOW, 1);
    }

    @Test
    void aPartitionThatCouldNotBeOpenedIsOpenedAgainWhereItLies() throws IOException {
        LogManager manager = open();
        for (int i = 0; i < 3; i++) {
            create(manager, i).append(Batches.of(NOW, "a"), 0, NOW);
        }
        Log log = manager.all().stream()
                .filter(any -> any.directory().startsWith(data.resolve("a")))
                .reduce((first, second) -> second)
                .orElseThrow();
        manager.delete(inDirectory(manager, "b").topicPartition(), NOW);
        manager.close(NOW, 1);
        disk.fail(log.directory());
        manager = open();
        assertThat(manager.all()).as("b would be the emptier place").hasSize(1);
        disk.heal();
        Log again = create(manager, log.topicPartition().partition());
        assertThat(again.directory()).isEqualTo(log.directory());
        assertThat(again.logEndOffset()).isEqualTo(1);
        manager.close(NOW, 1);
    }

    /** Of a reader's error no more comes to the peer than of a writer's, and it says as much of the disk. */
    @ParameterizedTest
    @EnumSource
    void anIoErrorOfAnyKindTakesTheDirectoryOfflineAndIsNeverAcknowledged(FaultyDisk.Fault fault) throws IOException {
        LogManager manager = open();
        for (int i = 0; i < 4; i++) {
            create(manager, i).append(Batches.of(NOW, "a"), 0, NOW);
        }
        Log failed = inDirectory(manager, "a");
        Log whole = inDirectory(manager, "b");
        disk.fail(data.resolve("a"), Set.of(fault));
        assertThatThrownBy(() -> use(failed, fault)).isInstanceOf(KafkaStorageException.class);
        assertThat(failed.failure()).isPresent();
        manager.tick(NOW);
        assertThat(manager.offlineDirectories()).containsExactly(data.resolve("a"));
        assertThatThrownBy(() -> failed.append(Batches.of(NOW, "no"), 0, NOW))
                .isInstanceOf(KafkaStorageException.class);
        whole.append(Batches.of(NOW, "b"), 0, NOW);
        assertThat(Batches.contents(whole, 0)).containsExactly("0=a", "1=b");
        manager.close(NOW, 1);
        disk.heal();
        manager = open();
        assertThat(Batches.contents(inDirectory(manager, "a"), 0)).containsExactly("0=a");
        manager.close(NOW, 1);
    }

    private static void use(Log log, FaultyDisk.Fault fault) {
        switch (fault) {
            case NAMES, SYNC -> log.flush(1, NOW);
            case WRITE -> log.append(Batches.of(NOW, "never"), 0, NOW);
            case READ -> log.offsetForTimestamp(NOW);
        }
    }

    /** The broker hands records to {@code sendfile}, which says no more than that it ended early. */
    @Test
    void bytesThatCouldNotBeSentAreReadAgain() throws IOException {
        LogManager manager = open();
        Log log = create(manager, 0);
        log.append(Batches.of(NOW, "a"), 0, NOW);
        FileSlice slice = (FileSlice) log.read(0, 1000, true, 1).records();
        slice.owner().cutShort();
        manager.tick(NOW);
        assertThat(log.failure()).as("the peer was gone").isEmpty();
        disk.fail(log.directory(), Set.of(FaultyDisk.Fault.READ));
        manager.tick(NOW);
        assertThat(log.failure()).as("nobody asked").isEmpty();
        slice.owner().cutShort();
        manager.tick(NOW);
        assertThat(log.failure()).isPresent();
        assertThat(manager.offlineDirectories()).containsExactly(log.directory().getParent());
        manager.close(NOW, 1);
    }

    @Test
    void theScrubFindsADiskThatCannotBeRead() throws IOException {
        LogManager manager = open();
        Log log = create(manager, 0);
        log.append(Batches.of(NOW, "a"), 0, NOW);
        disk.fail(log.directory(), Set.of(FaultyDisk.Fault.READ));
        new LogScrubber(manager::all, 1000, Throttle.NONE).scrubNext(NOW);
        assertThat(log.failure()).isPresent();
        manager.close(NOW, 1);
    }
}
