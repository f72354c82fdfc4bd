package io.naru.broker.log.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whole reads and writes: {@link FileChannel} may do less than it is asked for, these do not. */
public final class FileBytes {

    private FileBytes() {}

    /** Writes everything that remains in {@code source} from {@code position} on. */
    public static void writeFully(FileChannel channel, ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
    }

    /** Fills {@code target} from {@code position} on, or throws {@link EOFException}. */
    public static void readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
        if (readUpTo(channel, target, position) < 0 || target.hasRemaining()) {
            throw new EOFException("file ends " + target.remaining() + " bytes short of a read at " + position);
        }
    }

    /** Reads until {@code target} is full or the file ends; the count read, or -1 when there was nothing. */
    public static int readUpTo(FileChannel channel, ByteBuffer target, long position) throws IOException {
        int before = target.position();
        while (target.hasRemaining()) {
            int read = channel.read(target, position + target.position() - before);
            if (read < 0) {
                break;
            }
        }
        int total = target.position() - before;
        return total == 0 && target.hasRemaining() ? -1 : total;
    }

    /** The whole file; refuses more than {@code maxBytes}, so that a damaged size cannot take the heap. */
    public static ByteBuffer readAll(Disk disk, Path file, long maxBytes) throws IOException {
        try (FileChannel channel = disk.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > maxBytes) {
                throw new IOException(file + " has " + size + " bytes, more than the " + maxBytes + " it may have");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            readFully(channel, bytes, 0);
            return bytes.flip();
        }
    }

    /** The whole file as UTF-8 text; malformed bytes become replacement characters, which no parser here accepts. */
    public static String readText(Disk disk, Path file, long maxBytes) throws IOException {
        return StandardCharsets.UTF_8.decode(readAll(disk, file, maxBytes)).toString();
    }

    /**
     * Replaces {@code file} as a whole: after a crash of the process either the old or the new contents are there. With
     * {@code sync} the same holds after a power cut; that the new contents are the ones found then needs
     * {@link Disk#syncDirectory} in addition.
     */
    public static void replace(Disk disk, Path file, ByteBuffer contents, boolean sync) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = disk.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeFully(channel, contents, 0);
            if (sync) {
                channel.force(true);
            }
        }
        disk.move(temporary, file);
    }

    /** Replaces {@code file} as a whole; on return the new contents survive a power cut. */
    public static void replaceDurably(Disk disk, Path file, ByteBuffer contents) throws IOException {
        replace(disk, file, contents, true);
        Path directory = file.getParent();
        if (directory != null) {
            disk.syncDirectory(directory);
        }
    }
}
