package io.naru.gateway.http;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a request's JSON object strictly: a field that is unknown, comes twice or has the wrong type is refused with a pointer (RFC 6901)
 * to it. For one thread, once.
 */
public final class RequestObject {

    private static final int DEPTH_MAX = 4;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final String path;
    private final JsonObjectWalker walker = new JsonObjectWalker(DEPTH_MAX);
    private String name = "";

    /** A whole body. */
    public RequestObject(byte[] bytes, int length) {
        this(bytes, 0, length, "");
    }

    private RequestObject(byte[] bytes, int start, int end, String path) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.path = path;
    }

    /** Takes one field; false when there is no such field. */
    @FunctionalInterface
    public interface Fields {

        /** The field's value can be asked for now. */
        boolean take(String name);
    }

    /** Goes through all fields. An empty body is an object without any. */
    public void read(Fields fields) {
        if (start == end) {
            return;
        }
        Set<String> seen = new HashSet<>();
        try {
            walker.begin(bytes, start, end);
            while (walker.next()) {
                name = walker.nameText();
                if (!seen.add(name)) {
                    throw invalid("comes twice");
                }
                if (!fields.take(name)) {
                    throw invalid("is not a field of this call");
                }
            }
            name = "";
            if (path.isEmpty()) {
                walker.expectNothingAfter();
            }
        } catch (JsonSyntaxException e) {
            if (e.isMalformed() || name.isEmpty()) {
                throw Problem.of(
                                ProblemKind.BAD_BODY,
                                "the body is not a JSON object: " + e.getMessage() + " at byte " + e.position())
                        .exception();
            }
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    /** A string with something in it. */
    public String text(int lengthMax) {
        String text = anyText(lengthMax);
        if (text.isEmpty()) {
            throw invalid("must not be empty");
        }
        return text;
    }

    /** A string. */
    public String anyText(int lengthMax) {
        String text = new String(walker.stringBytes(), StandardCharsets.UTF_8);
        if (text.length() > lengthMax) {
            throw invalid("has more than " + lengthMax + " characters");
        }
        return text;
    }

    /** A whole number. */
    public int number(int min, int max) {
        return (int) walker.wholeNumber(min, max);
    }

    /** A whole number. */
    public long longNumber(long min, long max) {
        return walker.wholeNumber(min, max);
    }

    /** A truth value. */
    public boolean flag() {
        byte first = bytes[walker.valueStart()];
        if (first != 't' && first != 'f') {
            throw invalid("must be true or false");
        }
        return first == 't';
    }

    /** A string, a number or a truth value, as text. */
    public String scalar(int lengthMax) {
        if (walker.isString()) {
            return text(lengthMax);
        }
        if (walker.isObject() || walker.isArray() || walker.isNull()) {
            throw invalid("must be a string, a number, true or false");
        }
        return new String(
                bytes, walker.valueStart(), walker.valueEnd() - walker.valueStart(), StandardCharsets.US_ASCII);
    }

    /** Whether the value is a string. */
    public boolean isString() {
        return walker.isString();
    }

    /** Objects in an array, each read by {@code each}. */
    public <T> List<T> objects(int countMax, Function<RequestObject, T> each) {
        if (!walker.isArray()) {
            throw invalid("expected an array of objects");
        }
        List<T> all = new ArrayList<>();
        String here = path + pointer();
        JsonObjectWalker elements = new JsonObjectWalker(DEPTH_MAX);
        elements.beginArray(bytes, walker.valueStart(), walker.valueEnd());
        while (elements.next()) {
            if (all.size() == countMax) {
                throw invalid("has more than " + countMax + " elements");
            }
            if (!elements.isObject()) {
                throw invalid("/" + all.size() + " ", "must be an object");
            }
            all.add(each.apply(
                    new RequestObject(bytes, elements.valueStart(), elements.valueEnd(), here + "/" + all.size())));
        }
        return all;
    }

    /** The object lacks a field. */
    public ProblemException missing(String field) {
        return invalidField(path + "/" + field + " is missing");
    }

    /** One of the constants, in lower case. */
    public <E extends Enum<E>> E oneOf(Class<E> type) {
        String text = text(64);
        StringBuilder known = new StringBuilder();
        for (E constant : type.getEnumConstants()) {
            String word = constant.name().toLowerCase(Locale.ROOT);
            if (word.equals(text)) {
                return constant;
            }
            known.append(known.isEmpty() ? "" : ", ").append(word);
        }
        throw invalid("must be one of " + known);
    }

    /** An array of strings. */
    public List<String> texts(int countMax, int lengthMax) {
        if (!walker.isArray()) {
            throw invalid("expected an array of strings");
        }
        List<String> texts = new ArrayList<>();
        JsonObjectWalker elements = new JsonObjectWalker(DEPTH_MAX);
        elements.beginArray(bytes, walker.valueStart(), walker.valueEnd());
        while (elements.next()) {
            String at = "/" + texts.size() + " ";
            if (!elements.isString()) {
                throw invalid(at, "must be a string");
            }
            String text = new String(elements.stringBytes(), StandardCharsets.UTF_8);
            if (text.isEmpty() || text.length() > lengthMax) {
                throw invalid(at, "must have 1 to " + lengthMax + " characters");
            }
            texts.add(text);
            if (texts.size() > countMax) {
                throw invalid("has more than " + countMax + " elements");
            }
        }
        return texts;
    }

    /** Whether the value is null. */
    public boolean isNull() {
        return walker.isNull();
    }

    /** The field just met is not as it should be. */
    public ProblemException invalid(String what) {
        return invalid(" ", what);
    }

    private ProblemException invalid(String rest, String what) {
        return invalidField(path + pointer() + rest + what);
    }

    private String pointer() {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** A body that is JSON but not what the call takes. */
    public static ProblemException invalidField(String detail) {
        return Problem.of(ProblemKind.INVALID_FIELD, detail).exception();
    }
}
