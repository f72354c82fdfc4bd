package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoriesTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final Uuid ID = Uuid.randomUuid();

    @TempDir
    private Path data;

    private final FailingDisk disk = new FailingDisk();

    /** The local disk, of which one directory tree can fail. */
    private static final class FailingDisk implements Disk {

        private Path failing = Path.of("/nowhere");

        private void check(Path file) throws IOException {
            if (file.startsWith(failing)) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public FileChannel open(Path file, OpenOption... options) throws IOException {
            check(file);
            return Disk.local().open(file, options);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            check(directory);
            Disk.local().syncDirectory(directory);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            check(from);
            Disk.local().move(from, to);
        }

        @Override
        public boolean delete(Path file) throws IOException {
            check(file);
            return Disk.local().delete(file);
        }
    }

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
        disk.failing = data.resolve("a");
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
        disk.failing = Path.of("/nowhere");
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
        disk.failing = log.directory();
        manager = open();
        assertThat(manager.all()).as("b would be the emptier place").hasSize(1);
        disk.failing = Path.of("/nowhere");
        Log again = create(manager, log.topicPartition().partition());
        assertThat(again.directory()).isEqualTo(log.directory());
        assertThat(again.logEndOffset()).isEqualTo(1);
        manager.close(NOW, 1);
    }
}
