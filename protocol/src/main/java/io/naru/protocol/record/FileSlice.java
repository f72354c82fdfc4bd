package io.naru.protocol.record;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Whole record batches inside a segment file: {@code sizeInBytes} bytes of {@code channel} from {@code position}. The server sends
 * them with {@code sendfile}; the bytes are never on the heap. The slice does not own the channel: whoever closes it (a segment,
 * after its delayed delete) ends transfers under way with an I/O error, which ends that connection and no other.
 *
 * @param channel     open segment file
 * @param position    first byte, at a batch boundary
 * @param sizeInBytes length; may cut the last batch short when a byte limit asks for it, as the Fetch API allows
 * @param owner       who opened the file
 */
public record FileSlice(FileChannel channel, long position, int sizeInBytes, Owner owner) implements BaseRecords {

    /** Is told what becomes of a slice, by any thread. Must return at once. */
    public interface Owner {

        /** Bytes are being sent: the file is in use. */
        void sending();

        /**
         * The slice was not sent to its end: because the peer is gone, or because the file could not be read, which {@code sendfile} does
         * not tell apart.
         */
        void cutShort();
    }

    private static final Owner NOBODY = new Owner() {
        @Override
        public void sending() {}

        @Override
        public void cutShort() {}
    };

    /** Tells nobody. */
    public FileSlice(FileChannel channel, long position, int sizeInBytes) {
        this(channel, position, sizeInBytes, NOBODY);
    }

    /** Checks that the slice is not negative. */
    public FileSlice {
        if (position < 0 || sizeInBytes < 0) {
            throw new IllegalArgumentException("negative slice: position " + position + ", size " + sizeInBytes);
        }
    }

    /** Reads the slice into memory, for the few places that look inside (timestamp search, tools, tests). */
    public MemoryRecords load() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(sizeInBytes);
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, position + buffer.position());
            if (read < 0) {
                throw new EOFException("segment ends at " + (position + buffer.position()) + ", " + buffer.remaining()
                        + " bytes short of the slice");
            }
        }
        buffer.flip();
        return MemoryRecords.readableRecords(buffer);
    }

    /** Naru's server writes slices itself; kafka-clients' own senders are never used. */
    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("a FileSlice is written by io.naru.protocol.server");
    }
}
