package io.naru.benchmarks.log;

import io.naru.benchmarks.Usage;
import io.naru.broker.log.Log;
import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogEnvironment;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogSettings;
import io.naru.broker.log.checkpoint.CleanShutdownFile;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** The child of {@link RecoveryBenchmark}: does one step and is gone without closing anything, as by {@code kill -9}. */
final class RecoverySteps {

    /** Begins the line that tells nanoseconds, bytes and milliseconds of processor time. */
    static final String RESULT = "result ";

    private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
    private static final int RECORDS = 60;
    private static final int RECORD_BYTES = 1000;
    private static final int CHUNK = 1 << 20;

    private RecoverySteps() {}

    /** Arguments: {@code fill}, {@code read} or {@code recover}, directory, partitions or threads, bytes. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[1]);
        int count = Integer.parseInt(args[2]);
        warmUp();
        dropCaches();
        Duration cpuBefore = cpu();
        long begun = System.nanoTime();
        long bytes = switch (args[0]) {
            case "fill" -> size(fill(directory, count, Long.parseLong(args[3])));
            case "read" -> read(directory, count);
            case "recover" -> size(open(directory, count));
            default -> throw new IllegalArgumentException(args[0]);
        };
        long nanos = System.nanoTime() - begun;
        tell(RESULT + nanos + " " + bytes + " " + cpu().minus(cpuBefore).toMillis());
        Runtime.getRuntime().halt(0);
    }

    /** Loads the classes, which would else come from the disk while it is measured. */
    private static void warmUp() throws IOException {
        Path small = Files.createTempDirectory("naru-recovery-");
        fill(small, 1, 1 << 20).close(LogOnDisk.now(), 0);
        Files.delete(small.resolve(CleanShutdownFile.NAME));
        open(small, 1).close(LogOnDisk.now(), 0);
        try (Stream<Path> files = Files.walk(small)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Everything that is read comes from the disk from here on; only root may, for anyone else it comes from where it is. */
    private static void dropCaches() throws InterruptedException {
        try {
            new ProcessBuilder("sync").start().waitFor();
            Files.writeString(DROP_CACHES, "3");
        } catch (IOException notRoot) {
            tell("the page cache stays as it is");
        }
    }

    private static Duration cpu() {
        return Usage.of(ProcessHandle.current().pid()).cpu();
    }

    /** Read by the parent. */
    private static void tell(String line) {
        PrintStream out = System.out;
        out.println(line);
        out.flush();
    }

    private static LogManager open(Path directory, int threads) throws IOException {
        return LogManager.open(
                new LogSettings(
                        List.of(directory),
                        "benchmark",
                        1,
                        LogEnvironment.local(1),
                        topic -> LogConfig.DEFAULT,
                        threads,
                        (done, total) -> {}),
                LogOnDisk.now());
    }

    private static LogManager fill(Path directory, int partitions, long bytes) throws IOException {
        LogManager manager = open(directory, 1);
        MemoryRecords batch = LogOnDisk.batch(RECORDS, RECORD_BYTES);
        for (int partition = 0; partition < partitions; partition++) {
            Log log = manager.getOrCreate(
                    new TopicPartition("benchmark", partition),
                    Uuid.randomUuid(),
                    LogConfig.from(Map.of()),
                    LogOnDisk.now());
            while (log.sizeInBytes() < bytes / partitions) {
                batch.buffer().putLong(0, 0);
                log.append(batch, 0, LogOnDisk.now());
            }
            log.flush(log.logEndOffset(), LogOnDisk.now());
        }
        return manager;
    }

    private static long size(LogManager manager) {
        return manager.all().stream().mapToLong(Log::sizeInBytes).sum();
    }

    private static long read(Path directory, int threads) throws IOException, InterruptedException {
        List<Path> segments;
        try (Stream<Path> files = Files.walk(directory)) {
            segments = files.filter(file -> file.toString().endsWith(".log")).toList();
        }
        AtomicInteger next = new AtomicInteger();
        AtomicLong bytes = new AtomicLong();
        Thread[] readers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            readers[i] = new Thread(() -> {
                for (int file = next.getAndIncrement(); file < segments.size(); file = next.getAndIncrement()) {
                    bytes.addAndGet(read(segments.get(file)));
                }
            });
            readers[i].start();
        }
        for (Thread reader : readers) {
            reader.join();
        }
        return bytes.get();
    }

    private static long read(Path file) {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        long total = 0;
        try (FileChannel channel = FileChannel.open(file)) {
            for (int read = 0; read >= 0; read = channel.read(chunk.clear())) {
                total += read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return total;
    }
}
