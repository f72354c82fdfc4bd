package io.naru.benchmarks.log;

import io.naru.broker.log.LogRead;
import io.naru.protocol.record.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reads in one segment of a gibibyte: finding an offset, and a mebibyte of records beside the same bytes bare. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {

    private static final int FULL = 1_000_000_000;
    private static final int MEBIBYTE = 1 << 20;

    private final RandomGenerator random = new java.util.Random(1);
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(MEBIBYTE);
    private LogOnDisk onDisk = never();
    private FileSlice whole = new FileSlice(neverOpen(), 0, 0);

    /** Fills the segment with batches of ten records of 1000 bytes. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        onDisk = LogOnDisk.create(Map.of("segment.bytes", Integer.toString(Integer.MAX_VALUE)));
        MemoryRecords batch = LogOnDisk.batch(10, 1000);
        while (onDisk.log().sizeInBytes() < FULL) {
            onDisk.append(batch);
        }
        whole = (FileSlice) onDisk.log().read(0, MEBIBYTE, true, Long.MAX_VALUE).records();
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        onDisk.close();
    }

    /** Offset to position, anywhere in the segment; no record is touched. */
    @Benchmark
    public LogRead findOffset() {
        long offset = random.nextLong(onDisk.log().logEndOffset());
        return onDisk.log().read(offset, MEBIBYTE, true, Long.MAX_VALUE);
    }

    /** Offset to a mebibyte of records in memory. */
    @Benchmark
    public MemoryRecords readMebibyte() throws IOException {
        long offset = random.nextLong(onDisk.log().logEndOffset() - 2 * MEBIBYTE / 1000);
        return ((FileSlice) onDisk.log()
                        .read(offset, MEBIBYTE, true, Long.MAX_VALUE)
                        .records())
                .load();
    }

    /** The ceiling: the same number of bytes by one bare read. */
    @Benchmark
    public int bareReadMebibyte() throws IOException {
        bytes.clear();
        return whole.channel().read(bytes, random.nextLong(FULL - MEBIBYTE));
    }

    @SuppressWarnings("NullAway") // set before the first iteration
    private static LogOnDisk never() {
        return null;
    }

    @SuppressWarnings("NullAway") // set before the first iteration
    private static java.nio.channels.FileChannel neverOpen() {
        return null;
    }
}
