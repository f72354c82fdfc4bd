package io.naru.benchmarks.log;

import io.naru.broker.log.LogAppend;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One valid batch appended: validated, stamped, written, indexed; beside one bare write of the same bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {

    /** Records in the batch × bytes of each value. */
    @Param({"1x100", "10x100", "1x1024", "1000x100", "100x1024"})
    private String batch = "1x100";

    private LogOnDisk onDisk = never();
    private MemoryRecords records = MemoryRecords.EMPTY;
    private Path file = Path.of("");
    private FileChannel channel = neverOpen();

    /** A new log for each iteration, so that the disk is not filled. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        String[] sizes = batch.split("x", 2);
        records = LogOnDisk.batch(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
        onDisk = LogOnDisk.create(Map.of());
        file = Files.createTempFile("naru-append-", ".raw");
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    /** Removes what was written. */
    @TearDown(Level.Iteration)
    public void close() throws IOException {
        onDisk.close();
        channel.close();
        Files.delete(file);
    }

    /** {@code Log.append} as the leader. */
    @Benchmark
    public LogAppend append() {
        return onDisk.append(records);
    }

    /** The ceiling. */
    @Benchmark
    public int bareWrite() throws IOException {
        return channel.write(records.buffer().duplicate());
    }

    @SuppressWarnings("NullAway") // set before each iteration
    private static LogOnDisk never() {
        return null;
    }

    @SuppressWarnings("NullAway") // set before each iteration
    private static FileChannel neverOpen() {
        return null;
    }
}
