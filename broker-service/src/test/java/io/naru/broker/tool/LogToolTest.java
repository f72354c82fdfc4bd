package io.naru.broker.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.Batches;
import io.naru.broker.log.Log;
import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogToolTest {

    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    private Path data;

    private String output = "";

    @BeforeEach
    void fill() throws IOException {
        LogManager manager = LogManager.open(LogSettings.of(data, "cluster", 1), NOW);
        LogConfig config = LogConfig.from(Map.of("segment.bytes", "200", "index.interval.bytes", "0"));
        for (String topic : List.of("orders", "payments")) {
            Log log = manager.getOrCreate(new TopicPartition(topic, 0), Uuid.randomUuid(), config, NOW);
            for (int i = 0; i < 6; i++) {
                log.append(Batches.idempotent(7, 0, 2 * i, "v" + i, "\u001b[31m" + i), 0, NOW);
            }
        }
        manager.close(NOW, 1);
    }

    private int run(String... args) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int result = LogTool.run(args, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        output = bytes.toString(StandardCharsets.UTF_8);
        return result;
    }

    private Map<Path, String> everything() throws IOException {
        Map<Path, String> found = new HashMap<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(
                        file,
                        Files.getLastModifiedTime(file) + " " + java.util.Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    @Test
    void aGoodDirectoryIsGoodAndStaysAsItIs() throws IOException {
        Map<Path, String> before = everything();
        assertThat(run("verify", data.toString())).as(output).isZero();
        assertThat(output.lines()).hasSize(2).allMatch(line -> line.contains(": good, "));
        assertThat(output).contains("12 records").contains("next offset 12").doesNotContain("note");
        assertThat(run("dump", data.resolve("orders-0").toString(), "--records"))
                .isZero();
        assertThat(output)
                .contains("00000000000000000000.log")
                .contains("offsets 0–1 at 0")
                .contains("producer 7 epoch 0 sequence 2")
                .contains("key \"k0\" value \"v5\"")
                .contains(".[31m0")
                .doesNotContain("\u001b");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aLimitBoundsWhatIsPrinted() {
        assertThat(run("dump", data.resolve("orders-0").toString(), "--limit", "2"))
                .isZero();
        assertThat(output.lines().filter(line -> line.contains("offsets"))).hasSize(2);
        assertThat(output).contains("… (--limit 2)");
    }

    @Test
    void damageIsNamed() throws IOException {
        Path partition = data.resolve("orders-0");
        Path segment;
        Path index;
        try (Stream<Path> files = Files.list(partition)) {
            List<Path> sorted = files.sorted().toList();
            segment = sorted.stream()
                    .filter(f -> f.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
            index = sorted.stream()
                    .filter(f -> f.toString().endsWith(".index"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);
        Files.delete(index);
        assertThat(run("verify", partition.toString())).isEqualTo(1);
        assertThat(output)
                .contains("DAMAGED " + segment + " at position ")
                .contains(": CRC")
                .contains("note: " + index + ": missing")
                .contains("1 DAMAGED places");
        Files.write(segment, java.util.Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(run("verify", data.toString())).isEqualTo(1);
        assertThat(output).contains("no batch").contains("payments-0: good");
    }

    @Test
    void mistakesAreAnsweredWithHelp() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("verify")).isEqualTo(2);
        assertThat(run("repair", data.toString())).isEqualTo(2);
        assertThat(output).contains("./naru log verify DIR");
        assertThat(run("verify", data.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(run(
                        "verify",
                        data.resolve("orders-0").resolveSibling("orders-1").toString()))
                .isEqualTo(2);
    }
}
