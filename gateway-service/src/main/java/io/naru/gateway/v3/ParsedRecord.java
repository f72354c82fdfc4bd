package io.naru.gateway.v3;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.http.Timestamps;
import io.naru.gateway.produce.RecordInput;
import io.naru.gateway.topic.JsonProblems;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record of a request: {@code {"partition_id"?,"headers"?:[{"name","value"}],"key"?,"value"?,"timestamp"?}}, in a batch with an
 * {@code id}.
 */
final class ParsedRecord {

    private static final byte[] NOTHING = new byte[0];

    @Nullable
    String id;

    int partition = RecordInput.ANY_PARTITION;
    long timestamp = RecordInput.NOW;
    Side key = new Side("JSON", null);
    Side value = new Side("JSON", null);
    private final List<Header> headers = new ArrayList<>(0);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Header(byte[] name, byte @Nullable [] value) {}

    private ParsedRecord() {}

    /**
     * Reads the object at a range.
     *
     * @param pointer where it stands in the request
     * @throws ProblemException for whatever is wrong with it
     */
    static ParsedRecord parse(byte[] bytes, int start, int end, int depthMax, boolean ofBatch, String pointer) {
        ParsedRecord record = new ParsedRecord();
        Set<String> seen = new HashSet<>();
        try {
            JsonObjectWalker at = new JsonObjectWalker(depthMax);
            at.begin(bytes, start, end);
            while (at.next()) {
                String name = at.nameText();
                if (!seen.add(name)) {
                    throw JsonProblems.field(pointer + JsonProblems.step(name), "the field is given twice");
                }
                record.take(name, at, bytes, depthMax, ofBatch, pointer + JsonProblems.step(name));
            }
        } catch (JsonSyntaxException wrong) {
            throw JsonProblems.at(pointer.isEmpty() ? "/" : pointer, wrong);
        }
        return record;
    }

    private void take(String name, JsonObjectWalker at, byte[] bytes, int depthMax, boolean ofBatch, String pointer) {
        switch (name) {
            case "partition_id" -> partition = at.isNull() ? RecordInput.ANY_PARTITION : partition(at, pointer);
            case "timestamp" -> timestamp = at.isNull() ? RecordInput.NOW : timestamp(at, pointer);
            case "headers" -> headers(at, bytes, depthMax, pointer);
            case "key" -> key = Side.parse(at, bytes, depthMax, pointer);
            case "value" -> value = Side.parse(at, bytes, depthMax, pointer);
            default -> {
                if (!ofBatch || !name.equals("id") || !at.isString()) {
                    throw JsonProblems.field(
                            pointer, "unknown field; a record has partition_id, headers, key, value, timestamp");
                }
                id = new String(at.stringBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private static int partition(JsonObjectWalker at, String pointer) {
        long partition;
        try {
            partition = at.wholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE);
        } catch (JsonSyntaxException wrong) {
            throw JsonProblems.at(pointer, wrong);
        }
        if (partition < 0) {
            throw Problem.of(ProblemKind.NO_SUCH_PARTITION, "at " + pointer + ": partitions are 0, 1, 2 …")
                    .exception();
        }
        return (int) partition;
    }

    private static long timestamp(JsonObjectWalker at, String pointer) {
        Long ms = at.isString() ? Timestamps.parse(new String(at.stringBytes(), StandardCharsets.UTF_8)) : null;
        if (ms == null) {
            throw JsonProblems.field(pointer, "expected a time like 2026-01-31T12:00:00Z");
        }
        return ms;
    }

    private void headers(JsonObjectWalker at, byte[] bytes, int depthMax, String pointer) {
        if (at.isNull()) {
            return;
        }
        if (!at.isArray()) {
            throw JsonProblems.field(pointer, "expected an array");
        }
        JsonObjectWalker all = new JsonObjectWalker(depthMax);
        JsonObjectWalker one = new JsonObjectWalker(depthMax);
        all.beginArray(bytes, at.valueStart(), at.valueEnd());
        while (all.next()) {
            byte[] name = null;
            byte[] value = null;
            one.begin(bytes, all.valueStart(), all.valueEnd());
            while (one.next()) {
                if (one.nameIs("name") && one.isString()) {
                    name = one.stringBytes();
                } else if (one.nameIs("value") && one.isString()) {
                    value = base64(one.stringBytes(), pointer);
                } else if (!one.nameIs("value") || !one.isNull()) {
                    throw JsonProblems.field(pointer, "a header has a name and, in Base64 or null, a value");
                }
            }
            if (name == null) {
                throw JsonProblems.field(pointer, "a header has no name");
            }
            headers.add(new Header(name, value));
        }
    }

    private static byte[] base64(byte[] text, String pointer) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw JsonProblems.field(pointer, "a header's value is not a base64 string");
        }
    }

    /** Gives the record this time if it has none. */
    void timeFrom(long now) {
        if (timestamp == RecordInput.NOW) {
            timestamp = now;
        }
    }

    /** Describes the record to those who write it; {@code now} is its time if it has none. */
    void read(RecordInput to, long now) {
        to.clear();
        if (key.bytes() != null) {
            to.key(key.bytes(), 0, key.bytes().length);
        }
        byte[] bytes = value.bytes();
        to.value(bytes == null ? NOTHING : bytes, 0, bytes == null ? RecordInput.NULL : bytes.length);
        to.partition(partition);
        timeFrom(now);
        to.timestamp(timestamp);
        headers.forEach(header -> to.headers().add(header.name(), header.value()));
    }
}
