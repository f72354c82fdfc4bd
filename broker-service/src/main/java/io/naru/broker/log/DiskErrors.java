package io.naru.broker.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells errors after which a disk can be used as before from those after which it is not to be trusted. In doubt it is not: Java
 * hands on the C library's text and no number, and in a language not listed here a full disk is told by its free space alone.
 */
final class DiskErrors {

    private static final List<String> REFUSALS =
            List.of("No space left on device", "Disk quota exceeded", "File too large", "Too many open files");

    /** With less free space than this a write has failed for lack of it. */
    private static final long FREE_BYTES_MIN = 1 << 20;

    private DiskErrors() {}

    /** Whether the file was closed or shortened while it was used, which happens to readers and says nothing of the disk. */
    static boolean isOfTheReader(IOException error) {
        return error instanceof ClosedChannelException
                || error instanceof SegmentClosedException
                || error instanceof EOFException;
    }

    /** Whether the disk refused for want of space or handles, in {@code directory}; what it has is whole. */
    static boolean isRefusal(IOException error, Path directory) {
        String message = String.valueOf(error.getMessage());
        return REFUSALS.stream().anyMatch(message::contains) || isFull(directory);
    }

    private static boolean isFull(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace() < FREE_BYTES_MIN;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** A file was asked for after its segment had left the log. */
    static final class SegmentClosedException extends IOException {

        private static final long serialVersionUID = 1;

        SegmentClosedException(Path file) {
            super("segment " + file + " is closed");
        }
    }
}
