package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;

/** Child of {@link DiskFullIT}: appends to a log under a limit on the size of files, and tells how that went. */
final class DiskFullMain {

    private static final long NOW = 1_700_000_000_000L;

    private DiskFullMain() {}

    /** First argument: the partition directory. Second: where to write the offsets acked before and after the refusal. */
    public static void main(String[] args) throws IOException {
        Log log = LogLoader.load(
                new LogEnvironment(Disk.local(), new Random(1)),
                new TopicPartition("orders", 0),
                Path.of(args[0]),
                LogConfig.DEFAULT,
                LogLoader.Hints.NONE,
                NOW);
        long acked = fill(log);
        expect(log.failure().isEmpty(), "a full disk is no failure of the log");
        expect(log.logEndOffset() == acked, "nothing of a refused append counts");
        expect(
                log.sizeInBytes() == Files.size(Path.of(args[0]).resolve("00000000000000000000.log")),
                "torn bytes are cut off");
        expect(Batches.contents(log, 0).size() == acked, "reads go on");
        log.flush(acked, NOW);
        expect(refused(log), "the disk is full still");
        log.reconfigure(LogConfig.from(Map.of("segment.bytes", "1000"))); // the next file has room
        log.append(Batches.of(NOW, "v" + acked), 0, NOW);
        log.flush(acked + 1, NOW);
        Files.writeString(Path.of(args[1]), Long.toString(acked));
        Runtime.getRuntime().halt(0); // like a kill: no clean stop
    }

    private static long fill(Log log) {
        long acked = 0;
        try {
            while (acked < 100_000) {
                acked = log.append(Batches.of(NOW, "v" + acked), 0, NOW).nextOffset();
            }
            throw new AssertionError("the disk never was full");
        } catch (KafkaStorageException e) {
            return acked;
        }
    }

    private static boolean refused(Log log) {
        try {
            log.append(Batches.of(NOW, "too much"), 0, NOW);
            return false;
        } catch (KafkaStorageException e) {
            return true;
        }
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
