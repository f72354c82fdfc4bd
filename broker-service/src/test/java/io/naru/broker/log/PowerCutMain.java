package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.ForgetfulDisk;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Child of {@link PowerCutIT}: appends with fsync before each answer, and prints every offset that was acknowledged. */
final class PowerCutMain {

    /** Begins the lines that are not logging. */
    static final String ACK = "ack ";

    static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    static final LogConfig CONFIG = LogConfig.from(Map.of(
            "flush.messages",
            "1",
            "segment.bytes",
            "20000",
            "index.interval.bytes",
            "500",
            "retention.bytes",
            "100000"));
    private static final long NOW = 1_700_000_000_000L;

    private PowerCutMain() {}

    /** First argument: the data directory. Second: whether fsync does anything. */
    public static void main(String[] args) throws IOException {
        Disk disk = Boolean.parseBoolean(args[1]) ? Disk.local() : new ForgetfulDisk();
        LogManager manager = open(Path.of(args[0]), disk);
        Log log = manager.getOrCreate(PARTITION, Uuid.ONE_UUID, CONFIG, NOW);
        log.highWatermark(() -> Long.MAX_VALUE);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        for (long offset = 0; offset < 1_000_000; offset++) {
            log.append(Batches.of(NOW, value(offset)), (int) (offset / 100), NOW);
            out.println(ACK + offset);
            if (offset % 40 == 39) {
                manager.tick(NOW + offset * 10_000); // checkpoints, indexes, retention
            }
        }
    }

    static String value(long offset) {
        return offset + "x".repeat((int) (offset * 37 % 700));
    }

    static LogManager open(Path data, Disk disk) throws IOException {
        return LogManager.open(
                new LogSettings(
                        List.of(data),
                        "cluster",
                        1,
                        new LogEnvironment(disk, new Random(1)),
                        topic -> CONFIG,
                        2,
                        (done, total) -> {}),
                NOW);
    }
}
