package io.naru.service.error;

import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a JSON body, and where, in words that do not name our classes. */
public final class BadJson {

    private BadJson() {}

    /** What made a body unreadable. */
    public static String explain(HttpMessageNotReadableException unreadable) {
        if (unreadable.getCause() instanceof JacksonException wrong) {
            return explain(wrong);
        }
        String message = unreadable.getMessage();
        return message != null && message.startsWith("Required request body is missing")
                ? "the body is missing"
                : "the body cannot be read";
    }

    /** What made JSON unreadable. */
    public static String explain(JacksonException wrong) {
        String where = pointer(wrong) + place(wrong.getLocation());
        if (wrong instanceof UnrecognizedPropertyException unknown) {
            return "unknown field \"" + unknown.getPropertyName() + "\"" + where + "; known here: "
                    + unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        if (wrong instanceof MismatchedInputException mismatch) {
            Class<?> wanted = mismatch.getTargetType();
            return "wrong type" + where + (wanted == null ? "" : ": expected " + kind(wanted));
        }
        if (wrong instanceof StreamReadException) {
            return "not JSON" + where + ": " + wrong.getOriginalMessage();
        }
        return "the body is not what this call takes" + where;
    }

    private static String pointer(JacksonException wrong) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : wrong.getPath()) {
            pointer.append('/').append(step.getPropertyName() == null ? step.getIndex() : step.getPropertyName());
        }
        return pointer.isEmpty() ? "" : " at " + pointer;
    }

    private static String place(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 0
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String kind(Class<?> type) {
        if (type == int.class
                || type == Integer.class
                || type == long.class
                || type == Long.class
                || type == short.class) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a string";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "an array";
        }
        return "an object";
    }
}
