package io.naru.service.error;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a JSON body, and where, in words that do not name our classes. */
public final class BadJson {

    /** Where Jackson says that an object began, which is no place in the caller's document. */
    private static final Pattern START_MARKER = Pattern.compile(" \\(start marker at .*", Pattern.DOTALL);

    /** Which of Jackson's settings the limit comes from. */
    private static final Pattern SETTING = Pattern.compile(", from `[^`]*`");

    private BadJson() {}

    /** The status for it: 413 for a document that is too long, 422 for a field that is not known, else 400. */
    static HttpStatus status(HttpMessageNotReadableException unreadable) {
        Throwable cause = unreadable.getCause();
        if (cause instanceof UnrecognizedPropertyException) {
            return HttpStatus.UNPROCESSABLE_CONTENT;
        }
        if (cause instanceof StreamConstraintsException tooMuch
                && tooMuch.getOriginalMessage().startsWith("Document length")) {
            return HttpStatus.CONTENT_TOO_LARGE;
        }
        return HttpStatus.BAD_REQUEST;
    }

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
        if (wrong instanceof StreamConstraintsException) {
            return "too much" + where + ": "
                    + SETTING.matcher(wrong.getOriginalMessage()).replaceFirst("");
        }
        if (wrong instanceof StreamReadException) {
            return "not JSON" + where + ": "
                    + START_MARKER.matcher(wrong.getOriginalMessage()).replaceFirst("");
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
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
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
