package io.naru.broker.log;

import io.naru.broker.log.disk.Disk;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Fixed-size index entries in file format, immutable: appending makes a new instance that may share the buffer, with the new entry
 * past the end of the old one. So a reader that holds an instance sees it unchanged whatever happens to the log.
 *
 * @param bytes     entries from position 0; more than {@code count} may be there
 * @param count     entries that count
 * @param entrySize bytes of one entry
 */
record IndexEntries(ByteBuffer bytes, int count, int entrySize) {

    /** Below this many bytes an index file is read into the heap, above it is mapped. */
    private static final int MAP_FROM_BYTES = 16 << 10;

    private static final int FIRST_CAPACITY = 16;

    static IndexEntries empty(int entrySize) {
        return new IndexEntries(ByteBuffer.allocate(0), 0, entrySize);
    }

    /** The entries of a file; throws when its size is no multiple of the entry size. */
    static IndexEntries load(Disk disk, Path file, int entrySize) throws IOException {
        try (FileChannel channel = disk.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size % entrySize != 0 || size > Integer.MAX_VALUE) {
                throw new IOException(file + " of " + size + " bytes has no whole number of entries of " + entrySize);
            }
            if (size >= MAP_FROM_BYTES) {
                return new IndexEntries(channel.map(MapMode.READ_ONLY, 0, size), (int) (size / entrySize), entrySize);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            FileBytes.readFully(channel, bytes, 0);
            return new IndexEntries(bytes, (int) (size / entrySize), entrySize);
        }
    }

    /** The same entries with room for one more; {@link #bytes} may then be written at {@code count * entrySize}. */
    IndexEntries withRoom() {
        int needed = (count + 1) * entrySize;
        if (needed <= bytes.capacity() && !bytes.isReadOnly()) {
            return this;
        }
        ByteBuffer grown = ByteBuffer.allocate(Math.max(FIRST_CAPACITY * entrySize, needed + needed / 2));
        grown.put(0, bytes, 0, count * entrySize);
        return new IndexEntries(grown, count, entrySize);
    }

    /** The same buffer with one entry more. */
    IndexEntries withOneMore() {
        return new IndexEntries(bytes, count + 1, entrySize);
    }

    /** The first {@code kept} entries in a buffer of their own, so that later appends disturb no reader. */
    IndexEntries first(int kept) {
        ByteBuffer copy = ByteBuffer.allocate(kept * entrySize);
        copy.put(0, bytes, 0, copy.capacity());
        return new IndexEntries(copy, kept, entrySize);
    }

    /** Writes the file anew, whole and synced; its name is durable after the next sync of the directory. */
    void store(Disk disk, Path file) throws IOException {
        FileBytes.replace(disk, file, bytes.duplicate().clear().limit(count * entrySize), true);
    }
}
