package io.naru.gateway.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The query string, taken literally and strictly: a parameter stands at most once, is known to the call, and is decoded as WHATWG's
 * {@code application/x-www-form-urlencoded} has it, with bad escapes refused. The body is never touched, whatever its type.
 */
public final class Query {

    private static final int PARAMETERS_MAX = 64;
    private static final Query EMPTY = new Query(List.of(), List.of());

    private final List<String> names;
    private final List<byte[]> values;

    private Query(List<String> names, List<byte[]> values) {
        this.names = names;
        this.values = values;
    }

    /**
     * Parses what follows the question mark.
     *
     * @throws ProblemException for duplicates, empty names, bad escapes, too many
     */
    public static Query parse(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return EMPTY;
        }
        List<String> names = new ArrayList<>(4);
        List<byte[]> values = new ArrayList<>(4);
        int start = 0;
        while (start <= raw.length()) {
            int ampersand = raw.indexOf('&', start);
            int end = ampersand < 0 ? raw.length() : ampersand;
            if (end > start) {
                add(raw, start, end, names, values);
            }
            start = end + 1;
        }
        return new Query(names, values);
    }

    private static void add(String raw, int start, int end, List<String> names, List<byte[]> values) {
        int equals = raw.indexOf('=', start);
        boolean bare = equals < 0 || equals > end;
        String name = text("name", decode(raw, start, bare ? end : equals));
        if (name.isEmpty()) {
            throw bad("a parameter has no name");
        }
        if (names.contains(name)) {
            throw bad("parameter \"" + name + "\" is given twice; give it once");
        }
        if (names.size() == PARAMETERS_MAX) {
            throw bad("more than " + PARAMETERS_MAX + " parameters");
        }
        names.add(name);
        values.add(bare ? new byte[0] : decode(raw, equals + 1, end));
    }

    private static byte[] decode(String raw, int start, int end) {
        byte[] out = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 1 < end ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < end ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw bad("% at character " + (i + 1)
                            + " of the query is not followed by two hexadecimal digits; a % sign is %25");
                }
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            } else if (c > 0x7e) {
                throw bad("the query has a character that is not ASCII; percent-encode it");
            } else {
                out[length++] = (byte) (c == '+' ? ' ' : c);
            }
        }
        return Arrays.copyOf(out, length);
    }

    private static String text(String name, byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw bad("parameter \"" + name + "\" is not UTF-8");
        }
    }

    /** Refuses parameters that the call does not know: most are misspelt. */
    public Query allow(String... known) {
        for (String name : names) {
            boolean found = false;
            for (String k : known) {
                found |= k.equals(name);
            }
            if (!found) {
                throw bad("unknown parameter \"" + name + "\""
                        + (known.length == 0
                                ? "; this call takes none"
                                : "; this call takes " + String.join(", ", known)));
            }
        }
        return this;
    }

    /** Whether there is such a parameter. */
    public boolean has(String name) {
        return names.contains(name);
    }

    /** The decoded bytes, or null. */
    public byte @Nullable [] bytes(String name) {
        int i = names.indexOf(name);
        return i < 0 ? null : values.get(i);
    }

    /** The text, or null. */
    public @Nullable String text(String name) {
        int i = names.indexOf(name);
        return i < 0 ? null : text(name, values.get(i));
    }

    /** A whole number in a range. */
    public long number(String name, long defaultValue, long min, long max) {
        String text = text(name);
        if (text == null) {
            return defaultValue;
        }
        try {
            if (!text.startsWith("+")) {
                long value = Long.parseLong(text);
                if (value >= min && value <= max) {
                    return value;
                }
            }
        } catch (NumberFormatException notANumber) {
            throw notInRange(name, min, max);
        }
        throw notInRange(name, min, max);
    }

    private static ProblemException notInRange(String name, long min, long max) {
        return bad("parameter \"" + name + "\" must be a whole number "
                + (max == Long.MAX_VALUE ? "from " + min + " on" : "between " + min + " and " + max));
    }

    /** {@code true} or {@code false}; a bare name is true. */
    public boolean flag(String name) {
        String text = text(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.isEmpty() || text.equals("true")) {
            return true;
        }
        throw bad("parameter \"" + name + "\" must be true or false");
    }

    /** One of the constants of an enum, in lower case. */
    public <E extends Enum<E>> E oneOf(String name, E defaultValue) {
        String text = text(name);
        if (text == null) {
            return defaultValue;
        }
        E[] all = defaultValue.getDeclaringClass().getEnumConstants();
        StringBuilder known = new StringBuilder();
        for (E constant : all) {
            String word = constant.name().toLowerCase(Locale.ROOT);
            if (word.equals(text)) {
                return constant;
            }
            known.append(known.isEmpty() ? "" : ", ").append(word);
        }
        throw bad("parameter \"" + name + "\" must be one of " + known);
    }

    private static ProblemException bad(String detail) {
        return Problem.of(ProblemKind.BAD_PARAMETER, detail).exception();
    }
}
