package io.naru.broker.log.batch;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Bounds what the snappy codec will allocate before it is let loose on a stranger's bytes: it takes each block's unpacked length,
 * a varint at the head of the block, at its word. Producers send either one raw block or xerial framing (16 byte header, then
 * blocks, each after an int32 with its packed length). The other codecs bound themselves: gzip 32 KiB, lz4 4 MiB a block, zstd a
 * window of 128 MiB.
 */
final class SnappyBounds {

    private static final int XERIAL_HEADER = 16;
    private static final long XERIAL_MAGIC = 0x82534e4150505900L;

    private SnappyBounds() {}

    static void check(ByteBuffer packed, long maxBytes) {
        ByteBuffer in = packed.duplicate();
        if (in.remaining() < XERIAL_HEADER || in.getLong(in.position()) != XERIAL_MAGIC) {
            checkTotal(unpackedLength(in), maxBytes);
            return;
        }
        in.position(in.position() + XERIAL_HEADER);
        long total = 0;
        while (in.remaining() >= Integer.BYTES) {
            int length = in.getInt();
            if (length <= 0 || length > in.remaining()) {
                throw new InvalidRecordException(
                        "snappy block of " + length + " bytes with " + in.remaining() + " left");
            }
            int next = in.position() + length;
            total += unpackedLength(in);
            checkTotal(total, maxBytes);
            in.position(next);
        }
    }

    private static void checkTotal(long total, long maxBytes) {
        if (total > maxBytes) {
            throw new RecordTooLargeException("records unpack to more than " + maxBytes + " bytes");
        }
    }

    private static long unpackedLength(ByteBuffer in) {
        long length = 0;
        for (int shift = 0; shift < 35 && in.hasRemaining(); shift += 7) {
            byte b = in.get();
            length |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return length;
            }
        }
        throw new InvalidRecordException("snappy block without a length");
    }
}
