package io.naru.gateway.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Whether bytes are UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Whether the whole range is text. */
    public static boolean isValid(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            while (i + 8 <= end && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
                i += 8;
            }
            if (i >= end) {
                break;
            }
            if (bytes[i] >= 0) {
                i++;
            } else {
                int next = afterCharacter(bytes, i, end);
                if (next < 0) {
                    return false;
                }
                i = next;
            }
        }
        return true;
    }

    /** Where the multi-byte character at {@code i} ends, or −1 when it is none. */
    static int afterCharacter(byte[] bytes, int i, int end) {
        int lead = bytes[i] & 0xff;
        int continuations = lead >= 0xc2 && lead <= 0xdf
                ? 1
                : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
        if (continuations == 0 || i + continuations >= end) {
            return -1;
        }
        int second = bytes[i + 1] & 0xff;
        int secondMin = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int secondMax = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (second < secondMin || second > secondMax) {
            return -1;
        }
        for (int k = 2; k <= continuations; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return -1;
            }
        }
        return i + continuations + 1;
    }
}
