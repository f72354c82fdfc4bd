package io.naru.gateway.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The inside of JSON strings that a {@link JsonScanner} has found good. */
public final class JsonStrings {

    private JsonStrings() {}

    /**
     * The bytes a string stands for.
     *
     * @param start index after the opening quote
     * @param end   index of the closing quote
     * @return UTF-8
     */
    public static byte[] decode(byte[] bytes, int start, int end) {
        int escape = start;
        while (escape < end && bytes[escape] != '\\') {
            escape++;
        }
        if (escape == end) {
            return Arrays.copyOfRange(bytes, start, end);
        }
        byte[] out = new byte[end - start];
        int length = escape - start;
        System.arraycopy(bytes, start, out, 0, length);
        int i = escape;
        while (i < end) {
            byte b = bytes[i];
            if (b != '\\') {
                out[length++] = b;
                i++;
                continue;
            }
            byte kind = bytes[i + 1];
            if (kind != 'u') {
                out[length++] = unescaped(kind);
                i += 2;
                continue;
            }
            char unit = (char) JsonScanner.hex4(bytes, i + 2, end);
            i += 6;
            byte[] character;
            if (Character.isHighSurrogate(unit)) {
                char low = (char) JsonScanner.hex4(bytes, i + 2, end);
                i += 6;
                character = new String(new char[] {unit, low}).getBytes(StandardCharsets.UTF_8);
            } else {
                character = String.valueOf(unit).getBytes(StandardCharsets.UTF_8);
            }
            System.arraycopy(character, 0, out, length, character.length);
            length += character.length;
        }
        return Arrays.copyOf(out, length);
    }

    private static byte unescaped(byte kind) {
        return switch (kind) {
            case 'b' -> (byte) '\b';
            case 'f' -> (byte) '\f';
            case 'n' -> (byte) '\n';
            case 'r' -> (byte) '\r';
            case 't' -> (byte) '\t';
            default -> kind;
        };
    }
}
