package io.naru.gateway.produce;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads the envelope of a record: {@code {"key"?, "value", "headers"?, "partition"?, "timestamp"?}}.
 *
 * <pre>
 * "value": any JSON             its text, as it stands in the envelope
 * "value": null                 a tombstone
 * "value": {"$text": "…"}       the string's bytes in UTF-8
 * "value": {"$binary": "…"}     the bytes that the Base64 stands for
 * "headers": {"name": "text" | null | {"$text"} | {"$binary"} | [several of these]}
 * </pre>
 *
 * Keys are like values; null is no key. Nothing is copied where the envelope's own bytes will do. Belongs to one thread at a time.
 */
public final class EnvelopeParser {

    private static final String TEXT = "$text";
    private static final String BINARY = "$binary";

    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int HEADERS = 4;
    private static final int PARTITION = 8;
    private static final int TIMESTAMP = 16;

    private final JsonObjectWalker envelope;
    private final JsonObjectWalker inner;
    private final JsonObjectWalker innermost;
    private final JsonObjectWalker elements;

    /** A parser for JSON nested up to {@code depthMax} inside the envelope. */
    public EnvelopeParser(int depthMax) {
        envelope = new JsonObjectWalker(depthMax);
        inner = new JsonObjectWalker(depthMax);
        innermost = new JsonObjectWalker(depthMax);
        elements = new JsonObjectWalker(depthMax);
    }

    /**
     * Reads one envelope with nothing around it but white space.
     *
     * @param record takes ranges of {@code bytes}
     * @throws JsonSyntaxException what is wrong, and at which byte
     */
    public void parse(byte[] bytes, int start, int end, RecordInput record) {
        record.clear();
        envelope.begin(bytes, start, end);
        int seen = 0;
        while (envelope.next()) {
            int field = field();
            if (field == 0) {
                throw JsonSyntaxException.unexpected(
                        "unknown field \"" + envelope.nameText()
                                + "\"; an envelope has key, value, headers, partition, timestamp",
                        envelope.valueStart());
            }
            if ((seen & field) != 0) {
                throw JsonSyntaxException.unexpected(
                        "field \"" + envelope.nameText() + "\" is given twice", envelope.valueStart());
            }
            seen |= field;
            take(field, bytes, record);
        }
        envelope.expectNothingAfter();
        if ((seen & VALUE) == 0) {
            throw JsonSyntaxException.unexpected("the envelope has no \"value\"; a tombstone is \"value\":null", start);
        }
    }

    private int field() {
        return envelope.nameIs("value")
                ? VALUE
                : envelope.nameIs("key")
                        ? KEY
                        : envelope.nameIs("headers")
                                ? HEADERS
                                : envelope.nameIs("partition")
                                        ? PARTITION
                                        : envelope.nameIs("timestamp") ? TIMESTAMP : 0;
    }

    private void take(int field, byte[] bytes, RecordInput record) {
        int from = envelope.valueStart();
        int to = envelope.valueEnd();
        switch (field) {
            case VALUE -> {
                byte[] plain = envelope.isObject() ? special(bytes, from, to) : null;
                if (plain != null) {
                    record.value(plain, 0, plain.length);
                } else {
                    record.value(bytes, from, envelope.isNull() ? RecordInput.NULL : to - from);
                }
            }
            case KEY -> {
                byte[] plain = envelope.isObject() ? special(bytes, from, to) : null;
                if (plain != null) {
                    record.key(plain, 0, plain.length);
                } else {
                    record.key(bytes, from, envelope.isNull() ? RecordInput.NULL : to - from);
                }
            }
            case HEADERS -> {
                if (!envelope.isNull()) {
                    headers(bytes, from, to, record);
                }
            }
            case PARTITION -> {
                if (!envelope.isNull()) {
                    record.partition((int) envelope.wholeNumber(0, Integer.MAX_VALUE));
                }
            }
            default -> {
                if (!envelope.isNull()) {
                    record.timestamp(timestamp());
                }
            }
        }
    }

    private long timestamp() {
        if (!envelope.isString()) {
            return envelope.wholeNumber(0, Long.MAX_VALUE);
        }
        Long ms = Timestamps.parse(new String(envelope.stringBytes(), StandardCharsets.UTF_8));
        if (ms == null) {
            throw JsonSyntaxException.unexpected(
                    "expected milliseconds since 1970 or a time like 2026-01-31T12:00:00Z", envelope.valueStart());
        }
        return ms;
    }

    /** The bytes of {@code {"$text"}} or {@code {"$binary"}}; null for any other object, which stands for its own text. */
    private byte @Nullable [] special(byte[] bytes, int start, int end) {
        int first = start + 1;
        while (first < end && bytes[first] <= ' ' && bytes[first] >= 0) {
            first++;
        }
        if (first + 1 >= end || bytes[first] != '"' || bytes[first + 1] != '$') {
            return null;
        }
        innermost.begin(bytes, start, end);
        innermost.next();
        boolean text = innermost.nameIs(TEXT);
        if (!text && !innermost.nameIs(BINARY)) {
            return null;
        }
        if (!innermost.isString()) {
            throw JsonSyntaxException.unexpected(
                    "expected a string in " + innermost.nameText(), innermost.valueStart());
        }
        byte[] content = innermost.stringBytes();
        int at = innermost.valueStart();
        if (innermost.next()) {
            return null;
        }
        return text ? content : base64(content, at);
    }

    private static byte[] base64(byte[] text, int at) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw JsonSyntaxException.unexpected("not Base64: " + e.getMessage(), at);
        }
    }

    private void headers(byte[] bytes, int start, int end, RecordInput record) {
        inner.begin(bytes, start, end);
        while (inner.next()) {
            byte[] name = inner.nameBytes();
            if (inner.isArray()) {
                elements.beginArray(bytes, inner.valueStart(), inner.valueEnd());
                while (elements.next()) {
                    header(bytes, elements, name, record);
                }
            } else {
                header(bytes, inner, name, record);
            }
        }
    }

    private void header(byte[] bytes, JsonObjectWalker at, byte[] name, RecordInput record) {
        if (at.isNull()) {
            record.headers().add(name, null);
        } else if (at.isString()) {
            record.headers().add(name, at.stringBytes());
        } else {
            byte[] content = at.isObject() ? special(bytes, at.valueStart(), at.valueEnd()) : null;
            if (content == null) {
                throw JsonSyntaxException.unexpected(
                        "a header is a string, null, {\"$text\"} or {\"$binary\"}", at.valueStart());
            }
            record.headers().add(name, content);
        }
    }
}
