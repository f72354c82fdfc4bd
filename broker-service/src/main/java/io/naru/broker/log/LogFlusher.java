package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the recovery point of one log forward by fsync. Its lock comes after the log's lock in lock order; flushing takes only its
 * own, so appends go on meanwhile.
 *
 * <p>Group commit: whoever waits for the lock finds, once it is his, that the one before him has synced everything appended by then.
 * So any number of waiting appends cost two syncs at most.
 */
final class LogFlusher {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogFlusher.class);

    private final Disk disk;
    private final Path directory;
    private final Supplier<SegmentList> segments;
    private final Supplier<LogEnd> end;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<LogSegment> sealed = new ConcurrentLinkedQueue<>();
    private volatile long recoveryPoint;
    private volatile boolean namesChanged = true;
    private volatile long lastFlushMs;

    LogFlusher(Disk disk, Path directory, Supplier<SegmentList> segments, Supplier<LogEnd> end, long recoveryPoint) {
        this.disk = disk;
        this.directory = directory;
        this.segments = segments;
        this.end = end;
        this.recoveryPoint = recoveryPoint;
    }

    /** Offset below which every record survives a power cut. */
    long recoveryPoint() {
        return recoveryPoint;
    }

    /** When the log was last synced to its end. */
    long lastFlushMs() {
        return lastFlushMs;
    }

    /** A file was created or renamed in the directory, so its name must be synced before what it holds counts as durable. */
    void namesChanged() {
        namesChanged = true;
    }

    /**
     * When this returns, every record below {@code offset} survives a power cut. Records appended meanwhile may be synced too.
     */
    void flush(long offset, long nowMs) throws IOException {
        if (recoveryPoint >= offset) {
            return;
        }
        lock.lock();
        try {
            if (recoveryPoint < offset) {
                LogEnd reached = end.get();
                syncSegments(reached.offset());
                lastFlushMs = nowMs;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A segment takes no more appends; the next flush cuts off what it has too much and writes its indexes. */
    void sealed(LogSegment segment) {
        sealed.add(segment);
    }

    /** Syncs sealed segments and writes their indexes; the active segment is left alone. */
    void flushSealed() throws IOException {
        if (sealed.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            syncSegments(segments.get().active().baseOffset());
        } finally {
            lock.unlock();
        }
    }

    /** Cuts off what the active segment has too much, when the log is about to be closed. */
    void trim(LogSegment active) throws IOException {
        lock.lock();
        try {
            active.trim();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the file of a segment that nobody uses, unless bytes of it were not synced. Under the log's lock. */
    void closeUnused(LogSegment segment) throws IOException {
        lock.lock();
        try {
            SegmentList all = segments.get();
            LogSegment next = all.after(segment.baseOffset());
            long segmentEnd = next == null ? end.get().offset() : next.baseOffset();
            if (segmentEnd <= recoveryPoint) {
                segment.closeUnused();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code change}, which shortens the log to {@code offset} or less, with no flush under way. */
    void shorten(long offset, IoAction change) throws IOException {
        lock.lock();
        try {
            recoveryPoint = Math.min(recoveryPoint, offset);
            namesChanged = true;
            change.run();
            recoveryPoint = Math.min(recoveryPoint, end.get().offset());
            SegmentList left = segments.get();
            sealed.removeIf(segment -> segment == left.active() || !left.all().contains(segment));
        } finally {
            lock.unlock();
        }
    }

    /** Segments have left the log; nothing of them is to be written any more. */
    void forget(List<LogSegment> gone) {
        lock.lock();
        try {
            sealed.removeAll(gone);
        } finally {
            lock.unlock();
        }
    }

    /** The log was restarted at {@code offset} with nothing in it. */
    void restartAt(long offset) {
        recoveryPoint = offset;
    }

    private void syncSegments(long offset) throws IOException {
        finishSealed();
        for (LogSegment segment : segments.get().from(recoveryPoint)) {
            if (segment.baseOffset() < offset) {
                segment.sync();
            }
        }
        if (namesChanged) {
            namesChanged = false;
            syncNames();
        }
        recoveryPoint = Math.max(recoveryPoint, offset);
    }

    private void finishSealed() throws IOException {
        for (LogSegment segment = sealed.peek(); segment != null; segment = sealed.peek()) {
            segment.trim();
            try {
                segment.storeIndexes(true);
            } catch (IOException e) {
                LOGGER.atWarn()
                        .addKeyValue("file", segment.file())
                        .setCause(e)
                        .log("indexes of a segment not written, to be tried again with the next flush");
                return;
            }
            namesChanged = true;
            sealed.poll();
        }
    }

    private void syncNames() throws IOException {
        try {
            Path metadata = directory.resolve(LogFiles.PARTITION_METADATA);
            if (Files.exists(metadata)) {
                try (FileChannel channel = disk.open(metadata, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
            disk.syncDirectory(directory);
            Path parent = directory.getParent();
            if (parent != null) {
                disk.syncDirectory(parent);
            }
        } catch (IOException e) {
            namesChanged = true;
            throw e;
        }
    }

    /** A step that may fail on disk. */
    interface IoAction {
        void run() throws IOException;
    }
}
