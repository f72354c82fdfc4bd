package io.naru.benchmarks.log;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogAppend;
import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** One log in a temporary directory, and batches to append to it. */
final class LogOnDisk implements AutoCloseable {

    private final Path directory;
    private final LogManager manager;
    private final Log log;

    private LogOnDisk(Path directory, LogManager manager, Log log) {
        this.directory = directory;
        this.manager = manager;
        this.log = log;
    }

    static LogOnDisk create(Map<String, String> configs) throws IOException {
        Path directory = Files.createTempDirectory("naru-log-");
        LogManager manager = LogManager.open(LogSettings.of(directory, "benchmark", 1), now());
        Log log = manager.getOrCreate(
                new TopicPartition("benchmark", 0), Uuid.randomUuid(), LogConfig.from(configs), now());
        log.assignEpochStart(0, 0);
        log.highWatermark(() -> Long.MAX_VALUE);
        return new LogOnDisk(directory, manager, log);
    }

    Log log() {
        return log;
    }

    LogManager manager() {
        return manager;
    }

    static long now() {
        return System.currentTimeMillis();
    }

    /** A batch of {@code records} records of {@code valueBytes} each, in a buffer that may be appended again and again. */
    static MemoryRecords batch(int records, int valueBytes) {
        SimpleRecord[] all = new SimpleRecord[records];
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, (byte) 'x');
        Arrays.fill(all, new SimpleRecord(now(), value));
        return direct(MemoryRecords.withRecords(Compression.NONE, all));
    }

    /** As a request's bytes are: off the heap. */
    static MemoryRecords direct(MemoryRecords records) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(records.sizeInBytes());
        buffer.put(records.buffer()).flip();
        return MemoryRecords.readableRecords(buffer);
    }

    /** Appends what {@link #batch} made; the last append stamped its offset into it. */
    LogAppend append(MemoryRecords batch) {
        batch.buffer().putLong(0, 0);
        return log.append(batch, 0, now());
    }

    @Override
    public void close() throws IOException {
        manager.close(now(), 0);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
