package io.naru.gateway.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes of a string at a time ("SIMD within a register"), for the runs of plain ASCII that most text is. */
final class EightBytes {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private EightBytes() {}

    /**
     * The first index from {@code start} on whose byte is a quote, a backslash, a control character (DEL, too) or not ASCII; or one of the last
     * seven before {@code end}, which are left to the caller.
     */
    static int plain(byte[] bytes, int start, int end) {
        int i = start;
        while (end - i >= 8) {
            long word = (long) LONGS.get(bytes, i);
            // A borrow can only spoil bytes above one that counts, and the lowest is what is looked for.
            long found = zeros(word ^ (ONES * '"'))
                    | zeros(word ^ (ONES * '\\'))
                    | zeros(word ^ (ONES * 0x7f))
                    | ((word - ONES * ' ') & ~word)
                    | word;
            found &= HIGHS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            i += 8;
        }
        return i;
    }

    /** The high bit of each byte that is zero. */
    private static long zeros(long word) {
        return (word - ONES) & ~word;
    }
}
