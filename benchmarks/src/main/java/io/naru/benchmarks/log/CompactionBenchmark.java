package io.naru.benchmarks.log;

import io.naru.broker.log.cleaner.CleaningResult;
import io.naru.broker.log.cleaner.Throttle;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
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

/** Seconds to compact about 200 MB: batches of 100 records of about 1 kB, a hundred thousand keys at random; unthrottled. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class CompactionBenchmark {

    private static final int BATCHES = 2_000;
    private static final int RECORDS = 100;
    private static final int KEYS = 100_000;
    private static final long MAP_BYTES = 64L << 20;

    private LogOnDisk onDisk = never();

    /** A dirty log for each shot. */
    @Setup(Level.Iteration)
    public void fill() throws IOException {
        onDisk = LogOnDisk.create(Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(64 << 20)));
        RandomGenerator random = new java.util.Random(1);
        byte[] value = new byte[1000];
        for (int i = 0; i < BATCHES; i++) {
            SimpleRecord[] records = new SimpleRecord[RECORDS];
            for (int r = 0; r < RECORDS; r++) {
                byte[] key = Integer.toString(random.nextInt(KEYS)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                records[r] = new SimpleRecord(LogOnDisk.now(), key, value);
            }
            onDisk.log()
                    .append(LogOnDisk.direct(MemoryRecords.withRecords(Compression.NONE, records)), 0, LogOnDisk.now());
        }
        onDisk.log().flush(onDisk.log().logEndOffset(), LogOnDisk.now()); // only what is durable is compacted
        onDisk.manager().checkpoint();
    }

    /** Removes it. */
    @TearDown(Level.Iteration)
    public void remove() throws IOException {
        onDisk.close();
    }

    /** One pass. */
    @Benchmark
    public CleaningResult compact() throws IOException {
        CleaningResult result = onDisk.log().compaction().clean(MAP_BYTES, Throttle.NONE, LogOnDisk.now());
        if (result.bytesRead() < BATCHES * RECORDS * 1000L / 2) {
            throw new IllegalStateException("not compacted: " + result);
        }
        return result;
    }

    @SuppressWarnings("NullAway") // set before each iteration
    private static LogOnDisk never() {
        return null;
    }
}
