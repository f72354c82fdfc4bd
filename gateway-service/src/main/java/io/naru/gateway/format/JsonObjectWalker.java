package io.naru.gateway.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Goes through the members of a JSON object, or the elements of an array, without building anything:
 *
 * <pre>{@code
 * walker.begin(bytes, start, end);
 * while (walker.next()) {
 *     if (walker.nameIs("value")) { … walker.valueStart() … walker.valueEnd() … }
 * }
 * int after = walker.end();
 * }</pre>
 *
 * Every value is checked in passing. Belongs to one thread at a time.
 */
public final class JsonObjectWalker {

    private final JsonScanner scanner;
    private byte[] bytes = new byte[0];
    private int limit;
    private int at;
    private boolean object;
    private boolean first;
    private int nameStart;
    private int nameEnd;
    private int valueStart;
    private int valueEnd;

    /** A walker over values nested up to {@code depthMax} below the object itself. */
    public JsonObjectWalker(int depthMax) {
        scanner = new JsonScanner(depthMax);
    }

    /** Begins an object at {@code start}, white space before it skipped. */
    public void begin(byte[] source, int start, int end) {
        begin(source, start, end, '{', "a JSON object");
    }

    /** Begins an array at {@code start}; its elements have no names. */
    public void beginArray(byte[] source, int start, int end) {
        begin(source, start, end, '[', "a JSON array");
    }

    private void begin(byte[] source, int start, int end, char bracket, String expected) {
        bytes = source;
        limit = end;
        at = scanner.space(source, start, end);
        if (at >= end || source[at] != bracket) {
            throw JsonSyntaxException.unexpected("expected " + expected, at);
        }
        at++;
        object = bracket == '{';
        first = true;
    }

    /** Moves to the next member; false after the last, when {@link #end()} is known. */
    public boolean next() {
        at = scanner.space(bytes, at, limit);
        if (at < limit && bytes[at] == (object ? '}' : ']')) {
            at++;
            return false;
        }
        if (!first) {
            if (at >= limit || bytes[at] != ',') {
                throw JsonSyntaxException.malformed(
                        at >= limit ? "ends in the middle" : object ? "expected , or }" : "expected , or ]", at);
            }
            at = scanner.space(bytes, at + 1, limit);
        }
        first = false;
        if (object) {
            name();
        }
        valueStart = scanner.space(bytes, at, limit);
        valueEnd = scanner.value(bytes, valueStart, limit);
        if (valueEnd < 0) {
            throw JsonSyntaxException.malformed(scanner.reason(), scanner.failedAt());
        }
        at = valueEnd;
        return true;
    }

    private void name() {
        if (at >= limit || bytes[at] != '"') {
            throw JsonSyntaxException.malformed(at >= limit ? "ends in the middle" : "expected a name in quotes", at);
        }
        int after = scanner.value(bytes, at, limit);
        if (after < 0) {
            throw JsonSyntaxException.malformed(scanner.reason(), scanner.failedAt());
        }
        nameStart = at + 1;
        nameEnd = after - 1;
        at = scanner.space(bytes, after, limit);
        if (at >= limit || bytes[at] != ':') {
            throw JsonSyntaxException.malformed("expected :", at);
        }
        at++;
    }

    /** Index after the closing bracket. */
    public int end() {
        return at;
    }

    /** Fails unless only white space follows the closing bracket. */
    public void expectNothingAfter() {
        int rest = scanner.space(bytes, at, limit);
        if (rest < limit) {
            throw JsonSyntaxException.malformed("something follows the closing bracket", rest);
        }
    }

    /** Whether the member has this ASCII name. */
    public boolean nameIs(String name) {
        int length = nameEnd - nameStart;
        if (length != name.length()) {
            return isEscaped(nameStart, nameEnd) && nameText().equals(name);
        }
        for (int i = 0; i < length; i++) {
            if (bytes[nameStart + i] != name.charAt(i)) {
                return isEscaped(nameStart, nameEnd) && nameText().equals(name);
            }
        }
        return true;
    }

    /** The member's name. */
    public String nameText() {
        return new String(JsonStrings.decode(bytes, nameStart, nameEnd), StandardCharsets.UTF_8);
    }

    /** The member's name in UTF-8. */
    public byte[] nameBytes() {
        return JsonStrings.decode(bytes, nameStart, nameEnd);
    }

    private boolean isEscaped(int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** First byte of the value. */
    public int valueStart() {
        return valueStart;
    }

    /** Index after the value. */
    public int valueEnd() {
        return valueEnd;
    }

    /** Whether the value is {@code null}. */
    public boolean isNull() {
        return bytes[valueStart] == 'n';
    }

    /** Whether the value is a string. */
    public boolean isString() {
        return bytes[valueStart] == '"';
    }

    /** Whether the value is an object. */
    public boolean isObject() {
        return bytes[valueStart] == '{';
    }

    /** Whether the value is an array. */
    public boolean isArray() {
        return bytes[valueStart] == '[';
    }

    /** The value, a string, in UTF-8 and without its escapes. */
    public byte[] stringBytes() {
        if (!isString()) {
            throw JsonSyntaxException.unexpected("expected a string", valueStart);
        }
        return JsonStrings.decode(bytes, valueStart + 1, valueEnd - 1);
    }

    /** The value, a whole number written without fraction or exponent. */
    public long wholeNumber(long min, long max) {
        int i = bytes[valueStart] == '-' ? valueStart + 1 : valueStart;
        boolean digitsOnly = i < valueEnd;
        for (int k = i; k < valueEnd; k++) {
            digitsOnly &= bytes[k] >= '0' && bytes[k] <= '9';
        }
        if (!digitsOnly) {
            throw JsonSyntaxException.unexpected("expected a whole number", valueStart);
        }
        long value;
        try {
            value = Long.parseLong(
                    new String(Arrays.copyOfRange(bytes, valueStart, valueEnd), StandardCharsets.US_ASCII));
        } catch (NumberFormatException tooLong) {
            throw JsonSyntaxException.unexpected("expected a number between " + min + " and " + max, valueStart);
        }
        if (value < min || value > max) {
            throw JsonSyntaxException.unexpected("expected a number between " + min + " and " + max, valueStart);
        }
        return value;
    }
}
