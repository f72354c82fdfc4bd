package io.naru.gateway.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of UTF-8 JSON text. Knows escaping, numbers and Base64; commas and brackets are the writer's. Belongs to one thread
 * at a time.
 */
public final class JsonOut {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final int LONG_DIGITS_MAX = 20;
    private static final int POSITIVE_DIGITS_MAX = 19;

    private byte[] bytes;
    private int length;

    /** An empty buffer. */
    public JsonOut(int capacity) {
        bytes = new byte[capacity];
    }

    /** The buffer itself; valid up to {@link #length()}, until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** Bytes written. */
    public int length() {
        return length;
    }

    /** Forgets what was written, keeps the memory. */
    public void clear() {
        length = 0;
    }

    /** Goes back to an earlier {@link #length()}. */
    public void truncate(int newLength) {
        if (newLength > length) {
            throw new IllegalArgumentException("cannot truncate " + length + " bytes to " + newLength);
        }
        length = newLength;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Writes everything to a stream. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Makes room for {@code more} bytes at once, where it is known that they come. */
    public void expect(int more) {
        room(more);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            long wanted = Math.max(bytes.length * 2L, (long) length + more);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
        }
    }

    /** One ASCII character. */
    public JsonOut put(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Bytes as they are. */
    public JsonOut raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    /** Bytes as they are. */
    public JsonOut raw(byte[] source, int offset, int count) {
        room(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** ASCII text as it is, without quotes. */
    @SuppressWarnings("deprecation") // the one call that copies ASCII without an encoder
    public JsonOut ascii(String text) {
        int count = text.length();
        room(count);
        text.getBytes(0, count, bytes, length);
        length += count;
        return this;
    }

    /** JSON text as it is, its line breaks (which only stand between tokens) made spaces, so that it fits on a line. */
    public JsonOut oneLine(byte[] json, int offset, int count) {
        int start = length;
        raw(json, offset, count);
        for (int i = start; i < length; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                bytes[i] = ' ';
            }
        }
        return this;
    }

    /** A whole number. */
    public JsonOut number(long value) {
        if (value < 0) {
            return ascii(Long.toString(value));
        }
        room(LONG_DIGITS_MAX);
        int digits = digits(value);
        int i = length + digits;
        long rest = value;
        while (rest > Integer.MAX_VALUE) {
            long quotient = rest / 100;
            i = twoDigits(i, (int) (rest - quotient * 100));
            rest = quotient;
        }
        int small = (int) rest;
        while (small >= 100) {
            int quotient = small / 100;
            i = twoDigits(i, small - quotient * 100);
            small = quotient;
        }
        if (small >= 10) {
            twoDigits(i, small);
        } else {
            bytes[i - 1] = (byte) ('0' + small);
        }
        length += digits;
        return this;
    }

    private int twoDigits(int end, int number) {
        int tens = (number * 103) >> 10;
        bytes[end - 1] = (byte) ('0' + number - tens * 10);
        bytes[end - 2] = (byte) ('0' + tens);
        return end - 2;
    }

    private static int digits(long value) {
        long limit = 10;
        for (int digits = 1; digits < POSITIVE_DIGITS_MAX; digits++) {
            if (value < limit) {
                return digits;
            }
            limit *= 10;
        }
        return POSITIVE_DIGITS_MAX;
    }

    /** A string with quotes, escaped. */
    public JsonOut string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A string with quotes, from valid UTF-8. */
    public JsonOut string(byte[] utf8) {
        return string(utf8, 0, utf8.length);
    }

    /** A string with quotes, from valid UTF-8. */
    public JsonOut string(byte[] utf8, int offset, int count) {
        room(count + 2);
        bytes[length++] = '"';
        int end = offset + count;
        int copied = offset;
        for (int i = EightBytes.plain(utf8, offset, end); i < end; i++) {
            byte b = utf8[i];
            if ((b >= 0x20 && b != '"' && b != '\\' && b != 0x7f) || b < 0) {
                continue;
            }
            raw(utf8, copied, i - copied);
            copied = i + 1;
            escape(b);
        }
        raw(utf8, copied, end - copied);
        return put('"');
    }

    private void escape(byte b) {
        room(6);
        bytes[length++] = '\\';
        switch (b) {
            case '"' -> bytes[length++] = '"';
            case '\\' -> bytes[length++] = '\\';
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[b >> 4 & 0xf];
                bytes[length++] = HEX[b & 0xf];
            }
        }
    }

    /** A string with quotes: the bytes in Base64 (RFC 4648 §4, padded). */
    public JsonOut base64(byte[] source, int offset, int count) {
        room((count + 2) / 3 * 4 + 2);
        bytes[length++] = '"';
        int end = offset + count;
        int i = offset;
        for (; i + 2 < end; i += 3) {
            int bits = (source[i] & 0xff) << 16 | (source[i + 1] & 0xff) << 8 | (source[i + 2] & 0xff);
            bytes[length++] = BASE64[bits >> 18];
            bytes[length++] = BASE64[bits >> 12 & 0x3f];
            bytes[length++] = BASE64[bits >> 6 & 0x3f];
            bytes[length++] = BASE64[bits & 0x3f];
        }
        if (i < end) {
            boolean two = i + 1 < end;
            int bits = (source[i] & 0xff) << 16 | (two ? (source[i + 1] & 0xff) << 8 : 0);
            bytes[length++] = BASE64[bits >> 18];
            bytes[length++] = BASE64[bits >> 12 & 0x3f];
            bytes[length++] = two ? BASE64[bits >> 6 & 0x3f] : (byte) '=';
            bytes[length++] = '=';
        }
        bytes[length++] = '"';
        return this;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
