package io.naru.gateway.cursor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;

/** Writes a cursor's content: numbers in as few bytes as they need, seven bits each, the highest bit set on all but the last. */
final class CursorOut {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    int size() {
        return bytes.size();
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /** A number, not negative, or −1. */
    CursorOut number(long value) {
        long rest = value + 1;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }

    CursorOut text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        bytes.write(utf8, 0, utf8.length);
        return this;
    }

    CursorOut uuid(Uuid id) {
        fixed(id.getMostSignificantBits());
        fixed(id.getLeastSignificantBits());
        return this;
    }

    private void fixed(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes.write((int) (value >>> shift));
        }
    }
}
