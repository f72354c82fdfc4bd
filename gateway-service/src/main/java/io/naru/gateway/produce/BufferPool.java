package io.naru.gateway.produce;

import java.util.ArrayDeque;

/** Byte arrays that were used for batches and will be again. Keeps up to a number of bytes; thread-safe. */
final class BufferPool {

    private static final int SIZE_MIN = 4 * 1024;
    private static final int SIZE_MAX = 1024 * 1024;

    private final long bytesMax;
    private final ArrayDeque<byte[]> free = new ArrayDeque<>();
    private long bytes;

    BufferPool(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** An array for a batch whose first record has {@code size} bytes; it may be replaced by a larger one as the batch grows. */
    byte[] take(int size) {
        if (size <= SIZE_MIN / 2) {
            synchronized (free) {
                byte[] known = free.pollLast();
                if (known != null) {
                    bytes -= known.length;
                    return known;
                }
            }
            return new byte[SIZE_MIN];
        }
        return new byte[size + SIZE_MIN];
    }

    void giveBack(byte[] buffer) {
        if (buffer.length > SIZE_MAX) {
            return;
        }
        synchronized (free) {
            if (bytes + buffer.length <= bytesMax) {
                bytes += buffer.length;
                free.addLast(buffer);
            }
        }
    }
}
