package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogScrubberTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final int BATCH = Batches.of(NOW, "v").sizeInBytes();

    @TempDir
    private Path directory;

    private Log log;
    private LogScrubber scrubber;

    /** Three segments of two batches of one record each. */
    @BeforeEach
    void fill() throws IOException {
        log = LogLoader.load(
                new LogEnvironment(Disk.local(), new Random(1)),
                new TopicPartition("orders", 0),
                directory,
                LogConfig.from(Map.of("segment.bytes", Integer.toString(2 * BATCH))),
                LogLoader.Hints.NONE,
                NOW);
        for (int i = 0; i < 6; i++) {
            log.append(Batches.of(NOW, "v"), 0, NOW);
        }
        scrubber = new LogScrubber(() -> List.of(log), 1000, Throttle.NONE);
    }

    private void flip(String name, long bit) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
            file.seek(bit / 8);
            int before = file.read();
            file.seek(bit / 8);
            file.write(before ^ (1 << (bit % 8)));
        }
    }

    @Test
    void aWholeLogIsReadOnceInAWhile() {
        assertThat(scrubber.scrubNext(NOW)).isTrue();
        assertThat(log.damage()).isEmpty();
        assertThat(scrubber.bytesRead()).isEqualTo(log.sizeInBytes());
        assertThat(scrubber.scrubNext(NOW + 999)).isFalse();
        assertThat(scrubber.scrubNext(NOW + 1000)).isTrue();
    }

    /** Whichever bit of whichever batch it is. */
    @Test
    void everyBitIsWatched() throws IOException {
        String name = "00000000000000000002.log";
        for (long bit = 0; bit < 2L * BATCH * 8; bit++) {
            flip(name, bit);
            assertThat(log.scrub(Throttle.NONE))
                    .as("bit " + bit)
                    .allMatch(damage -> damage.file().equals(directory.resolve(name)))
                    .first()
                    .satisfies(damage -> assertThat(damage.offset()).isBetween(2L, 3L));
            flip(name, bit);
        }
        assertThat(log.scrub(Throttle.NONE)).isEmpty();
    }

    @Test
    void damageIsNamedAndKeptAsideAndLeftInPlace() throws IOException {
        flip("00000000000000000002.log", (BATCH + 65) * 8L);
        byte[] file = Files.readAllBytes(directory.resolve("00000000000000000002.log"));
        assertThat(scrubber.scrubNext(NOW)).isTrue();
        assertThat(log.damage())
                .containsExactly(new LogDamage(directory.resolve("00000000000000000002.log"), BATCH, 3, BATCH, "CRC"));
        assertThat(directory.resolve("00000000000000000002.log." + BATCH + ".corrupt"))
                .hasBinaryContent(java.util.Arrays.copyOfRange(file, BATCH, 2 * BATCH));
        assertThat(directory.resolve("00000000000000000002.log")).hasBinaryContent(file);
        assertThat(log.logEndOffset()).isEqualTo(6);
        flip("00000000000000000002.log", (BATCH + 65) * 8L);
        assertThat(scrubber.scrubNext(NOW + 1000)).isTrue();
        assertThat(log.damage()).isEmpty();
    }
}
