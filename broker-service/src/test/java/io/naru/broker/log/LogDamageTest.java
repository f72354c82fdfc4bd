package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.disk.LossyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a log whose last segment was damaged while nobody looked. Twelve batches of two records, the last one in trouble. */
class LogDamageTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final int BATCHES = 12;
    private static final LogConfig CONFIG = LogConfig.from(Map.of("index.interval.bytes", "200"));

    @TempDir
    private Path root;

    private Path directory;
    private Path file;
    private byte[] whole;
    private int lastBatch;

    @BeforeEach
    void writeALog() throws IOException {
        directory = root.resolve("orders-0");
        Log log = open();
        for (int i = 0; i < BATCHES; i++) {
            lastBatch = (int) log.sizeInBytes();
            log.append(Batches.of(NOW + i, "a" + i, "b" + i), 5, NOW);
        }
        log.close(NOW);
        file = directory.resolve("00000000000000000000.log");
        whole = Files.readAllBytes(file);
    }

    private Log open() throws IOException {
        return open(LogLoader.Hints.NONE);
    }

    /** On a disk without fsync, which is not what is tested here and takes most of the time. */
    private Log open(LogLoader.Hints hints) throws IOException {
        LogEnvironment environment = new LogEnvironment(new LossyDisk(directory, false), new Random(1));
        return LogLoader.load(environment, new TopicPartition("orders", 0), directory, CONFIG, hints, NOW);
    }

    private Log openTrusting() throws IOException {
        return open(new LogLoader.Hints(true, 2 * BATCHES, 0));
    }

    private static List<String> batches(int count) {
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            contents.add(2 * i + "=a" + i);
            contents.add(2 * i + 1 + "=b" + i);
        }
        return contents;
    }

    private List<Path> keptAside() throws IOException {
        List<Path> kept = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.corrupt")) {
            files.forEach(kept::add);
        }
        return kept;
    }

    private void forgetKept() throws IOException {
        for (Path kept : keptAside()) {
            Files.delete(kept);
        }
    }

    private void expectAndAppend(Log log, int batches) {
        assertThat(Batches.contents(log, 0)).isEqualTo(batches(batches));
        long end = 2L * batches;
        assertThat(log.logEndOffset()).isEqualTo(end);
        assertThat(log.append(Batches.of(NOW, "x"), 5, NOW).firstOffset()).isEqualTo(end);
        assertThat(Batches.contents(log, end)).containsExactly(end + "=x");
        log.close(NOW);
    }

    @Test
    void aTailCutAtAnyByteLeavesTheWholeBatches() throws IOException {
        for (int length = lastBatch; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            expectAndAppend(open(), BATCHES - 1);
            assertThat(keptAside()).isEmpty();
        }
    }

    @Test
    void aTailCutBehindACleanMarkIsFoundToo() throws IOException {
        byte[] index = Files.readAllBytes(directory.resolve("00000000000000000000.index"));
        for (int length = lastBatch; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            Files.write(directory.resolve("00000000000000000000.index"), index);
            expectAndAppend(openTrusting(), BATCHES - 1);
        }
    }

    @Test
    void zerosAfterTheEndAreCutAndForgotten() throws IOException {
        for (int zeros = 1; zeros < 5000; zeros += 97) {
            Files.write(file, Arrays.copyOf(whole, whole.length + zeros));
            expectAndAppend(open(), BATCHES);
            assertThat(keptAside()).isEmpty();
        }
    }

    @Test
    void junkAfterTheEndIsCutAndKeptAside() throws IOException {
        Random random = new Random(7);
        for (int junk = 8; junk < 5000; junk += 211) {
            byte[] bytes = new byte[junk];
            random.nextBytes(bytes);
            byte[] damaged = Arrays.copyOf(whole, whole.length + junk);
            System.arraycopy(bytes, 0, damaged, whole.length, junk);
            Files.write(file, damaged);
            expectAndAppend(open(), BATCHES);
            assertThat(keptAside()).hasSize(1);
            assertThat(keptAside().get(0)).hasBinaryContent(bytes);
            forgetKept();
        }
    }

    /** A header bit outside the CRC is set right where the neighbours tell; any other flip costs the batch, which is kept aside. */
    @Test
    void anyFlippedBitOfTheLastBatchIsFound() throws IOException {
        for (int bit = lastBatch * 8; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file, damaged);
            int field = bit / 8 - lastBatch;
            boolean repairable = field < 8 || isLeaderEpoch(field);
            Log log = open();
            assertThat(log.logEndOffset())
                    .as("bit " + bit % 8 + " of byte " + field)
                    .isEqualTo(repairable ? 24 : 22);
            if (repairable && !isLeaderEpoch(field)) {
                log.close(NOW);
                assertThat(file).hasBinaryContent(whole);
            } else {
                assertThat(Batches.contents(log, 0)).isEqualTo(batches(repairable ? BATCHES : BATCHES - 1));
                assertThat(keptAside()).hasSize(repairable || claimsMore(field, damaged) ? 0 : 1);
                log.close(NOW);
            }
            forgetKept();
        }
    }

    /** A last batch that says it is longer than the file looks like a torn append and nothing else. */
    private boolean claimsMore(int field, byte[] damaged) {
        return field >= 8
                && field < 12
                && BatchHeader.sizeInBytes(ByteBuffer.wrap(damaged), lastBatch) > whole.length - lastBatch;
    }

    private static boolean isLeaderEpoch(int field) {
        return field >= 12 && field < 16;
    }

    /** The same in a batch with others after it: what was acknowledged after the damage is not dropped without a trace. */
    @Test
    void anyFlippedBitInTheMiddleIsFoundAndNothingIsLostWithoutATrace() throws IOException {
        int size = whole.length - lastBatch;
        int middle = 5;
        int from = firstByteOf(middle);
        for (int bit = from * 8; bit < (from + size) * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file, damaged);
            Log log = open();
            if (log.logEndOffset() == 24) {
                assertThat(Batches.contents(log, 0)).isEqualTo(batches(BATCHES));
                log.close(NOW);
                assertThat(file).hasBinaryContent(whole);
            } else {
                assertThat(Batches.contents(log, 0)).isEqualTo(batches(middle));
                assertThat(keptAside()).hasSize(1);
                assertThat(keptAside().get(0)).hasBinaryContent(Arrays.copyOfRange(damaged, from, damaged.length));
                log.close(NOW);
            }
            forgetKept();
        }
    }

    private int firstByteOf(int batch) {
        ByteBuffer bytes = ByteBuffer.wrap(whole);
        int at = 0;
        for (int i = 0; i < batch; i++) {
            at += (int) BatchHeader.sizeInBytes(bytes, at);
        }
        return at;
    }

    @Test
    void aSegmentFileWithNothingGoodInItDoesNotStopTheStart() throws IOException {
        byte[] junk = new byte[3000];
        new Random(3).nextBytes(junk);
        Files.write(file, junk);
        expectAndAppend(open(), 0);
        assertThat(keptAside()).hasSize(1);
    }

    @Test
    void foreignFilesAndDirectoriesDoNotStopTheStart() throws IOException {
        Files.createDirectory(directory.resolve("00000000000000000099.log"));
        Files.writeString(directory.resolve("00000000000000000077.index"), "orphan");
        Files.writeString(directory.resolve("README"), "hello");
        Files.writeString(directory.resolve("0000000000000000007x.log"), "hello");
        Files.writeString(directory.resolve("99999999999999999999.log"), "hello");
        Files.writeString(directory.resolve("00000000000000000003.log.deleted"), "on its way out");
        expectAndAppend(open(), BATCHES);
        assertThat(directory.resolve("00000000000000000077.index")).doesNotExist();
        assertThat(directory.resolve("00000000000000000003.log.deleted")).doesNotExist();
        assertThat(directory.resolve("README")).exists();
    }
}
