package io.naru.gateway.cursor;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;

/**
 * Reads what {@link CursorOut} wrote. The signature was checked, so content that does not fit comes from a gateway that is newer, or is a
 * mistake of ours; it fails with an {@link IllegalArgumentException} either way.
 */
final class CursorIn {

    private final byte[] bytes;
    private final int end;
    private int at;

    CursorIn(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    long number() {
        long raw = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = bytes[need(1)];
            raw |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return raw - 1;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }

    /** How many of something follow, each of at least one byte. */
    int count() {
        long count = number();
        if (count < 0 || count > end - at) {
            throw new IllegalArgumentException("a count does not fit");
        }
        return (int) count;
    }

    String text() {
        int length = count();
        return new String(bytes, need(length), length, StandardCharsets.UTF_8);
    }

    Uuid uuid() {
        return new Uuid(fixed(), fixed());
    }

    private long fixed() {
        int start = need(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | (bytes[start + i] & 0xff);
        }
        return value;
    }

    void expectEnd() {
        if (at != end) {
            throw new IllegalArgumentException("bytes are left over");
        }
    }

    private int need(int count) {
        if (count > end - at) {
            throw new IllegalArgumentException("ends too early");
        }
        int start = at;
        at += count;
        return start;
    }
}
