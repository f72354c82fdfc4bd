package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own DumpLogSegments reads what Naru writes and has nothing to complain of. */
class DumpLogSegmentsTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final int RECORDS = 3000;

    @TempDir
    private Path root;

    private Path directory;
    private final Random random = new Random(5);

    @BeforeEach
    void writeALog() throws IOException {
        directory = root.resolve("orders-0");
        LogConfig config = LogConfig.from(Map.of("segment.bytes", "30000", "index.interval.bytes", "700"));
        Log log = LogLoader.load(
                LogEnvironment.local(1), new TopicPartition("orders", 0), directory, config, LogLoader.Hints.NONE, NOW);
        int[] sequences = new int[3];
        while (log.logEndOffset() < RECORDS) {
            int producer = random.nextInt(3);
            SimpleRecord[] records = records();
            log.append(
                    MemoryRecords.withIdempotentRecords(
                            compression(), producer, (short) 1, sequences[producer], records),
                    (int) (log.logEndOffset() / 1000),
                    NOW);
            sequences[producer] += records.length;
        }
        log.close(NOW);
    }

    private SimpleRecord[] records() {
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(8)];
        for (int i = 0; i < records.length; i++) {
            byte[] value = "a value, ".repeat(1 + random.nextInt(20)).getBytes(StandardCharsets.UTF_8);
            records[i] = new SimpleRecord(NOW - random.nextInt(100_000), new byte[] {1, 2}, value);
        }
        return records;
    }

    private Compression compression() {
        return Compression.of(CompressionType.forId(random.nextInt(5))).build();
    }

    private List<Path> files(String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + suffix)) {
            files.forEach(found::add);
        }
        return found;
    }

    /** What the tool prints for one file. */
    static String dump(Path file, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--files", file.toString()));
        arguments.addAll(List.of(more));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            org.apache.kafka.tools.DumpLogSegments.main(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyRecordIsThereAndValid() throws IOException {
        StringBuilder all = new StringBuilder();
        assertThat(files(".log")).hasSizeGreaterThan(5);
        for (Path file : files(".log")) {
            all.append(dump(file, "--deep-iteration", "--print-data-log"));
        }
        assertThat(all)
                .doesNotContain("isvalid: false")
                .doesNotContain("invalid")
                .doesNotContain("Found");
        long records = all.toString()
                .lines()
                .filter(line -> line.startsWith("| offset: "))
                .count();
        assertThat(records).isGreaterThanOrEqualTo(RECORDS);
        assertThat(all)
                .contains("| offset: 0 ")
                .contains("| offset: " + (RECORDS - 1) + " ")
                .contains("partitionLeaderEpoch: 2");
    }

    @Test
    void offsetIndexesAreSane() throws IOException {
        int entries = 0;
        for (Path file : files(".index")) {
            assertThat(dump(file, "--index-sanity-check")).contains("passed sanity check");
            String printed = dump(file, "--verify-index-only");
            assertThat(printed).doesNotContain("Mismatch").doesNotContain("mismatch");
            entries += (int) dump(file)
                    .lines()
                    .filter(line -> line.startsWith("offset: "))
                    .count();
        }
        assertThat(entries).isGreaterThan(100);
    }

    @Test
    void timeIndexesAreSane() throws IOException {
        int entries = 0;
        for (Path file : files(".timeindex")) {
            assertThat(dump(file, "--index-sanity-check")).contains("passed sanity check");
            String printed = dump(file);
            assertThat(printed)
                    .doesNotContainIgnoringCase("mismatch")
                    .doesNotContain("out of order")
                    .doesNotContain("Found");
            entries += (int) printed.lines()
                    .filter(line -> line.startsWith("timestamp: "))
                    .count();
        }
        assertThat(entries).isGreaterThan(5);
    }

    @Test
    void producerSnapshotsAreRead() throws IOException {
        assertThat(files(".snapshot")).hasSizeGreaterThan(5);
        for (Path file : files(".snapshot")) {
            String printed = dump(file);
            assertThat(printed).contains("producerId: 0 producerEpoch: 1").doesNotContain("Exception");
        }
    }

    @Test
    void theToolWouldNotice() throws IOException {
        Path log = files(".log").get(1);
        byte[] bytes = Files.readAllBytes(log);
        bytes[100] ^= 1;
        Files.write(log, bytes);
        assertThat(dump(log)).contains("isvalid: false");
        Path index = files(".index").get(2);
        byte[] entries = Files.readAllBytes(index);
        entries[3] ^= 1;
        Files.write(index, entries);
        assertThat(dump(index)).containsIgnoringCase("mismatch");
    }
}
