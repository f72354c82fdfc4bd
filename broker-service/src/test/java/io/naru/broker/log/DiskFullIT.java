package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.disk.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that refuses in the middle of a write: {@code ulimit -f}. */
class DiskFullIT {

    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    @Test
    void writesAreRefusedReadsGoOnAndNothingAckedIsLost() throws Exception {
        Path partition = directory.resolve("orders-0");
        Path result = directory.resolve("result");
        Path output = directory.resolve("output");
        Process child = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 40 && exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DiskFullMain.class.getName(),
                        partition.toString(),
                        result.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue())
                .as(Files.readString(output, StandardCharsets.UTF_8))
                .isZero();
        long acked = Long.parseLong(Files.readString(result));
        assertThat(acked).isBetween(400L, 600L);
        Log log = LogLoader.load(
                new LogEnvironment(Disk.local(), new Random(1)),
                new TopicPartition("orders", 0),
                partition,
                LogConfig.DEFAULT,
                LogLoader.Hints.NONE,
                NOW);
        List<String> contents = Batches.contents(log, 0);
        assertThat(contents).hasSize((int) acked + 1);
        for (int i = 0; i <= acked; i++) {
            assertThat(contents.get(i)).isEqualTo(i + "=v" + i);
        }
        log.close(NOW);
    }
}
