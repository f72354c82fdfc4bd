package io.naru.gateway.group;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a request's JSON object strictly: a field that is unknown, comes twice or has the wrong type is refused with a pointer (RFC 6901)
 * to it. For one thread, once.
 */
final class RequestObject {

    private static final int DEPTH_MAX = 4;

    private final byte[] bytes;
    private final int length;
    private final JsonObjectWalker walker = new JsonObjectWalker(DEPTH_MAX);
    private String name = "";

    RequestObject(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** Takes one field; false when there is no such field. */
    @FunctionalInterface
    interface Fields {
        boolean take(String name);
    }

    /** Goes through all fields. An empty body is an object without any. */
    void read(Fields fields) {
        if (length == 0) {
            return;
        }
        Set<String> seen = new HashSet<>();
        try {
            walker.begin(bytes, 0, length);
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
            walker.expectNothingAfter();
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

    /** The field just met. */
    String text(int lengthMax) {
        String text = new String(walker.stringBytes(), StandardCharsets.UTF_8);
        if (text.isEmpty()) {
            throw invalid("must not be empty");
        }
        if (text.length() > lengthMax) {
            throw invalid("has more than " + lengthMax + " characters");
        }
        return text;
    }

    int number(int min, int max) {
        return (int) walker.wholeNumber(min, max);
    }

    <E extends Enum<E>> E oneOf(Class<E> type) {
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

    List<String> texts(int countMax, int lengthMax) {
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

    boolean isNull() {
        return walker.isNull();
    }

    ProblemException invalid(String what) {
        return invalid(" ", what);
    }

    private ProblemException invalid(String rest, String what) {
        return invalidField("/" + name.replace("~", "~0").replace("/", "~1") + rest + what);
    }

    /** A body that is JSON but not what the call takes. */
    static ProblemException invalidField(String detail) {
        return Problem.of(ProblemKind.INVALID_FIELD, detail).exception();
    }
}
