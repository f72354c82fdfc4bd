package io.naru.broker.log;

import io.naru.broker.log.checkpoint.CleanShutdownFile;
import io.naru.broker.log.checkpoint.MetaProperties;
import io.naru.broker.log.checkpoint.OffsetCheckpoint;
import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * One data directory: whose it is, that no other process has it, what its checkpoints say. Opened once, before any log in it.
 */
final class LogDirectory {

    private static final String LOCK_FILE = ".lock";

    private final Disk disk;
    private final Path path;
    private final FileChannel lockChannel;
    private final long lastUsedMs;
    private final OptionalLong cleanEpoch;
    private final boolean recoveryPointsKnown;
    private final Map<TopicPartition, Long> recoveryPoints;
    private final Map<TopicPartition, Long> logStartOffsets;
    private final Map<TopicPartition, Long> highWatermarks;
    private Map<TopicPartition, Long> writtenRecoveryPoints;
    private Map<TopicPartition, Long> writtenLogStartOffsets;
    private Map<TopicPartition, Long> writtenCleanedTo;
    private volatile boolean offline;

    private LogDirectory(Disk disk, Path path, FileChannel lockChannel) throws IOException {
        this.disk = disk;
        this.path = path;
        this.lockChannel = lockChannel;
        this.lastUsedMs = newestFileMs();
        this.cleanEpoch = CleanShutdownFile.take(disk, path);
        Path recoveryFile = path.resolve(OffsetCheckpoint.RECOVERY_POINTS);
        if (!Files.exists(recoveryFile) && partitions().isEmpty()) {
            OffsetCheckpoint.write(disk, recoveryFile, Map.of());
        }
        this.recoveryPointsKnown = isReadable(recoveryFile);
        this.recoveryPoints = read(OffsetCheckpoint.RECOVERY_POINTS);
        this.writtenRecoveryPoints = recoveryPoints;
        this.logStartOffsets = read(OffsetCheckpoint.LOG_START_OFFSETS);
        this.writtenLogStartOffsets = logStartOffsets;
        this.highWatermarks = read(OffsetCheckpoint.HIGH_WATERMARKS);
        this.writtenCleanedTo = read(OffsetCheckpoint.CLEANED);
    }

    /**
     * Takes possession of a directory, making it when it is not there.
     *
     * @throws IOException saying what to do, when another process or another broker owns it
     */
    static LogDirectory open(Disk disk, Path path, String clusterId, int nodeId) throws IOException {
        Files.createDirectories(path);
        FileChannel lockChannel = lock(path);
        try {
            checkOwner(disk, path, clusterId, nodeId);
            return new LogDirectory(disk, path, lockChannel);
        } catch (IOException e) {
            lockChannel.close();
            throw e;
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new ForeignDirectoryException(
                    "data directory " + path + " is in use by another broker; stop it or name another directory");
        }
        return channel;
    }

    private static void checkOwner(Disk disk, Path path, String clusterId, int nodeId) throws IOException {
        MetaProperties owner;
        try {
            owner = MetaProperties.read(disk, path);
        } catch (NoSuchFileException e) {
            new MetaProperties(clusterId, nodeId, Uuid.randomUuid()).write(disk, path);
            return;
        } catch (IOException e) {
            LogEvents.ignored(path.resolve(MetaProperties.NAME), e.toString());
            new MetaProperties(clusterId, nodeId, Uuid.randomUuid()).write(disk, path);
            return;
        }
        if (!owner.clusterId().equals(clusterId) || owner.nodeId() != nodeId) {
            throw new ForeignDirectoryException(
                    "data directory " + path + " belongs to broker " + owner.nodeId() + " of cluster "
                            + owner.clusterId() + ", this is broker " + nodeId + " of cluster " + clusterId
                            + "; name another directory, or remove " + MetaProperties.NAME + " to take it over");
        }
    }

    private Map<TopicPartition, Long> read(String name) {
        Path file = path.resolve(name);
        try {
            return OffsetCheckpoint.read(disk, file);
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            LogEvents.ignored(file, e.toString());
            return Map.of();
        }
    }

    /** The time at which the newest file beside the partitions was written: a checkpoint, or the mark of a clean stop. */
    private long newestFileMs() throws IOException {
        long newest = -1;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, Files::isRegularFile)) {
            for (Path file : files) {
                if (!file.endsWith(LOCK_FILE)) {
                    newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
                }
            }
        }
        return newest;
    }

    private boolean isReadable(Path file) {
        try {
            OffsetCheckpoint.read(disk, file);
            return true;
        } catch (IOException e) {
            return false; // read() says so to the operator
        }
    }

    /** Partition directories, by name; anything else in the directory is passed over. */
    List<Path> partitions() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
            for (Path entry : all) {
                if (PartitionDirectory.parse(entry).isPresent() && Files.isDirectory(entry)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    /** Directories of partitions that were deleted but not yet removed. */
    List<Path> deleted() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path, "*" + PartitionDirectory.DELETE_SUFFIX)) {
            all.forEach(found::add);
        }
        return found;
    }

    LogLoader.Hints hints(TopicPartition partition) {
        return new LogLoader.Hints(
                clean(),
                recoveryPoints.getOrDefault(partition, recoveryPointsKnown ? 0L : -1L),
                logStartOffsets.getOrDefault(partition, 0L));
    }

    Map<TopicPartition, Long> highWatermarks() {
        return highWatermarks;
    }

    /** Writes the checkpoints that have changed, durably. Values are read in here, so that {@link #lowerRecoveryPoint} has the last word. */
    synchronized void checkpoint(Collection<Log> logs) throws IOException {
        Map<TopicPartition, Long> recovery = new HashMap<>();
        for (Log log : logs) {
            recovery.put(log.topicPartition(), log.recoveryPoint());
        }
        if (!recovery.equals(writtenRecoveryPoints)) {
            OffsetCheckpoint.write(disk, path.resolve(OffsetCheckpoint.RECOVERY_POINTS), recovery);
            writtenRecoveryPoints = Map.copyOf(recovery);
        }
        checkpointLogStartOffsets(logs);
    }

    /** Writes the log start offsets if they have changed, durably. */
    synchronized void checkpointLogStartOffsets(Collection<Log> logs) throws IOException {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (Log log : logs) {
            if (log.logStartOffset() > 0) {
                starts.put(log.topicPartition(), log.logStartOffset());
            }
        }
        if (!starts.equals(writtenLogStartOffsets)) {
            OffsetCheckpoint.write(disk, path.resolve(OffsetCheckpoint.LOG_START_OFFSETS), starts);
            writtenLogStartOffsets = Map.copyOf(starts);
        }
    }

    /** Makes sure that no recovery point above {@code offset} is on the disk for this partition, durably. */
    synchronized void lowerRecoveryPoint(TopicPartition partition, long offset) throws IOException {
        if (writtenRecoveryPoints.getOrDefault(partition, 0L) > offset) {
            Map<TopicPartition, Long> lowered = new HashMap<>(writtenRecoveryPoints);
            lowered.put(partition, offset);
            OffsetCheckpoint.write(disk, path.resolve(OffsetCheckpoint.RECOVERY_POINTS), lowered);
            writtenRecoveryPoints = Map.copyOf(lowered);
        }
    }

    /** The recovery point that is on the disk. */
    synchronized long writtenRecoveryPoint(TopicPartition partition) {
        return writtenRecoveryPoints.getOrDefault(partition, 0L);
    }

    /** How far compaction has come in this partition; empty when it has not begun. */
    synchronized Optional<Long> cleanedTo(TopicPartition partition) {
        return Optional.ofNullable(writtenCleanedTo.get(partition));
    }

    /** Writes down how far compaction has come, durably. */
    synchronized void cleanedTo(TopicPartition partition, long offset) throws IOException {
        if (!Long.valueOf(offset).equals(writtenCleanedTo.get(partition))) {
            Map<TopicPartition, Long> all = new HashMap<>(writtenCleanedTo);
            all.put(partition, offset);
            OffsetCheckpoint.write(disk, path.resolve(OffsetCheckpoint.CLEANED), all);
            writtenCleanedTo = Map.copyOf(all);
        }
    }

    /** What a log of this directory asks of the checkpoints. */
    LogCheckpoints checkpoints(TopicPartition partition) {
        return new LogCheckpoints() {

            @Override
            public void lowerRecoveryPoint(long offset) throws IOException {
                LogDirectory.this.lowerRecoveryPoint(partition, offset);
            }

            @Override
            public long durableRecoveryPoint() {
                return writtenRecoveryPoint(partition);
            }

            @Override
            public void cleanedTo(long offset) throws IOException {
                LogDirectory.this.cleanedTo(partition, offset);
            }
        };
    }

    /** Makes sure that the checkpoints on the disk say nothing of a partition that is about to be made anew. */
    synchronized void forget(TopicPartition partition) throws IOException {
        lowerRecoveryPoint(partition, 0);
        if (writtenCleanedTo.containsKey(partition)) {
            cleanedTo(partition, 0);
        }
        if (writtenLogStartOffsets.containsKey(partition)) {
            Map<TopicPartition, Long> others = new HashMap<>(writtenLogStartOffsets);
            others.remove(partition);
            OffsetCheckpoint.write(disk, path.resolve(OffsetCheckpoint.LOG_START_OFFSETS), others);
            writtenLogStartOffsets = Map.copyOf(others);
        }
    }

    void checkpointHighWatermarks(Map<TopicPartition, Long> offsets) throws IOException {
        OffsetCheckpoint.write(disk, path.resolve(OffsetCheckpoint.HIGH_WATERMARKS), offsets);
    }

    /** Leaves the mark of a clean stop; to be called when every log of the directory was closed. */
    void markClean(long brokerEpoch) throws IOException {
        CleanShutdownFile.write(disk, path, brokerEpoch);
    }

    void close() throws IOException {
        lockChannel.close();
    }

    Path path() {
        return path;
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    boolean clean() {
        return cleanEpoch.isPresent();
    }

    /** Broker epoch of the clean stop that left the directory as it was found; empty when the stop was not clean. */
    OptionalLong cleanEpoch() {
        return cleanEpoch;
    }

    boolean offline() {
        return offline;
    }

    void takeOffline() {
        offline = true;
    }
}
