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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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

    /** How often the operator is told how far opening the logs has come. */
    private static final long PROGRESS_STEPS = 10;

    private final LogSettings settings;
    private final LogDirectories directories;
    private final Map<TopicPartition, HostedLog> logs = new ConcurrentHashMap<>();
    private final DeletedDirectories deleted;
    private final Object creation = new Object();
    private final LogUpkeep upkeep;
    private long lastCheckpointMs;

    private LogManager(LogSettings settings, LogDirectories directories) {
        this.settings = settings;
        this.directories = directories;
        this.upkeep = new LogUpkeep(new RetentionClock(directories.lastUsedMs()), FileHandles::scarce);
        this.deleted = new DeletedDirectories(settings.environment().disk());
    }

    /**
     * Opens every log in the data directories, several at a time; returns when all are open. A partition that cannot be opened is
     * reported and left out, the others are not affected.
     *
     * @throws IOException when a data directory belongs to someone else or cannot be read at all
     */
    public static LogManager open(LogSettings settings, long nowMs) throws IOException {
        LogDirectories directories = LogDirectories.open(settings);
        LogManager manager = new LogManager(settings, directories);
        try {
            manager.loadAll(nowMs);
        } catch (IOException e) {
            directories.abandon();
            throw e;
        }
        return manager;
    }

    private void loadAll(long nowMs) throws IOException {
        List<ParallelTasks.Task> tasks = new ArrayList<>();
        for (LogDirectory directory : directories.all()) {
            for (Path leftover : directory.deleted()) {
                deleted.add(leftover, nowMs);
            }
            for (Path path : directory.partitions()) {
                tasks.add(() -> load(directory, path, nowMs));
            }
        }
        ParallelTasks.run("log-load", settings.loadThreads(), tasks, this::loaded);
    }

    private void loaded(int done, int total) {
        settings.progress().loaded(done, total);
        if (done * PROGRESS_STEPS / total > (done - 1) * PROGRESS_STEPS / total) {
            LogEvents.opened(done, total);
        }
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
            HostedLog other = logs.putIfAbsent(partition, new HostedLog(log, topicId(path), directory, false));
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
        if (!upkeep.clockBelieved()) {
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
        return Optional.ofNullable(logs.get(partition)).map(HostedLog::log);
    }

    /** All open logs. */
    public Collection<Log> all() {
        return logs.values().stream().map(HostedLog::log).toList();
    }

    /**
     * The log of a partition of the topic with this id, made when there is none. A directory of an earlier topic of the same name is
     * deleted; one that does not tell its topic is taken over.
     *
     * @throws KafkaStorageException when the disk refuses
     */
    public Log getOrCreate(TopicPartition partition, Uuid topicId, LogConfig config, long nowMs) {
        return getOrCreate(partition, topicId, config, true, nowMs);
    }

    /**
     * The same; without {@code mayBeNew} no log is made while a data directory is offline, for the partition may have its records
     * there.
     */
    public Log getOrCreate(TopicPartition partition, Uuid topicId, LogConfig config, boolean mayBeNew, long nowMs) {
        synchronized (creation) {
            HostedLog present = logs.get(partition);
            if (present != null
                    && present.topicId() != null
                    && !present.topicId().equals(topicId)) {
                delete(partition, nowMs);
                present = null;
            }
            try {
                if (present == null) {
                    Set<Path> offline = directories.offline();
                    if (!mayBeNew && !offline.isEmpty()) {
                        throw new KafkaStorageException(
                                partition + " may have its records in " + offline + ", which cannot be read");
                    }
                    return create(partition, topicId, config, nowMs);
                }
                if (present.topicId() == null) {
                    writeTopicId(present.log().directory(), topicId);
                }
                present.log().reconfigure(config);
                logs.put(partition, new HostedLog(present.log(), topicId, present.directory(), true));
                return present.log();
            } catch (IOException e) {
                throw DiskErrors.storage("log of " + partition + " cannot be made", e);
            }
        }
    }

    private Log create(TopicPartition partition, Uuid topicId, LogConfig config, long nowMs) throws IOException {
        LogDirectory directory = directories.placeFor(partition, logs.values());
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
        logs.put(partition, new HostedLog(log, topicId, directory, true));
        return log;
    }

    private void writeTopicId(Path directory, Uuid topicId) throws IOException {
        PartitionMetadataFile.write(
                settings.environment().disk(), directory.resolve(LogFiles.PARTITION_METADATA), topicId);
    }

    /** Takes the log out of the way at once; its files are removed after {@code file.delete.delay.ms}. */
    public void delete(TopicPartition partition, long nowMs) {
        synchronized (creation) {
            HostedLog hosted = logs.remove(partition);
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
        return Optional.ofNullable(logs.get(partition)).map(HostedLog::topicId);
    }

    /** High watermarks as of the last checkpoint before the start. */
    public Map<TopicPartition, Long> highWatermarksAtStart() {
        return directories.highWatermarks();
    }

    /**
     * Epoch under which the broker last stopped; empty when not all data directories were left clean by the same stop, and when a log was
     * damaged since, so that records were taken out of it: then this broker may not count as having what it had.
     */
    public OptionalLong cleanShutdownEpoch() {
        boolean cut = logs.values().stream().anyMatch(hosted -> hosted.log().cutWhenOpened());
        return cut ? OptionalLong.empty() : directories.cleanShutdownEpoch();
    }

    /** Writes {@code replication-offset-checkpoint} of each directory. */
    public void checkpointHighWatermarks(Map<TopicPartition, Long> highWatermarks) {
        directories.checkpointHighWatermarks(highWatermarks, logs);
    }

    /** Writes recovery points and log start offsets of all logs. */
    public void checkpoint() {
        directories.checkpoint(logs.values());
    }

    /** Writes log start offsets of all logs; on return they survive a power cut. */
    public void checkpointLogStartOffsets() throws IOException {
        directories.checkpointLogStartOffsets(logs.values());
    }

    /** Data directories that are out of use because of I/O errors. */
    public Set<Path> offlineDirectories() {
        return directories.offline();
    }

    /** What time brings about: rolling, flushing, expiry, removal, checkpoints. To be called about every second, by one thread. */
    public void tick(long nowMs) {
        upkeep.tick(logs.values(), nowMs);
        deleted.removeDue(nowMs);
        if (nowMs - lastCheckpointMs >= CHECKPOINT_INTERVAL_MS || nowMs < lastCheckpointMs) {
            lastCheckpointMs = nowMs;
            checkpoint();
        }
    }

    /** Syncs and closes all logs, several at a time, and marks each directory clean in which nothing failed. */
    public void close(long nowMs, long brokerEpoch) {
        List<ParallelTasks.Task> tasks = new ArrayList<>();
        logs.values().forEach(hosted -> tasks.add(() -> closeLog(hosted, nowMs)));
        ParallelTasks.run("log-close", settings.loadThreads(), tasks, (done, total) -> {});
        checkpoint();
        directories.close(brokerEpoch);
    }

    /** Lets go of every file as the end of the process would, writing nothing. */
    public void abandon() {
        logs.values().forEach(hosted -> hosted.log().abandon());
        directories.abandon();
    }

    private void closeLog(HostedLog hosted, long nowMs) {
        try {
            hosted.log().close(nowMs);
        } catch (KafkaStorageException e) {
            LOGGER.atError()
                    .addKeyValue("directory", hosted.log().directory())
                    .setCause(e)
                    .log("log not closed cleanly, it will be checked at the next start");
        }
        if (hosted.log().failure().isPresent()) {
            LogDirectories.takeOffline(hosted.directory(), logs.values());
        }
    }
}
