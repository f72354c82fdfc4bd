package io.naru.broker.log;

import io.naru.broker.log.checkpoint.PartitionMetadataFile;
import io.naru.broker.log.cleaner.Cleanable;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All logs of one broker: opens them at the start, makes and removes them, keeps the checkpoints, closes them.
 *
 * <p>Any thread may call any method. It has no thread of its own after {@link #open}: someone calls {@link #tick} about every
 * second.
 */
public final class LogManager {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogManager.class);
    private static final long CHECKPOINT_INTERVAL_MS = 60_000;
    private static final long RETENTION_INTERVAL_MS = 5_000;

    private final LogSettings settings;
    private final List<LogDirectory> directories;
    private final Map<TopicPartition, Hosted> logs = new ConcurrentHashMap<>();
    private final DeletedDirectories deleted;
    private final Object creation = new Object();
    private final RetentionClock retentionClock = new RetentionClock();
    private volatile boolean clockBelieved;
    private long lastCheckpointMs;
    private long lastRetentionMs;

    /**
     * A log with the id of its topic, null when the directory does not tell, and the directory it lies in. Until its topic was named
     * by {@link #getOrCreate} its configuration is a guess, and nothing of it is deleted.
     */
    private record Hosted(Log log, @Nullable Uuid topicId, LogDirectory directory, boolean configured) {}

    private LogManager(LogSettings settings, List<LogDirectory> directories) {
        this.settings = settings;
        this.directories = directories;
        this.deleted = new DeletedDirectories(settings.environment().disk());
    }

    /**
     * Opens every log in the data directories, several at a time; returns when all are open. A partition that cannot be opened is
     * reported and left out, the others are not affected.
     *
     * @throws IOException when a data directory belongs to someone else or cannot be read at all
     */
    public static LogManager open(LogSettings settings, long nowMs) throws IOException {
        List<LogDirectory> directories = new ArrayList<>();
        try {
            for (Path path : settings.directories()) {
                directories.add(LogDirectory.open(
                        settings.environment().disk(), path, settings.clusterId(), settings.nodeId()));
            }
            LogManager manager = new LogManager(settings, List.copyOf(directories));
            manager.loadAll(nowMs);
            return manager;
        } catch (IOException e) {
            for (LogDirectory directory : directories) {
                directory.close();
            }
            throw e;
        }
    }

    private void loadAll(long nowMs) throws IOException {
        List<ParallelTasks.Task> tasks = new ArrayList<>();
        for (LogDirectory directory : directories) {
            for (Path leftover : directory.deleted()) {
                deleted.add(leftover, nowMs);
            }
            for (Path path : directory.partitions()) {
                tasks.add(() -> load(directory, path, nowMs));
            }
        }
        ParallelTasks.run("log-load", settings.loadThreads(), tasks, settings.progress());
    }

    private void load(LogDirectory directory, Path path, long nowMs) {
        TopicPartition partition = PartitionDirectory.parse(path).orElseThrow();
        LogConfig config = directory.cleanedTo(partition).isPresent()
                ? LogConfig.COMPACTED
                : settings.configs().apply(partition.topic());
        try {
            Log log =
                    LogLoader.load(settings.environment(), partition, path, config, directory.hints(partition), nowMs);
            keepCheckpoints(log, directory);
            Hosted other = logs.putIfAbsent(partition, new Hosted(log, topicId(path), directory, false));
            if (other != null) {
                LogEvents.ignored(path, "the partition is in " + other.log().directory() + " already");
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("directory", path)
                    .setCause(e)
                    .log("partition cannot be opened and stays offline");
        }
    }

    private static void keepCheckpoints(Log log, LogDirectory directory) {
        TopicPartition partition = log.topicPartition();
        log.checkpoints(
                directory.checkpoints(partition), directory.cleanedTo(partition).orElse(0L));
    }

    /** What the cleaner may clean at the moment; nothing while the clock is not believed, for tombstones go by it. */
    public List<Cleanable> cleanable() {
        if (!clockBelieved) {
            return List.of();
        }
        return logs.values().stream()
                .filter(hosted -> hosted.configured() && !hosted.directory().offline())
                .map(hosted -> hosted.log().compaction())
                .toList();
    }

    private @Nullable Uuid topicId(Path directory) {
        Path file = directory.resolve(LogFiles.PARTITION_METADATA);
        try {
            return PartitionMetadataFile.read(settings.environment().disk(), file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            LogEvents.ignored(file, e.toString());
            return null;
        }
    }

    /** The log of a partition, if this broker has it open. */
    public Optional<Log> get(TopicPartition partition) {
        return Optional.ofNullable(logs.get(partition)).map(Hosted::log);
    }

    /** All open logs. */
    public Collection<Log> all() {
        return logs.values().stream().map(Hosted::log).toList();
    }

    /**
     * The log of a partition of the topic with this id, made when there is none. A directory of an earlier topic of the same name is
     * deleted; one that does not tell its topic is taken over.
     *
     * @throws KafkaStorageException when the disk refuses
     */
    public Log getOrCreate(TopicPartition partition, Uuid topicId, LogConfig config, long nowMs) {
        synchronized (creation) {
            Hosted present = logs.get(partition);
            if (present != null
                    && present.topicId() != null
                    && !present.topicId().equals(topicId)) {
                delete(partition, nowMs);
                present = null;
            }
            try {
                if (present == null) {
                    return create(partition, topicId, config, nowMs);
                }
                if (present.topicId() == null) {
                    writeTopicId(present.log().directory(), topicId);
                }
                present.log().reconfigure(config);
                logs.put(partition, new Hosted(present.log(), topicId, present.directory(), true));
                return present.log();
            } catch (IOException e) {
                throw new KafkaStorageException("log of " + partition + " cannot be made", e);
            }
        }
    }

    private Log create(TopicPartition partition, Uuid topicId, LogConfig config, long nowMs) throws IOException {
        LogDirectory directory = leastUsed();
        Path path = directory.path().resolve(PartitionDirectory.name(partition));
        LogLoader.Hints hints = LogLoader.Hints.NONE;
        if (Files.exists(path)) {
            hints = directory.hints(partition); // it could not be opened at the start
        } else {
            directory.forget(partition);
        }
        Files.createDirectories(path);
        writeTopicId(path, topicId);
        Log log = LogLoader.load(settings.environment(), partition, path, config, hints, nowMs);
        keepCheckpoints(log, directory);
        logs.put(partition, new Hosted(log, topicId, directory, true));
        return log;
    }

    private void writeTopicId(Path directory, Uuid topicId) throws IOException {
        PartitionMetadataFile.write(
                settings.environment().disk(), directory.resolve(LogFiles.PARTITION_METADATA), topicId);
    }

    private LogDirectory leastUsed() throws IOException {
        Map<LogDirectory, Integer> used = new HashMap<>();
        logs.values().forEach(hosted -> used.merge(hosted.directory(), 1, Integer::sum));
        return directories.stream()
                .filter(directory -> !directory.offline())
                .min(Comparator.comparingInt(directory -> used.getOrDefault(directory, 0)))
                .orElseThrow(() -> new IOException("every data directory is offline"));
    }

    /** Takes the log out of the way at once; its files are removed after {@code file.delete.delay.ms}. */
    public void delete(TopicPartition partition, long nowMs) {
        synchronized (creation) {
            Hosted hosted = logs.remove(partition);
            if (hosted == null) {
                return;
            }
            hosted.log().abandon();
            Disk disk = settings.environment().disk();
            Path from = hosted.log().directory();
            Path to = from.resolveSibling(PartitionDirectory.deletedName(partition));
            try {
                disk.move(from, to);
                disk.syncDirectory(hosted.directory().path());
                deleted.add(to, nowMs + hosted.log().config().fileDeleteDelayMs());
            } catch (IOException e) {
                throw new KafkaStorageException("log of " + partition + " cannot be deleted", e);
            }
        }
    }

    /** Topic ids of the open logs, where known. */
    public Optional<Uuid> topicId(TopicPartition partition) {
        return Optional.ofNullable(logs.get(partition)).map(Hosted::topicId);
    }

    /** High watermarks as of the last checkpoint before the start. */
    public Map<TopicPartition, Long> highWatermarksAtStart() {
        Map<TopicPartition, Long> all = new HashMap<>();
        directories.forEach(directory -> all.putAll(directory.highWatermarks()));
        return all;
    }

    /** Writes {@code replication-offset-checkpoint} of each directory. */
    public void checkpointHighWatermarks(Map<TopicPartition, Long> highWatermarks) {
        for (LogDirectory directory : directories) {
            Map<TopicPartition, Long> here = new HashMap<>();
            highWatermarks.forEach((partition, offset) -> {
                Hosted hosted = logs.get(partition);
                if (hosted != null && hosted.directory() == directory) {
                    here.put(partition, offset);
                }
            });
            attempt(directory, () -> directory.checkpointHighWatermarks(here));
        }
    }

    /** Writes recovery points and log start offsets of all logs. */
    public void checkpoint() {
        for (LogDirectory directory : directories) {
            attempt(directory, () -> directory.checkpoint(logsIn(directory)));
        }
    }

    /** Writes log start offsets of all logs; on return they survive a power cut. */
    public void checkpointLogStartOffsets() throws IOException {
        for (LogDirectory directory : directories) {
            if (!directory.offline()) {
                directory.checkpointLogStartOffsets(logsIn(directory));
            }
        }
    }

    private List<Log> logsIn(LogDirectory directory) {
        return logs.values().stream()
                .filter(hosted -> hosted.directory() == directory)
                .map(Hosted::log)
                .toList();
    }

    /** What time brings about: rolling, flushing, expiry, removal, checkpoints. To be called about every second, by one thread. */
    public void tick(long nowMs) {
        boolean believed = retentionClock.believes(nowMs);
        clockBelieved = believed;
        boolean retention = nowMs - lastRetentionMs >= RETENTION_INTERVAL_MS || nowMs < lastRetentionMs;
        if (retention) {
            lastRetentionMs = nowMs;
        }
        for (Hosted hosted : logs.values()) {
            try {
                hosted.log().tick(nowMs);
                if (retention && hosted.configured()) {
                    hosted.log().deleteOldSegments(nowMs, believed);
                }
            } catch (KafkaStorageException e) {
                LOGGER.atError()
                        .addKeyValue("directory", hosted.log().directory())
                        .setCause(e)
                        .log("upkeep of a log failed");
            }
            if (hosted.log().failure().isPresent()) {
                takeOffline(hosted.directory());
            }
        }
        deleted.removeDue(nowMs);
        if (nowMs - lastCheckpointMs >= CHECKPOINT_INTERVAL_MS || nowMs < lastCheckpointMs) {
            lastCheckpointMs = nowMs;
            checkpoint();
        }
    }

    private void takeOffline(LogDirectory directory) {
        if (!directory.offline()) {
            directory.takeOffline();
            LOGGER.atError()
                    .addKeyValue("directory", directory.path())
                    .log("data directory offline after an I/O error");
        }
    }

    /** Syncs and closes all logs, several at a time, and marks each directory clean in which nothing failed. */
    public void close(long nowMs, long brokerEpoch) {
        List<ParallelTasks.Task> tasks = new ArrayList<>();
        logs.values().forEach(hosted -> tasks.add(() -> closeLog(hosted, nowMs)));
        ParallelTasks.run("log-close", settings.loadThreads(), tasks, (done, total) -> {});
        checkpoint();
        for (LogDirectory directory : directories) {
            attempt(directory, () -> {
                if (!directory.offline()) {
                    directory.markClean(brokerEpoch);
                }
                directory.close();
            });
        }
    }

    /** Lets go of every file as the end of the process would, writing nothing. */
    void abandon() {
        logs.values().forEach(hosted -> hosted.log().abandon());
        directories.forEach(directory -> attempt(directory, directory::close));
    }

    private void closeLog(Hosted hosted, long nowMs) {
        try {
            hosted.log().close(nowMs);
        } catch (KafkaStorageException e) {
            LOGGER.atError()
                    .addKeyValue("directory", hosted.log().directory())
                    .setCause(e)
                    .log("log not closed cleanly, it will be checked at the next start");
        }
        if (hosted.log().failure().isPresent()) {
            takeOffline(hosted.directory());
        }
    }

    private void attempt(LogDirectory directory, LogFlusher.IoAction action) {
        try {
            action.run();
        } catch (IOException e) {
            LOGGER.atError()
                    .addKeyValue("directory", directory.path())
                    .setCause(e)
                    .log("checkpoint not written; the next start checks more than it need");
        }
    }
}
