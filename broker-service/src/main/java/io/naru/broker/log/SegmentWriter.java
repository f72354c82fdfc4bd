package io.naru.broker.log;

import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Writes to the end of one segment file. Called by the thread that holds the log's lock.
 *
 * <p>Guarantee: after {@link #append} returns, the bytes are in the page cache, so they survive the end of the process but not of
 * the machine; after {@link #sync} they survive a power cut, provided the file's name does. After a failed append the file is as
 * long as before, or {@link TornWriteException} is thrown.
 */
final class SegmentWriter {

    private SegmentWriter() {}

    static void append(FileChannel channel, ByteBuffer batches, int position) throws IOException {
        try {
            FileBytes.writeFully(channel, batches, position);
        } catch (IOException e) {
            try {
                truncate(channel, position);
            } catch (IOException again) {
                again.addSuppressed(e);
                throw new TornWriteException("bytes of a failed append stay after position " + position, again);
            }
            throw e;
        }
    }

    /** Gives an empty file its length; the file system may still allocate blocks as they are written. */
    static void preallocate(FileChannel channel, int bytes) throws IOException {
        FileBytes.writeFully(channel, ByteBuffer.allocate(1), bytes - 1L);
    }

    static void truncate(FileChannel channel, long size) throws IOException {
        channel.truncate(size);
    }

    /** fsync of contents and length. */
    static void sync(FileChannel channel) throws IOException {
        channel.force(true);
    }

    /** A failed append that could not be taken back: the file must not be written again before recovery. */
    static final class TornWriteException extends IOException {

        private static final long serialVersionUID = 1;

        TornWriteException(String message, IOException cause) {
            super(message, cause);
        }
    }
}
