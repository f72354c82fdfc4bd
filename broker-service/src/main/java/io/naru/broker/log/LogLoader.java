package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.checkpoint.EpochCheckpoint.EpochStart;
import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.producer.ProducerStates;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Opens the log in one partition directory, whatever state its files are in. Used once, by one thread. */
public final class LogLoader {

    private static final String[] BESIDE_A_SEGMENT = {
        LogFiles.OFFSET_INDEX, LogFiles.TIME_INDEX, LogFiles.TRANSACTION_INDEX
    };

    private final Disk disk;
    private final Path directory;
    private final LogConfig config;
    private final Hints hints;

    /**
     * What the data directory's checkpoints say about a partition; beliefs, not facts.
     *
     * @param clean          whether the directory carries the mark of a clean stop
     * @param recoveryPoint  offset below which everything was synced; -1 when no checkpoint tells
     * @param logStartOffset first offset that readers may see
     */
    public record Hints(boolean clean, long recoveryPoint, long logStartOffset) {

        /** Nothing is known: everything is checked. */
        public static final Hints NONE = new Hints(false, -1, 0);
    }

    private LogLoader(Disk disk, Path directory, LogConfig config, Hints hints) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.hints = hints;
    }

    /**
     * Opens the log, making directory and first segment when there are none. After an unclean stop every batch from the recovery
     * point on, and in any case of the last segment, is checked.
     *
     * @throws IOException when the disk fails; damaged files are no reason
     */
    public static Log load(
            LogEnvironment environment,
            TopicPartition topicPartition,
            Path directory,
            LogConfig config,
            Hints hints,
            long nowMs)
            throws IOException {
        Files.createDirectories(directory);
        LoadedLog loaded = new LogLoader(environment.disk(), directory, config, hints).load(nowMs);
        for (LogSegment segment : loaded.segments().all()) {
            segment.release(); // most logs are idle, and the start would have all of them open
        }
        return new Log(topicPartition, directory, environment, config, loaded);
    }

    private LoadedLog load(long nowMs) throws IOException {
        List<LogSegment> segments = new ArrayList<>(sweep().values());
        if (segments.isEmpty()) {
            segments.add(LogSegment.create(disk, directory, hints.logStartOffset(), config));
            return assemble(segments, hints.logStartOffset(), List.of(), null, nowMs, false);
        }
        for (LogSegment segment : segments) {
            segment.sealed(true);
        }
        LogSegment last = segments.get(segments.size() - 1);
        long end = hints.clean() ? openTrusting(last) : -1;
        return end >= 0
                ? assemble(segments, end, epochsOf(segments, end), null, nowMs, false)
                : recover(segments, nowMs);
    }

    private List<EpochStart> epochsOf(List<LogSegment> segments, long end) throws IOException {
        long start = segments.isEmpty()
                ? end
                : Math.max(hints.logStartOffset(), segments.get(0).baseOffset());
        return new EpochCheck(disk, directory, config).epochs(segments, start, end);
    }

    private LoadedLog recover(List<LogSegment> segments, long nowMs) throws IOException {
        int first = segments.size() - 1;
        while (first > 0 && isToBeCheckedBefore(segments.get(first), segments.get(first - 1))) {
            first--;
        }
        long from = segments.get(first).baseOffset();
        ProducerStates producers = producersBelow(segments.subList(0, first), from, nowMs);
        List<EpochStart> before = epochsOf(segments.subList(0, first), from);
        LogRecovery recovery =
                new LogRecovery(disk, directory, config, hints.recoveryPoint(), before, producers, nowMs);
        List<LogSegment> unsure = segments.subList(first, segments.size());
        LogEvents.checking(
                directory,
                unsure.size(),
                unsure.stream().mapToLong(LogSegment::size).sum());
        recovery.run(unsure);
        List<LogSegment> kept = new ArrayList<>(segments.subList(0, first));
        kept.addAll(recovery.kept());
        for (LogSegment segment : recovery.kept().subList(0, recovery.kept().size() - 1)) {
            storeIndexes(segment);
        }
        return assemble(kept, recovery.nextOffset(), recovery.epochs(), producers, nowMs, recovery.cut());
    }

    /** Producers as of {@code offset}, up to which {@code segments} go; snapshots above are not trusted and removed. */
    private ProducerStates producersBelow(List<LogSegment> segments, long offset, long nowMs) throws IOException {
        ProducerFiles files = new ProducerFiles(disk, directory);
        files.removeAbove(offset);
        ProducerStates producers = new ProducerStates();
        if (segments.isEmpty()) {
            files.loadNewest(producers, offset);
        } else {
            files.rebuild(producers, new SegmentList(segments), offset, nowMs);
        }
        return producers;
    }

    /** On a full disk they stay in memory, and are built again by the next start. */
    private static void storeIndexes(LogSegment segment) {
        try {
            segment.storeIndexes(true);
        } catch (IOException e) {
            LogEvents.indexesNotWritten(segment.file(), e);
        }
    }

    /** A segment is complete once it was synced, but for the end of a preallocated one, which is cut off after it was sealed. */
    private boolean isToBeCheckedBefore(LogSegment segment, LogSegment before) {
        return segment.baseOffset() > hints.recoveryPoint()
                || (segment.baseOffset() == hints.recoveryPoint() && !before.isTrimmed());
    }

    /** @param known producers as of {@code end}; null when they are to be looked up */
    private LoadedLog assemble(
            List<LogSegment> segments,
            long end,
            List<EpochStart> epochs,
            @Nullable ProducerStates known,
            long nowMs,
            boolean cut)
            throws IOException {
        SegmentList list = new SegmentList(segments);
        LogSegment active = list.active();
        active.sealed(false);
        startClock(active, nowMs);
        long logStart = Math.min(Math.max(hints.logStartOffset(), list.first().baseOffset()), end);
        LeaderEpochs leaderEpochs = new LeaderEpochs(disk, directory.resolve(LogFiles.LEADER_EPOCHS), epochs, false);
        leaderEpochs.truncateFromEnd(end);
        leaderEpochs.truncateFromStart(logStart);
        if (!epochs.isEmpty()) {
            leaderEpochs.storeIfPossible();
        }
        ProducerStates producers = known != null ? known : new ProducerStates();
        ProducerFiles producerFiles = new ProducerFiles(disk, directory);
        producerFiles.removeAbove(end);
        if (known == null) {
            producerFiles.rebuild(producers, list, end, nowMs);
        }
        long recoveryPoint = hints.clean() ? end : Math.min(Math.max(hints.recoveryPoint(), 0), end);
        return new LoadedLog(list, end, logStart, recoveryPoint, leaderEpochs, producers, nowMs, cut);
    }

    /** The age of a segment counts from the timestamp of its first batch, if that is believable. */
    private static void startClock(LogSegment active, long nowMs) throws IOException {
        SegmentScanner first = active.scan(0, BatchHeader.SIZE);
        if (first.next()) {
            long timestamp = first.maxTimestamp();
            active.firstAppendMs(timestamp >= 0 && timestamp <= nowMs ? timestamp : nowMs);
        }
    }

    /** Removes what was on its way out, and lists the segments that are there. */
    private NavigableMap<Long, LogSegment> sweep() throws IOException {
        List<Path> files = files();
        if (new SwapRecovery(disk, directory).run(files)) {
            files = files();
        }
        NavigableMap<Long, LogSegment> segments = new TreeMap<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            OptionalLong baseOffset = LogFiles.offset(name, LogFiles.LOG);
            if (baseOffset.isPresent() && Files.isRegularFile(file)) {
                int size = (int) Math.min(Files.size(file), Integer.MAX_VALUE);
                segments.put(
                        baseOffset.getAsLong(),
                        LogSegment.existing(
                                disk, directory, baseOffset.getAsLong(), size, config.indexIntervalBytes()));
            } else if (name.endsWith(LogFiles.DELETED) || name.endsWith(LogFiles.CLEANED) || name.endsWith(".tmp")) {
                disk.delete(file);
            }
        }
        for (Path file : files) {
            removeIfOrphan(file, segments);
        }
        return segments;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(files::add);
        }
        return files;
    }

    private void removeIfOrphan(Path file, NavigableMap<Long, LogSegment> segments) throws IOException {
        for (String suffix : BESIDE_A_SEGMENT) {
            OptionalLong baseOffset = LogFiles.offset(file.getFileName().toString(), suffix);
            if (baseOffset.isPresent() && !segments.containsKey(baseOffset.getAsLong())) {
                LogEvents.ignored(file, "no segment of this name");
                disk.delete(file);
            }
        }
    }

    /**
     * Opens the last segment after a clean stop: index files as they are, batches after the last index entry checked.
     *
     * @return the log end offset, or -1 when anything does not fit and the segment needs recovery
     */
    private long openTrusting(LogSegment last) throws IOException {
        SegmentIndexes indexes = SegmentIndexes.empty(last.baseOffset());
        try {
            if (last.size() > 0) {
                indexes = SegmentIndexes.load(disk, directory, last.baseOffset(), last.size());
            }
        } catch (IOException e) {
            LogEvents.ignored(last.file(), e.toString());
            return -1;
        }
        if (!last.agreesWith(indexes)) {
            LogEvents.ignored(last.file(), "the index files do not agree with the log");
            return -1;
        }
        OffsetPosition entry = indexes.lastEntry();
        SegmentScanner tail = last.scan(entry.position(), SegmentScanner.LOOKUP_CHUNK);
        long next = entry.position() == 0 ? last.baseOffset() : -1;
        while (tail.next()) {
            boolean follows = next < 0 ? tail.lastOffset() == entry.offset() : tail.baseOffset() >= next;
            if (!follows || !tail.crcMatches()) {
                return -1;
            }
            next = tail.lastOffset() + 1;
            indexes.noteTail(tail.size(), tail.lastOffset(), tail.maxTimestamp());
        }
        if (tail.position() != last.size()) {
            return -1;
        }
        last.adopt(indexes, last.size());
        return next;
    }
}
