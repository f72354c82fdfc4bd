package io.naru.gateway.format;

import org.jspecify.annotations.Nullable;

/**
 * Walks JSON (RFC 8259) where it lies and says where a value ends, or why it is none. Stricter than the RFC where readers disagree:
 * strings are valid UTF-8, escapes name no lone surrogates, numbers have at most {@link #NUMBER_LENGTH_MAX} characters and nesting at
 * most the given depth. Allocates nothing. Belongs to one thread at a time.
 */
public final class JsonScanner {

    /** Longest number. */
    public static final int NUMBER_LENGTH_MAX = 1000;

    /** Deepest nesting that a scanner can be asked for. */
    public static final int DEPTH_LIMIT = 64;

    private final int depthMax;
    private @Nullable String reason;
    private int failedAt;
    private boolean multiLine;

    /** A scanner that takes nesting up to {@code depthMax}, 1–64. */
    public JsonScanner(int depthMax) {
        if (depthMax < 1 || depthMax > DEPTH_LIMIT) {
            throw new IllegalArgumentException("JSON depth " + depthMax + " is not between 1 and " + DEPTH_LIMIT);
        }
        this.depthMax = depthMax;
    }

    /** Why the last scan failed. */
    public String reason() {
        return reason == null ? "not JSON" : reason;
    }

    /** Where the last scan failed: an index of the array. */
    public int failedAt() {
        return failedAt;
    }

    /** Whether the last value scanned has a line break between its tokens. */
    public boolean isMultiLine() {
        return multiLine;
    }

    /** Whether the range is one JSON value with nothing but white space around it. */
    public boolean isValue(byte[] bytes, int offset, int length) {
        int end = offset + length;
        multiLine = false;
        int start = space(bytes, offset, end);
        if (start == end) {
            return false;
        }
        int after = scan(bytes, start, end);
        return after >= 0 && space(bytes, after, end) == end;
    }

    /**
     * The end of the value that begins at {@code start}, which is not white space.
     *
     * @return index after the value, or −1: see {@link #reason()} and {@link #failedAt()}
     */
    public int value(byte[] bytes, int start, int end) {
        multiLine = false;
        return scan(bytes, start, end);
    }

    /** The first index from {@code i} on that is not white space. */
    public int space(byte[] bytes, int i, int end) {
        int at = i;
        while (at < end) {
            byte b = bytes[at];
            if (b > ' ' || b < 0) {
                return at;
            }
            if (b == '\n' || b == '\r') {
                multiLine = true;
            } else if (b != ' ' && b != '\t') {
                return at;
            }
            at++;
        }
        return at;
    }

    /** One bit per open bracket: 1 for an object. The lowest is the innermost. */
    private int scan(byte[] bytes, int start, int end) {
        long objects = 0;
        int depth = 0;
        int i = start;
        while (true) {
            i = space(bytes, i, end);
            if (i >= end) {
                return fail("ends before a value", end);
            }
            byte first = bytes[i];
            if (first == '{' || first == '[') {
                if (++depth > depthMax) {
                    return fail("nested deeper than " + depthMax, i);
                }
                boolean object = first == '{';
                objects = objects << 1 | (object ? 1 : 0);
                i = space(bytes, i + 1, end);
                if (i < end && bytes[i] == (object ? '}' : ']')) {
                    depth--;
                    objects >>>= 1;
                    i++;
                } else if (object) {
                    i = name(bytes, i, end);
                    if (i < 0) {
                        return -1;
                    }
                    continue;
                } else {
                    continue;
                }
            } else {
                i = scalar(bytes, i, end);
                if (i < 0) {
                    return -1;
                }
            }
            while (depth > 0) {
                i = space(bytes, i, end);
                if (i >= end) {
                    return fail("ends inside an array or object", end);
                }
                boolean inObject = (objects & 1) == 1;
                if (bytes[i] == ',') {
                    i++;
                    if (inObject) {
                        i = name(bytes, space(bytes, i, end), end);
                        if (i < 0) {
                            return -1;
                        }
                    }
                    break;
                }
                if (bytes[i] != (inObject ? '}' : ']')) {
                    return fail(inObject ? "expected , or }" : "expected , or ]", i);
                }
                i++;
                depth--;
                objects >>>= 1;
            }
            if (depth == 0) {
                return i;
            }
        }
    }

    /** From a member's name to the beginning of its value. */
    private int name(byte[] bytes, int start, int end) {
        if (start >= end || bytes[start] != '"') {
            return fail("expected a name in quotes", start);
        }
        int after = string(bytes, start, end);
        if (after < 0) {
            return -1;
        }
        int colon = space(bytes, after, end);
        return colon < end && bytes[colon] == ':' ? colon + 1 : fail("expected :", colon);
    }

    private int scalar(byte[] bytes, int i, int end) {
        return switch (bytes[i]) {
            case '"' -> string(bytes, i, end);
            case 't' -> literal(bytes, i, end, "true");
            case 'f' -> literal(bytes, i, end, "false");
            case 'n' -> literal(bytes, i, end, "null");
            default -> number(bytes, i, end);
        };
    }

    private int literal(byte[] bytes, int start, int end, String word) {
        int length = word.length();
        if (end - start < length) {
            return fail("not a value", start);
        }
        for (int k = 1; k < length; k++) {
            if (bytes[start + k] != word.charAt(k)) {
                return fail("not a value", start);
            }
        }
        return start + length;
    }

    private int number(byte[] bytes, int start, int end) {
        int i = start;
        if (bytes[i] == '-') {
            i++;
        }
        if (i >= end || !isDigit(bytes[i])) {
            return fail(i == start ? "not a value" : "a number without digits", start);
        }
        i = bytes[i] == '0' ? i + 1 : digits(bytes, i, end);
        if (i < end && bytes[i] == '.') {
            int fraction = i + 1;
            i = digits(bytes, fraction, end);
            if (i == fraction) {
                return fail("a number that ends with a point", start);
            }
        }
        if (i < end && (bytes[i] == 'e' || bytes[i] == 'E')) {
            int exponent = i + 1;
            if (exponent < end && (bytes[exponent] == '+' || bytes[exponent] == '-')) {
                exponent++;
            }
            i = digits(bytes, exponent, end);
            if (i == exponent) {
                return fail("a number without an exponent", start);
            }
        }
        if (i < end && (isDigit(bytes[i]) || bytes[i] == '.')) {
            return fail("a number with a leading zero", start);
        }
        return i - start > NUMBER_LENGTH_MAX ? fail("a number of more than 1000 characters", start) : i;
    }

    private static int digits(byte[] bytes, int start, int end) {
        int i = start;
        while (i < end && isDigit(bytes[i])) {
            i++;
        }
        return i;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** From the opening quote to after the closing one. */
    private int string(byte[] bytes, int start, int end) {
        int i = start + 1;
        while (i < end) {
            byte b = bytes[i];
            if (b >= ' ' && b != '"' && b != '\\') {
                i = EightBytes.plain(bytes, i + 1, end);
            } else if (b == '"') {
                return i + 1;
            } else if (b < 0) {
                int after = Utf8.afterCharacter(bytes, i, end);
                if (after < 0) {
                    return fail("not UTF-8", i);
                }
                i = after;
            } else if (b == '\\') {
                i = escape(bytes, i, end);
                if (i < 0) {
                    return -1;
                }
            } else {
                return fail("a control character that is not escaped", i);
            }
        }
        return fail("a string that does not end", start);
    }

    private int escape(byte[] bytes, int backslash, int end) {
        if (backslash + 1 >= end) {
            return fail("a string that does not end", backslash);
        }
        switch (bytes[backslash + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return backslash + 2;
            }
            case 'u' -> {
                int unit = hex4(bytes, backslash + 2, end);
                if (unit < 0) {
                    return fail("\\u without four hexadecimal digits", backslash);
                }
                if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
                    return backslash + 6;
                }
                boolean pair = unit <= Character.MAX_HIGH_SURROGATE
                        && backslash + 7 < end
                        && bytes[backslash + 6] == '\\'
                        && bytes[backslash + 7] == 'u';
                int low = pair ? hex4(bytes, backslash + 8, end) : -1;
                return low >= Character.MIN_LOW_SURROGATE && low <= Character.MAX_LOW_SURROGATE
                        ? backslash + 12
                        : fail("a lone surrogate", backslash);
            }
            default -> {
                return fail("an unknown escape", backslash);
            }
        }
    }

    /** Four hexadecimal digits, or −1. */
    static int hex4(byte[] bytes, int start, int end) {
        if (end - start < 4) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < start + 4; i++) {
            int digit = Character.digit((char) (bytes[i] & 0xff), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private int fail(String why, int at) {
        reason = why;
        failedAt = at;
        return -1;
    }
}
