package io.naru.broker.lifecycle;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogDamage;
import io.naru.broker.log.LogEnvironment;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogScrubber;
import io.naru.broker.log.LogSettings;
import io.naru.broker.log.checkpoint.MetaProperties;
import io.naru.broker.log.cleaner.CleanerStats;
import io.naru.broker.log.cleaner.LogCleaner;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.config.ConfigLayers;
import io.naru.cluster.control.BrokerRegistration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The broker's logs between {@link #open} and {@link #close}, both on the image thread. A data directory belongs to one cluster; a
 * new one to whichever the controller names first.
 */
final class BrokerLogs implements PartitionTable.LogSource {

    private static final long SCRUB_PAUSE_MS = 60_000;

    private final List<Path> directories;
    private final int nodeId;
    private final Clock clock;
    private final BrokerProperties.Broker upkeep;
    private volatile @Nullable LogManager manager;
    private volatile @Nullable LogCleaner cleaner;
    private volatile @Nullable LogScrubber scrubber;
    private final List<ThrottledThread> threads = new CopyOnWriteArrayList<>();
    private volatile String progress = "not begun";
    private volatile Map<TopicPartition, Long> highWatermarksAtStart = Map.of();
    private Map<TopicPartition, Long> highWatermarksWritten = Map.of();
    private volatile long previousEpoch = BrokerRegistration.UNKNOWN_EPOCH;

    BrokerLogs(List<Path> directories, int nodeId, BrokerProperties.Broker upkeep, Clock clock) {
        this.directories = directories;
        this.nodeId = nodeId;
        this.upkeep = upkeep;
        this.clock = clock;
    }

    List<Path> directories() {
        return directories;
    }

    /** The cluster that the directories belong to; empty when all are new, or no {@code meta.properties} can be read. */
    Optional<String> clusterId() {
        return metas().stream().map(MetaProperties::clusterId).findFirst();
    }

    /** Ids of the directories that have one. */
    List<Uuid> directoryIds() {
        return metas().stream().map(MetaProperties::directoryId).toList();
    }

    private List<MetaProperties> metas() {
        return directories.stream()
                .flatMap(directory -> meta(directory).stream())
                .toList();
    }

    private static Optional<MetaProperties> meta(Path directory) {
        try {
            return Optional.of(MetaProperties.read(Disk.local(), directory));
        } catch (IOException newOrDamaged) {
            return Optional.empty();
        }
    }

    /** Data directories out of use; empty until the logs are open. */
    Set<Path> offlineDirectories() {
        LogManager open = manager;
        return open == null ? Set.of() : open.offlineDirectories();
    }

    /**
     * Opens all logs; after an unclean stop their tails are checked first.
     *
     * @throws IOException when the directory is someone else's or cannot be read; the message says what to do
     */
    void open(String clusterId) throws IOException {
        LogSettings settings = new LogSettings(
                directories,
                clusterId,
                nodeId,
                LogEnvironment.local(ThreadLocalRandom.current().nextLong()),
                topic -> LogConfig.DEFAULT,
                Math.max(2, Runtime.getRuntime().availableProcessors()),
                (done, total) -> progress = done + " of " + total + " opened");
        LogManager opened = LogManager.open(settings, clock.millis());
        highWatermarksAtStart = opened.highWatermarksAtStart();
        previousEpoch = opened.cleanShutdownEpoch().orElse(BrokerRegistration.UNKNOWN_EPOCH);
        manager = opened;
        startThreads(opened);
    }

    private void startThreads(LogManager opened) {
        threads.add(new ThrottledThread(
                "log-cleaner",
                upkeep.cleaner().ioMaxPerSecond().toBytes(),
                upkeep.cleaner().backoff().toMillis(),
                clock,
                throttle -> {
                    LogCleaner cleans = new LogCleaner(
                            opened::cleanable, upkeep.cleaner().dedupeBuffer().toBytes(), throttle);
                    cleaner = cleans;
                    return nowMs -> {
                        opened.checkpoint(); // what is durable may be cleaned once the checkpoint says so
                        return cleans.cleanDirtiest(nowMs);
                    };
                }));
        threads.add(new ThrottledThread(
                "log-scrub",
                upkeep.scrub().ioMaxPerSecond().toBytes(),
                Math.min(SCRUB_PAUSE_MS, upkeep.scrub().interval().toMillis()),
                clock,
                throttle -> {
                    LogScrubber scrubs = new LogScrubber(
                            opened::all, upkeep.scrub().interval().toMillis(), throttle);
                    scrubber = scrubs;
                    return scrubs::scrubNext;
                }));
    }

    /** Puts in force what is set on the broker while it runs. On the image thread, with the logs open. */
    void configure(ConfigLayers layers) {
        LogCleaner cleans = cleaner;
        if (cleans != null) {
            cleans.mapBytesMax((long) layers.number("log.cleaner.dedupe.buffer.size"));
            threads.get(0).pace((long) Math.max(1, layers.number("log.cleaner.io.max.bytes.per.second")), (long)
                    layers.number("log.cleaner.backoff.ms"));
        }
    }

    /** Why the logs cannot be used yet, and how far opening them has come; empty when they can. */
    Optional<String> notOpen() {
        return manager == null ? Optional.of("opening logs: " + progress) : Optional.empty();
    }

    /** Rolling, flushing, expiry, removal, checkpoints. */
    void housekeeping() {
        LogManager open = manager;
        if (open != null) {
            open.tick(clock.millis());
        }
    }

    /** Epoch under which the broker last stopped, if all directories were left clean then, else −1. */
    long previousEpoch() {
        return previousEpoch;
    }

    /** Whether no data directory is left to work with. */
    boolean allDirectoriesFailed() {
        LogManager open = manager;
        return open != null && open.offlineDirectories().size() == directories.size();
    }

    /** Writes down how far logs are committed, if that has changed since the last time. On the image thread. */
    void checkpointHighWatermarks(Map<TopicPartition, Long> highWatermarks) {
        LogManager open = manager;
        if (open != null && !highWatermarks.equals(highWatermarksWritten)) {
            open.checkpointHighWatermarks(highWatermarks);
            highWatermarksWritten = highWatermarks;
        }
    }

    @Override
    public long checkpointedHighWatermark(TopicPartition name) {
        return highWatermarksAtStart.getOrDefault(name, 0L);
    }

    /** How far compaction has come; empty until the logs are open. */
    Optional<CleanerStats> cleanerStats() {
        return Optional.ofNullable(cleaner).map(LogCleaner::stats);
    }

    /** Has a log read through as soon as there is time. */
    void scrubSoon(TopicPartition name) {
        LogScrubber scrubs = scrubber;
        if (scrubs != null) {
            scrubs.scrubSoon(name);
        }
    }

    /** Damage that is known. */
    List<LogDamage> damage() {
        LogManager open = manager;
        return open == null
                ? List.of()
                : open.all().stream().flatMap(log -> log.damage().stream()).toList();
    }

    @Override
    public Log open(TopicPartition name, Uuid topicId, LogConfig config, boolean mayBeNew) {
        return opened().getOrCreate(name, topicId, config, mayBeNew, clock.millis());
    }

    @Override
    public void delete(TopicPartition name) {
        opened().delete(name, clock.millis());
    }

    @Override
    public LogConfig config(Map<String, String> topicConfigs) {
        return LogConfig.from(topicConfigs);
    }

    @Override
    public void checkpointLogStartOffsets() throws IOException {
        opened().checkpointLogStartOffsets();
    }

    /** Closes everything, so that the next start needs no recovery. */
    void close(long brokerEpoch) {
        threads.forEach(ThrottledThread::close);
        LogManager open = manager;
        if (open != null) {
            open.close(clock.millis(), brokerEpoch);
            manager = null;
        }
    }

    private LogManager opened() {
        LogManager open = manager;
        if (open == null) {
            throw new IllegalStateException("the logs are not open");
        }
        return open;
    }
}
