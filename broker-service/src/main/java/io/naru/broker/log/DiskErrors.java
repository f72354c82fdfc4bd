package io.naru.broker.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * Tells errors after which a disk can be used as before from those after which it is not to be trusted. In doubt it is not: Java
 * hands on the C library's text and no number, and in a language not listed here a full disk is told by its free space alone.
 */
final class DiskErrors {

    private static final String OUT_OF_HANDLES = "Too many open files";
    private static final List<String> REFUSALS =
            List.of("No space left on device", "Disk quota exceeded", "File too large", OUT_OF_HANDLES);

    /** With less free space than this a write has failed for lack of it. */
    private static final long FREE_BYTES_MIN = 1 << 20;

    private DiskErrors() {}

    /** Whether the file was closed or shortened while it was used, which happens to readers and says nothing of the disk. */
    static boolean isOfTheReader(IOException error) {
        return error instanceof ClosedChannelException
                || error instanceof SegmentClosedException
                || error instanceof EOFException;
    }

    /** Whether the file was closed between being asked for and being read, because it seemed unused; it opens again. */
    static boolean wasClosedUnused(IOException error) {
        return error instanceof ClosedChannelException && !(error instanceof ClosedByInterruptException);
    }

    /** Whether the disk refused for want of space or handles, in {@code directory}; what it has is whole. */
    static boolean isRefusal(IOException error, Path directory) {
        String message = String.valueOf(error.getMessage());
        return REFUSALS.stream().anyMatch(message::contains) || isFull(directory);
    }

    /** Whether a file could not be opened because the process, or the machine, has too many open. Nothing has happened to any of them. */
    static boolean isOutOfHandles(IOException error) {
        return String.valueOf(error.getMessage()).contains(OUT_OF_HANDLES);
    }

    /** What the sender is told: for some errors also what to do. */
    static KafkaStorageException storage(String what, IOException error) {
        return new KafkaStorageException(
                isOutOfHandles(error)
                        ? what + ": no file handle is left of " + FileHandles.limit()
                                + "; raise the limit of open files (ulimit -n, LimitNOFILE) and start again"
                        : what,
                error);
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
