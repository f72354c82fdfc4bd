package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.producer.ProducerStates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of one {@link Log} share. Written under {@link #lock()}; the volatile fields are read by anyone.
 *
 * <p>Order of publication: a segment is in {@link #segments()} before the end lies in it, and bytes are in the file before the end
 * lies behind them. So who reads the end first and the segments second finds every byte below the end.
 */
final class LogState {

    private static final int DAMAGE_MAX = 64;

    private final TopicPartition topicPartition;
    private final Path directory;
    private final LogEnvironment environment;
    private final ReentrantLock lock = new ReentrantLock();
    private final LeaderEpochs epochs;
    private final ProducerStates producers;
    private final ProducerFiles producerFiles;
    private final LogFlusher flusher;
    private final ReentrantLock rewriting = new ReentrantLock();
    private final RecentEnds recentEnds = new RecentEnds();

    private volatile LogConfig config;
    private volatile SegmentList segments;
    private volatile LogEnd end;
    private volatile long logStartOffset;
    private volatile LongSupplier highWatermark = () -> 0;
    private volatile @Nullable IOException failure;
    private volatile boolean refusing;
    private volatile long refusedSinceMs;
    private volatile long refusedLastMs;
    private volatile boolean closed;
    private volatile LogCheckpoints checkpoints = LogCheckpoints.NONE;
    private long lastSeenMs;

    /** Damage that is known, as it lies in the log; few, since more is found when these are repaired. */
    private volatile List<LogDamage> damage = List.of();

    /** What could not be sent to its end, to be read by the next who has time. */
    private final AtomicReference<@Nullable CutShort> cutShort = new AtomicReference<>();

    /** Bytes of a segment. */
    record CutShort(LogSegment segment, int position, int bytes) {}

    LogState(
            TopicPartition topicPartition,
            Path directory,
            LogEnvironment environment,
            LogConfig config,
            LoadedLog loaded) {
        this.topicPartition = topicPartition;
        this.directory = directory;
        this.environment = environment;
        this.config = config;
        this.segments = loaded.segments();
        LogSegment active = segments.active();
        this.end = new LogEnd(loaded.logEndOffset(), active, active.size());
        this.logStartOffset = loaded.logStartOffset();
        this.epochs = loaded.epochs();
        this.producers = loaded.producers();
        this.lastSeenMs = loaded.openedMs();
        this.producerFiles = new ProducerFiles(environment.disk(), directory);
        this.flusher = new LogFlusher(environment.disk(), directory, this::segments, this::end, loaded.recoveryPoint());
        recentEnds.add(end);
    }

    /** Throws when the log takes no changes any more. */
    void ensureWritable() {
        IOException cause = failure;
        if (cause != null) {
            throw new KafkaStorageException("log " + directory + " is offline after an I/O error", cause);
        }
        if (closed) {
            throw new KafkaStorageException("log " + directory + " is closed");
        }
    }

    /** Takes no more changes, because bytes may have been lost; the answer is what the caller throws. */
    KafkaStorageException fail(IOException cause) {
        if (failure == null) {
            failure = cause;
            LogEvents.offline(directory, cause);
        }
        return new KafkaStorageException("log " + directory + " is offline after an I/O error", cause);
    }

    /** What the caller throws on {@code error}. The log goes offline unless the disk only refused, or the file was closed by us. */
    KafkaStorageException ioError(String what, IOException error) {
        if (closed || DiskErrors.isOfTheReader(error) || DiskErrors.isRefusal(error, directory)) {
            return DiskErrors.storage(what + " failed in " + directory, error);
        }
        return fail(error);
    }

    /** The disk refused an append; nothing of it is in the log. */
    void refused(long nowMs) {
        refusedSinceMs = refusing ? refusedSinceMs : nowMs;
        refusedLastMs = nowMs;
        refusing = true;
    }

    /** An append was stored. */
    void accepted() {
        if (refusing) {
            refusing = false;
        }
    }

    /** For how long appends have been tried, and refused by the disk, without one that was stored; 0 when the last one was. */
    long refusingMs() {
        return refusing ? Math.max(0, refusedLastMs - refusedSinceMs) : 0;
    }

    /**
     * A log that is being deleted closes its files under a flush; that is no failure of the disk. Nor is it one when no file can be
     * opened to be synced: what was not synced is tried again, and only an fsync that has failed may have lost anything.
     */
    KafkaStorageException failUnlessClosed(IOException cause) {
        if (DiskErrors.isOutOfHandles(cause)) {
            return DiskErrors.storage("flush failed in " + directory, cause);
        }
        return closed ? new KafkaStorageException("log " + directory + " is closed", cause) : fail(cause);
    }

    /** Remembers bytes that were not sent to their end; the last ones do. */
    void cutShort(LogSegment segment, int position, int bytes) {
        cutShort.set(new CutShort(segment, position, bytes));
    }

    /** What was not sent to its end since the last call. */
    @Nullable
    CutShort takeCutShort() {
        return cutShort.getAndSet(null);
    }

    /** Remembers damage that a reader has come upon. */
    synchronized void damaged(LogDamage found) {
        boolean known = damage.stream()
                .anyMatch(other -> other.file().equals(found.file()) && other.position() == found.position());
        if (!known && damage.size() < DAMAGE_MAX) {
            LogEvents.damaged(found);
            List<LogDamage> more = new ArrayList<>(damage);
            more.add(found);
            more.sort(Comparator.comparing(LogDamage::file).thenComparingInt(LogDamage::position));
            damage = List.copyOf(more);
        }
    }

    /** All has been looked through, and this is what was found. */
    synchronized void damage(List<LogDamage> found) {
        damage = List.copyOf(found);
    }

    /** There is no such damage any more. */
    synchronized void undamaged(LogDamage gone) {
        damage = damage.stream().filter(other -> !other.equals(gone)).toList();
    }

    List<LogDamage> damage() {
        return damage;
    }

    /** The log now ends at {@code offset}, at the end of {@code segment}. */
    void publishEnd(long offset, LogSegment segment) {
        LogEnd published = new LogEnd(offset, segment, segment.size());
        recentEnds.add(published);
        end = published;
    }

    /** To be called before the log is shortened to {@code offset}. */
    void lowerRecoveryPoint(long offset) throws IOException {
        checkpoints.lowerRecoveryPoint(offset);
    }

    LogCheckpoints checkpoints() {
        return checkpoints;
    }

    void checkpoints(LogCheckpoints keeper) {
        checkpoints = keeper;
    }

    void publishSegments(SegmentList changed) {
        segments = changed;
    }

    void logStartOffset(long offset) {
        logStartOffset = offset;
    }

    /** First offset that may still be truncated, and so must not be deleted or compacted; never above the end. */
    long highWatermark() {
        return Math.min(highWatermark.getAsLong(), end.offset());
    }

    void highWatermark(LongSupplier offset) {
        highWatermark = offset;
    }

    void config(LogConfig changed) {
        config = changed;
    }

    void markClosed() {
        closed = true;
    }

    void sawClock(long nowMs) {
        lastSeenMs = nowMs;
    }

    /** The last time anyone told this log, ms. */
    long lastSeenMs() {
        return lastSeenMs;
    }

    TopicPartition topicPartition() {
        return topicPartition;
    }

    Path directory() {
        return directory;
    }

    LogEnvironment environment() {
        return environment;
    }

    Disk disk() {
        return environment.disk();
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Held by whoever makes copies of segments, which have one name each. */
    ReentrantLock rewriting() {
        return rewriting;
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    ProducerStates producers() {
        return producers;
    }

    ProducerFiles producerFiles() {
        return producerFiles;
    }

    LogFlusher flusher() {
        return flusher;
    }

    RecentEnds recentEnds() {
        return recentEnds;
    }

    LogConfig config() {
        return config;
    }

    SegmentList segments() {
        return segments;
    }

    LogEnd end() {
        return end;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    @Nullable
    IOException failure() {
        return failure;
    }

    boolean closed() {
        return closed;
    }
}
