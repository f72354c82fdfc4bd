package io.naru.broker.log.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * File-system operations with stated durability. Stateless and safe for any thread.
 *
 * <p>File contents become durable by {@link FileChannel#force(boolean)} on a channel opened here; names (creation, rename,
 * removal) become durable by {@link #syncDirectory}. Nothing else is assumed to survive a power cut.
 */
public interface Disk {

    /** Opens a file as {@link FileChannel#open(Path, OpenOption...)} does. */
    FileChannel open(Path file, OpenOption... options) throws IOException;

    /** When this returns, every creation, rename and removal done in {@code directory} before the call survives a power cut. */
    void syncDirectory(Path directory) throws IOException;

    /** Renames atomically, replacing {@code to}; after a crash either the old or the new file is there, whole. Not durable by itself. */
    void move(Path from, Path to) throws IOException;

    /** Removes a file or an empty directory; false when there was none. Not durable by itself. */
    boolean delete(Path file) throws IOException;

    /** The file system of this machine. */
    static Disk local() {
        return LocalDisk.INSTANCE;
    }
}
