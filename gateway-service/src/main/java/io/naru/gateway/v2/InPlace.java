package io.naru.gateway.v2;

import io.naru.gateway.format.JsonStrings;
import java.util.Arrays;

/**
 * Turns what stands in a body into what is stored, where it stands: the result begins where the source did and is never longer. The
 * source has been found good by a {@link io.naru.gateway.format.JsonScanner}.
 */
final class InPlace {

    private static final byte[] BASE64 = new byte[128];
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    static {
        Arrays.fill(BASE64, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            BASE64[alphabet.charAt(i)] = (byte) i;
        }
    }

    private InPlace() {}

    /**
     * Decodes Base64 (RFC 4648 §4, padding optional).
     *
     * @param start index after the opening quote
     * @param end   index of the closing quote
     * @return index after the last byte, or −1 when it is not Base64
     */
    static int base64(byte[] bytes, int start, int end) {
        int to = withoutEscapes(bytes, start, end);
        int out = start;
        int bits = 0;
        int have = 0;
        int i = start;
        for (; i < to && bytes[i] != '='; i++) {
            int digit = bytes[i] < 0 ? -1 : BASE64[bytes[i]];
            if (digit < 0) {
                return -1;
            }
            bits = bits << 6 | digit;
            if (++have == 4) {
                bytes[out++] = (byte) (bits >> 16);
                bytes[out++] = (byte) (bits >> 8);
                bytes[out++] = (byte) bits;
                have = 0;
            }
        }
        if (have == 1 || (i < to && (have == 0 || to - i != 4 - have)) || !isPadding(bytes, i, to)) {
            return -1;
        }
        if (have >= 2) {
            bytes[out++] = (byte) (bits >> (have == 2 ? 4 : 10));
        }
        if (have == 3) {
            bytes[out++] = (byte) (bits >> 2);
        }
        return out;
    }

    private static boolean isPadding(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] != '=') {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes the escapes out of a string.
     *
     * @param start index after the opening quote
     * @param end   index of the closing quote
     * @return index after the last byte
     */
    static int text(byte[] bytes, int start, int end) {
        return withoutEscapes(bytes, start, end);
    }

    /** Some encoders escape the slash, some the equals sign. */
    private static int withoutEscapes(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\\') {
                byte[] plain = JsonStrings.decode(bytes, start, end);
                System.arraycopy(plain, 0, bytes, start, plain.length);
                return start + plain.length;
            }
        }
        return end;
    }

    /**
     * Brings JSON into the form that most writers give it, so that equal keys are equal bytes and find the same partition: no white space
     * between tokens, no escapes but those that must be. Numbers and the order of members stay as they are.
     *
     * @return index after the last byte
     */
    static int compact(byte[] bytes, int start, int end) {
        int i = firstToChange(bytes, start, end);
        if (i == end) {
            return end;
        }
        // Begins again at the start: whether i is inside a string is not remembered.
        int out = start;
        boolean inString = false;
        for (i = start; i < end; i++) {
            byte b = bytes[i];
            if (b == '"') {
                inString = !inString;
            }
            if (inString && b == '\\') {
                boolean unicode = bytes[i + 1] == 'u';
                if (unicode) {
                    int codePoint = codePoint(bytes, i);
                    out = character(bytes, out, codePoint);
                    i += codePoint > 0xffff ? 11 : 5;
                } else {
                    if (bytes[i + 1] != '/') {
                        bytes[out++] = b;
                    }
                    bytes[out++] = bytes[++i];
                }
            } else if (inString || b > ' ') {
                bytes[out++] = b;
            }
        }
        return out;
    }

    private static int firstToChange(byte[] bytes, int start, int end) {
        boolean inString = false;
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b == '\\' || (!inString && b <= ' ' && b >= 0)) {
                return i;
            }
            if (b == '"') {
                inString = !inString;
            }
        }
        return end;
    }

    /** Of {@code \}{@code uXXXX} at {@code i}, or of the pair of them that begins there. */
    private static int codePoint(byte[] bytes, int i) {
        char unit = unit(bytes, i + 2);
        return Character.isHighSurrogate(unit) ? Character.toCodePoint(unit, unit(bytes, i + 8)) : unit;
    }

    private static char unit(byte[] bytes, int start) {
        int value = 0;
        for (int i = start; i < start + 4; i++) {
            value = value << 4 | Character.digit((char) bytes[i], 16);
        }
        return (char) value;
    }

    private static int character(byte[] bytes, int at, int codePoint) {
        int out = at;
        if (codePoint >= 0x80) {
            return utf8(bytes, out, codePoint);
        }
        if (codePoint >= ' ' && codePoint != '"' && codePoint != '\\') {
            bytes[out++] = (byte) codePoint;
            return out;
        }
        bytes[out++] = '\\';
        switch (codePoint) {
            case '"', '\\' -> bytes[out++] = (byte) codePoint;
            case '\b' -> bytes[out++] = 'b';
            case '\f' -> bytes[out++] = 'f';
            case '\n' -> bytes[out++] = 'n';
            case '\r' -> bytes[out++] = 'r';
            case '\t' -> bytes[out++] = 't';
            default -> {
                bytes[out++] = 'u';
                bytes[out++] = '0';
                bytes[out++] = '0';
                bytes[out++] = HEX[codePoint >> 4];
                bytes[out++] = HEX[codePoint & 0xf];
            }
        }
        return out;
    }

    private static int utf8(byte[] bytes, int at, int codePoint) {
        int out = at;
        if (codePoint < 0x800) {
            bytes[out++] = (byte) (0xc0 | codePoint >> 6);
        } else {
            if (codePoint < 0x10000) {
                bytes[out++] = (byte) (0xe0 | codePoint >> 12);
            } else {
                bytes[out++] = (byte) (0xf0 | codePoint >> 18);
                bytes[out++] = (byte) (0x80 | (codePoint >> 12 & 0x3f));
            }
            bytes[out++] = (byte) (0x80 | (codePoint >> 6 & 0x3f));
        }
        bytes[out++] = (byte) (0x80 | (codePoint & 0x3f));
        return out;
    }
}
