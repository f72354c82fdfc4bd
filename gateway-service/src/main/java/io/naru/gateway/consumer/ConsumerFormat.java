package io.naru.gateway.consumer;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.format.JsonOut;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.RequestObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An instance as it stands in the compacted topic:
 *
 * <pre>
 * key    {"group":"g","name":"c1"}
 * value  {"base":17,"form":"json","from_earliest":true,"auto_commit":false,"request_timeout_ms":1000,
 *         "used_ms":1700000000000,"cursor":"…","unanswered":"…"}
 * </pre>
 *
 * {@code base} is the offset of the record that this one goes on from, −1 for the first: a record that goes on from another than the last
 * was overtaken, and has no effect. A null value deletes.
 */
final class ConsumerFormat {

    private static final int TEXT_CHARS_MAX = 1024 * 1024;

    private ConsumerFormat() {}

    /** A record's value. */
    record Value(long base, ConsumerState state) {}

    static byte[] key(ConsumerKey key) {
        return new JsonOut(64)
                .ascii("{\"group\":")
                .string(key.group())
                .ascii(",\"name\":")
                .string(key.name())
                .put('}')
                .toByteArray();
    }

    static byte[] value(long base, ConsumerState state, CursorSigner signer) {
        JsonOut out = new JsonOut(512);
        out.ascii("{\"base\":").number(base);
        out.ascii(",\"form\":\"").ascii(state.form().word());
        out.ascii("\",\"from_earliest\":").ascii(Boolean.toString(state.fromEarliest()));
        out.ascii(",\"auto_commit\":").ascii(Boolean.toString(state.autoCommit()));
        out.ascii(",\"request_timeout_ms\":").number(state.requestTimeoutMs());
        out.ascii(",\"used_ms\":").number(state.usedMs());
        cursor(out, "cursor", state.cursor(), signer);
        cursor(out, "unanswered", state.unanswered(), signer);
        return out.put('}').toByteArray();
    }

    private static void cursor(JsonOut out, String name, @Nullable GroupCursor cursor, CursorSigner signer) {
        if (cursor != null) {
            out.put(',').string(name).ascii(":\"").ascii(cursor.encode(signer)).put('"');
        }
    }

    /** Null when it is none. */
    static @Nullable ConsumerKey readKey(byte[] json) {
        String[] read = {"", ""};
        try {
            RequestObject object = new RequestObject(json, json.length);
            object.read(field -> {
                String text = object.text(TEXT_CHARS_MAX);
                if (field.equals("group")) {
                    read[0] = text;
                } else if (field.equals("name")) {
                    read[1] = text;
                }
                return true;
            });
        } catch (ProblemException garbled) {
            return null;
        }
        return read[0].isEmpty() || read[1].isEmpty() ? null : new ConsumerKey(read[0], read[1]);
    }

    private static final class Draft {
        private long base = -1;
        private RecordForm form = RecordForm.BINARY;
        private boolean fromEarliest;
        private boolean autoCommit;
        private int requestTimeoutMs;
        private long usedMs;
        private @Nullable GroupCursor cursor;
        private @Nullable GroupCursor unanswered;
    }

    /** Null when it is none. Fields of later versions are passed over. */
    static @Nullable Value readValue(byte[] json, CursorSigner signer) {
        Draft draft = new Draft();
        try {
            RequestObject object = new RequestObject(json, json.length);
            object.read(field -> {
                take(object, field, draft, signer);
                return true;
            });
        } catch (ProblemException | IllegalArgumentException garbled) {
            return null;
        }
        return new Value(
                draft.base,
                new ConsumerState(
                        draft.form,
                        draft.fromEarliest,
                        draft.autoCommit,
                        draft.requestTimeoutMs,
                        draft.usedMs,
                        draft.cursor,
                        draft.unanswered));
    }

    private static void take(RequestObject object, String field, Draft draft, CursorSigner signer) {
        switch (field) {
            case "base" -> draft.base = object.longNumber(-1, Long.MAX_VALUE);
            case "form" -> draft.form = RecordForm.valueOf(object.text(16).toUpperCase(Locale.ROOT));
            case "from_earliest" -> draft.fromEarliest = object.flag();
            case "auto_commit" -> draft.autoCommit = object.flag();
            case "request_timeout_ms" -> draft.requestTimeoutMs = object.number(0, Integer.MAX_VALUE);
            case "used_ms" -> draft.usedMs = object.longNumber(0, Long.MAX_VALUE);
            case "unanswered" -> draft.unanswered = cursor(object.text(TEXT_CHARS_MAX), signer);
            case "cursor" -> draft.cursor = cursor(object.text(TEXT_CHARS_MAX), signer);
            default -> {
                // Of a later version.
            }
        }
    }

    /** A cursor that cannot be read any more, as when the gateways' secret has changed, leaves the instance without a subscription. */
    private static @Nullable GroupCursor cursor(String text, CursorSigner signer) {
        try {
            return GroupCursor.decode(signer, text, "cursor");
        } catch (ProblemException foreign) {
            return null;
        }
    }
}
