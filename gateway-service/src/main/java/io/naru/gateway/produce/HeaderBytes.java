package io.naru.gateway.produce;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/** Record headers as they stand in a record: per header name length, name, value length (−1 for null), value; lengths are varints. */
public final class HeaderBytes {

    private static final int VARINT_MAX = 5;

    private byte[] bytes = RecordInput.NOTHING;
    private int length;
    private int count;

    /** Adds a header. */
    public void add(byte[] nameUtf8, byte @Nullable [] value) {
        int more = nameUtf8.length + (value == null ? 0 : value.length) + 2 * VARINT_MAX;
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
        length = Batch.putVarint(bytes, length, nameUtf8.length);
        length = put(nameUtf8, length);
        length = Batch.putVarint(bytes, length, value == null ? -1 : value.length);
        if (value != null) {
            length = put(value, length);
        }
        count++;
    }

    private int put(byte[] source, int at) {
        System.arraycopy(source, 0, bytes, at, source.length);
        return at + source.length;
    }

    /** Whether there is a header of that name. */
    public boolean contains(byte[] nameUtf8) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        for (int i = 0; i < count; i++) {
            int nameLength = ByteUtils.readVarint(rest);
            int nameStart = rest.position();
            if (Arrays.equals(bytes, nameStart, nameStart + nameLength, nameUtf8, 0, nameUtf8.length)) {
                return true;
            }
            rest.position(nameStart + nameLength);
            int valueLength = ByteUtils.readVarint(rest);
            rest.position(rest.position() + Math.max(0, valueLength));
        }
        return false;
    }

    /** Forgets all. */
    void clear() {
        length = 0;
        count = 0;
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    int count() {
        return count;
    }

    int encodedSize() {
        return ByteUtils.sizeOfVarint(count) + length;
    }
}
