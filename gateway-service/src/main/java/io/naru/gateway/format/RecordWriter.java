package io.naru.gateway.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Shows stored records as JSON objects on one line:
 *
 * <pre>
 * {"topic":"t","partition":0,"offset":7,"timestamp":1700000000000,
 *  "key":"k","value":{"a":1},"key_format":"text","value_format":"json","headers":{"h":"v"}}
 * </pre>
 *
 * The formats stand there where {@code auto} was asked for. A side that cannot be shown as asked comes in Base64, says so, and the
 * object has an {@code error}; what is beside it comes as asked. Belongs to one thread at a time.
 */
public final class RecordWriter {

    private static final int NOT_IN_FORMAT = 42203;

    private final RecordFormat keyFormat;
    private final RecordFormat valueFormat;
    private final JsonScanner scanner = new JsonScanner(JsonScanner.DEPTH_LIMIT);
    private final JsonOut timestampText = new JsonOut(40);
    private long timestampWritten = Long.MIN_VALUE;

    /** A writer for a pair of formats. */
    public RecordWriter(RecordFormat keyFormat, RecordFormat valueFormat) {
        this.keyFormat = keyFormat;
        this.valueFormat = valueFormat;
    }

    /** What every record of a partition begins with; computed once. */
    public static byte[] prefix(String topic, int partition) {
        return new JsonOut(64)
                .ascii("{\"topic\":")
                .string(topic)
                .ascii(",\"partition\":")
                .number(partition)
                .ascii(",\"offset\":")
                .toByteArray();
    }

    /** Writes the record that the cursor stands on. */
    public void write(JsonOut out, byte[] prefix, RecordCursor record) {
        out.raw(prefix).number(record.offset());
        timestamp(out, record.timestamp());
        out.ascii(",\"key\":");
        RecordFormat keyShown = value(out, keyFormat, record.keyArray(), record.keyOffset(), record.keyLength());
        out.ascii(",\"value\":");
        RecordFormat valueShown =
                value(out, valueFormat, record.valueArray(), record.valueOffset(), record.valueLength());
        format(out, "key", keyFormat, keyShown, record.keyLength());
        format(out, "value", valueFormat, valueShown, record.valueLength());
        if (record.headerCount() > 0) {
            out.ascii(",\"headers\":");
            headers(out, record);
        }
        boolean keyFailed = keyFormat != RecordFormat.AUTO && keyShown != keyFormat;
        boolean valueFailed = valueFormat != RecordFormat.AUTO && valueShown != valueFormat;
        if (keyFailed || valueFailed) {
            error(out, keyFailed ? "key" : "value", keyFailed ? keyFormat : valueFormat);
        }
        out.put('}');
    }

    /** Records that came together have the same time. */
    private void timestamp(JsonOut out, long timestamp) {
        if (timestamp != timestampWritten) {
            timestampText.clear();
            timestampText.ascii(",\"timestamp\":").number(timestamp);
            timestampWritten = timestamp;
        }
        out.raw(timestampText.array(), 0, timestampText.length());
    }

    private static void format(JsonOut out, String side, RecordFormat asked, RecordFormat shown, int length) {
        if (length >= 0 && (asked == RecordFormat.AUTO || asked != shown)) {
            out.ascii(",\"")
                    .ascii(side)
                    .ascii("_format\":\"")
                    .ascii(word(shown))
                    .put('"');
        }
    }

    private static String word(RecordFormat format) {
        return switch (format) {
            case AUTO -> "auto";
            case JSON -> "json";
            case TEXT -> "text";
            case BASE64 -> "base64";
        };
    }

    private static void error(JsonOut out, String side, RecordFormat asked) {
        out.ascii(",\"error\":{\"code\":").number(NOT_IN_FORMAT);
        out.ascii(",\"detail\":\"the ").ascii(side).ascii(" is not ");
        out.ascii(asked == RecordFormat.JSON ? "JSON" : "UTF-8 text").ascii("; it is shown in Base64\"}");
    }

    /** Writes one side; returns how. */
    private RecordFormat value(JsonOut out, RecordFormat asked, byte[] bytes, int offset, int length) {
        if (length < 0) {
            out.ascii("null");
            return asked;
        }
        boolean json = asked == RecordFormat.AUTO || asked == RecordFormat.JSON;
        if (json && scanner.isValue(bytes, offset, length)) {
            if (scanner.isMultiLine()) {
                out.oneLine(bytes, offset, length);
            } else {
                out.raw(bytes, offset, length);
            }
            return RecordFormat.JSON;
        }
        boolean text = asked == RecordFormat.AUTO || asked == RecordFormat.TEXT;
        if (text && Utf8.isValid(bytes, offset, length)) {
            out.string(bytes, offset, length);
            return RecordFormat.TEXT;
        }
        out.base64(bytes, offset, length);
        return RecordFormat.BASE64;
    }

    /** {@code {"name":"text"}}; bytes that are no text as {@code {"$binary"}}; a name that repeats has an array. */
    private static void headers(JsonOut out, RecordCursor record) {
        byte[] bytes = record.headerArray();
        int count = record.headerCount();
        int[] names = new int[count * 2];
        int[] values = new int[count * 2];
        record.headers(names, values);
        boolean repeats = repeats(bytes, names, count);
        out.put('{');
        if (!repeats) {
            for (int i = 0; i < count; i++) {
                if (i > 0) {
                    out.put(',');
                }
                name(out, bytes, names[2 * i], names[2 * i + 1]);
                headerValue(out, bytes, values[2 * i], values[2 * i + 1]);
            }
        } else {
            grouped(out, bytes, names, values, count);
        }
        out.put('}');
    }

    private static boolean repeats(byte[] bytes, int[] names, int count) {
        for (int i = 1; i < count; i++) {
            for (int k = 0; k < i; k++) {
                if (same(bytes, names, i, k)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean same(byte[] bytes, int[] names, int i, int k) {
        return Arrays.equals(
                bytes,
                names[2 * i],
                names[2 * i] + names[2 * i + 1],
                bytes,
                names[2 * k],
                names[2 * k] + names[2 * k + 1]);
    }

    private static void grouped(JsonOut out, byte[] bytes, int[] names, int[] values, int count) {
        Map<String, Integer> times = new HashMap<>();
        for (int i = 0; i < count; i++) {
            times.merge(text(bytes, names[2 * i], names[2 * i + 1]), 1, Integer::sum);
        }
        boolean first = true;
        for (int i = 0; i < count; i++) {
            Integer n = times.remove(text(bytes, names[2 * i], names[2 * i + 1]));
            if (n == null) {
                continue;
            }
            if (!first) {
                out.put(',');
            }
            first = false;
            name(out, bytes, names[2 * i], names[2 * i + 1]);
            if (n > 1) {
                out.put('[');
            }
            boolean firstValue = true;
            for (int k = i; k < count; k++) {
                if (same(bytes, names, i, k)) {
                    if (!firstValue) {
                        out.put(',');
                    }
                    firstValue = false;
                    headerValue(out, bytes, values[2 * k], values[2 * k + 1]);
                }
            }
            if (n > 1) {
                out.put(']');
            }
        }
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    private static void name(JsonOut out, byte[] bytes, int offset, int length) {
        if (Utf8.isValid(bytes, offset, length)) {
            out.string(bytes, offset, length);
        } else {
            out.base64(bytes, offset, length);
        }
        out.put(':');
    }

    private static void headerValue(JsonOut out, byte[] bytes, int offset, int length) {
        if (length < 0) {
            out.ascii("null");
        } else if (Utf8.isValid(bytes, offset, length)) {
            out.string(bytes, offset, length);
        } else {
            out.ascii("{\"$binary\":").base64(bytes, offset, length).put('}');
        }
    }
}
