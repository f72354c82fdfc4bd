package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The {@code .log} file of one segment: opened when it is used, closed when nobody has used it for a while, so that a broker can have
 * more logs than the process may have files open. Safe for any thread; {@link #unusedFor} belongs to the one that does the upkeep.
 *
 * <p>Whoever closes an unused file makes sure that its bytes were synced before: what the kernel could not write while nobody had the
 * file open, it need not tell the next one who opens it.
 */
final class SegmentFile implements SegmentScanner.Source {

    private final Disk disk;
    private final Path path;
    private volatile @Nullable FileChannel channel;
    private volatile boolean used = true;
    private volatile boolean closed;
    private volatile boolean detached;
    private long unusedSinceMs = Long.MAX_VALUE;

    SegmentFile(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /** Makes the file, which must not be there. */
    FileChannel create() throws IOException {
        FileChannel created =
                disk.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel = created;
        return created;
    }

    /** The open file. Not to be kept for longer than one read or write. */
    @Override
    public FileChannel channel() throws IOException {
        use();
        return channelToSync();
    }

    /** The file is in use. */
    void use() {
        if (!used) {
            used = true; // written only when it changes: readers on many cores share it
        }
    }

    /** The same for an fsync, which does not count as use. Under the flusher's lock. */
    FileChannel channelToSync() throws IOException {
        FileChannel open = channel;
        return open != null && open.isOpen() ? open : open();
    }

    private synchronized FileChannel open() throws IOException {
        if (closed || detached) {
            throw new DiskErrors.SegmentClosedException(path);
        }
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            open = disk.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    /** Whether the file is open and nobody has used it for {@code ms}, as far as the calls of this method tell. */
    boolean unusedFor(long ms, long nowMs) {
        if (channel == null || used || nowMs < unusedSinceMs) {
            used = false;
            unusedSinceMs = nowMs;
            return false;
        }
        return nowMs - unusedSinceMs >= ms;
    }

    /** Closes the file unless somebody has begun to use it; the next use opens it again. */
    synchronized void closeUnused() throws IOException {
        if (!used && !detached) {
            release();
        }
    }

    /** Gives the file handle back; the next use opens it again. */
    synchronized void release() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /** Closes the file for good. */
    synchronized void close() throws IOException {
        closed = true;
        release();
    }

    /** Its name is about to become that of another file: from now on it opens nothing, only reads what it has open. */
    synchronized void detach() {
        detached = true;
    }

    boolean detached() {
        return detached;
    }

    Path path() {
        return path;
    }
}
