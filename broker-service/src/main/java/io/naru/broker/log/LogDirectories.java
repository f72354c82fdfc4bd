package io.naru.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data directories of one broker. One that cannot be read is left out, at the start or later; the others go on. */
final class LogDirectories {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogDirectories.class);

    private final List<LogDirectory> directories;
    private final Set<Path> unreadable;

    private LogDirectories(List<LogDirectory> directories, Set<Path> unreadable) {
        this.directories = directories;
        this.unreadable = unreadable;
    }

    /**
     * Takes possession of the directories.
     *
     * @throws IOException when one belongs to someone else, or none can be read
     */
    static LogDirectories open(LogSettings settings) throws IOException {
        List<LogDirectory> opened = new ArrayList<>();
        Set<Path> unreadable = new TreeSet<>();
        IOException last = new IOException("no data directory is named");
        for (Path path : settings.directories()) {
            try {
                opened.add(LogDirectory.open(
                        settings.environment().disk(), path, settings.clusterId(), settings.nodeId()));
            } catch (ForeignDirectoryException e) {
                closeAll(opened);
                throw e;
            } catch (IOException e) {
                last = e;
                unreadable.add(path);
                LOGGER.atError()
                        .addKeyValue("directory", path)
                        .setCause(e)
                        .log("data directory cannot be read and stays offline until the next start");
            }
        }
        if (opened.isEmpty()) {
            throw last;
        }
        return new LogDirectories(List.copyOf(opened), unreadable);
    }

    /** When the directories were last used before they were opened, ms; -1 when all are new. */
    long lastUsedMs() {
        return directories.stream().mapToLong(LogDirectory::lastUsedMs).max().orElse(-1);
    }

    List<LogDirectory> all() {
        return directories;
    }

    /** Directories that take no part. */
    Set<Path> offline() {
        Set<Path> offline = new TreeSet<>(unreadable);
        directories.stream()
                .filter(LogDirectory::offline)
                .map(LogDirectory::path)
                .forEach(offline::add);
        return offline;
    }

    /**
     * Where a log is to be opened: where its partition has a directory, though it could not be opened before; else where there are
     * fewest logs, and among these fewest bytes.
     */
    LogDirectory placeFor(TopicPartition partition, Collection<HostedLog> logs) throws IOException {
        for (LogDirectory directory : directories) {
            if (Files.exists(directory.path().resolve(PartitionDirectory.name(partition)))) {
                if (directory.offline()) {
                    throw new IOException(partition + " is in " + directory.path() + ", which is offline");
                }
                return directory;
            }
        }
        return leastUsed(logs);
    }

    private LogDirectory leastUsed(Collection<HostedLog> logs) throws IOException {
        if (directories.size() == 1 && !directories.get(0).offline()) {
            return directories.get(0); // nothing to weigh up, and it would take time for each of many logs
        }
        Map<LogDirectory, Integer> counts = new HashMap<>();
        Map<LogDirectory, Long> bytes = new HashMap<>();
        for (HostedLog hosted : logs) {
            counts.merge(hosted.directory(), 1, Integer::sum);
            bytes.merge(hosted.directory(), hosted.log().sizeInBytes(), Long::sum);
        }
        return directories.stream()
                .filter(directory -> !directory.offline())
                .min(Comparator.<LogDirectory>comparingInt(directory -> counts.getOrDefault(directory, 0))
                        .thenComparingLong(directory -> bytes.getOrDefault(directory, 0L)))
                .orElseThrow(() -> new IOException("every data directory is offline"));
    }

    /** Takes a directory out of use with every log in it. */
    static void takeOffline(LogDirectory directory, Collection<HostedLog> logs) {
        if (directory.offline()) {
            return;
        }
        directory.takeOffline();
        LOGGER.atError()
                .addKeyValue("directory", directory.path())
                .log("data directory offline after an I/O error, and its partitions with it, until the next start");
        for (HostedLog hosted : logs) {
            if (hosted.directory() == directory) {
                hosted.log().takeOffline(directory.path());
            }
        }
    }

    /** Writes recovery points, log start offsets and the rest of what is kept. */
    void checkpoint(Collection<HostedLog> logs) {
        for (LogDirectory directory : directories) {
            attempt(directory, () -> directory.checkpoint(logsIn(directory, logs)));
        }
    }

    /** Writes log start offsets; durable on return. */
    void checkpointLogStartOffsets(Collection<HostedLog> logs) throws IOException {
        for (LogDirectory directory : directories) {
            if (!directory.offline()) {
                directory.checkpointLogStartOffsets(logsIn(directory, logs));
            }
        }
    }

    private static List<Log> logsIn(LogDirectory directory, Collection<HostedLog> logs) {
        return logs.stream()
                .filter(hosted -> hosted.directory() == directory)
                .map(HostedLog::log)
                .toList();
    }

    /** Writes {@code replication-offset-checkpoint} of each directory. */
    void checkpointHighWatermarks(Map<TopicPartition, Long> highWatermarks, Map<TopicPartition, HostedLog> logs) {
        for (LogDirectory directory : directories) {
            Map<TopicPartition, Long> here = new HashMap<>();
            highWatermarks.forEach((partition, offset) -> {
                HostedLog hosted = logs.get(partition);
                if (hosted != null && hosted.directory() == directory) {
                    here.put(partition, offset);
                }
            });
            attempt(directory, () -> directory.checkpointHighWatermarks(here));
        }
    }

    /** The broker epoch in the marks of a clean stop, when every directory has one and all say the same. */
    OptionalLong cleanShutdownEpoch() {
        Set<OptionalLong> epochs =
                directories.stream().map(LogDirectory::cleanEpoch).collect(Collectors.toSet());
        return unreadable.isEmpty() && epochs.size() == 1 ? epochs.iterator().next() : OptionalLong.empty();
    }

    Map<TopicPartition, Long> highWatermarks() {
        Map<TopicPartition, Long> all = new HashMap<>();
        directories.forEach(directory -> all.putAll(directory.highWatermarks()));
        return all;
    }

    /** Marks the directories clean in which nothing failed, and lets go of all. */
    void close(long brokerEpoch) {
        for (LogDirectory directory : directories) {
            attempt(directory, () -> {
                if (!directory.offline()) {
                    directory.markClean(brokerEpoch);
                }
            });
        }
        abandon();
    }

    /** Lets go of all as they are. */
    void abandon() {
        closeAll(directories);
    }

    private static void closeAll(List<LogDirectory> directories) {
        directories.forEach(directory -> attempt(directory, directory::close));
    }

    private static void attempt(LogDirectory directory, LogFlusher.IoAction action) {
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
