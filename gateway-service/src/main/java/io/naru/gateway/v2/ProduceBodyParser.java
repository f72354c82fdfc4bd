package io.naru.gateway.v2;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.produce.RecordInput;
import io.naru.gateway.topic.JsonProblems;

/**
 * Reads {@code {"records":[{"key"?,"value"?,"partition"?,"timestamp"?,"headers"?}, …]}}, as its {@link ProduceShape} has them, beside the four schema fields, which mean nothing in these formats. All
 * of it is read before anything is written, so a mistake in the last record leaves nothing behind. Absent is the same as null: no key, a
 * tombstone, any partition. Belongs to one thread at a time.
 */
final class ProduceBodyParser {

    private static final int RECORDS = 1;
    private static final int SCHEMA_FIELDS = 2;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int PARTITION = 4;
    private static final int TIMESTAMP = 8;
    private static final int HEADERS = 16;
    private static final String[] SCHEMAS = {"key_schema", "key_schema_id", "value_schema", "value_schema_id"};

    private final EmbeddedFormat format;
    private final ProduceShape shape;
    private final int recordsMax;
    private final JsonObjectWalker body;
    private final JsonObjectWalker elements;
    private final JsonObjectWalker record;
    private final HeaderArray headers;

    /** A parser for at most {@code recordsMax} records in JSON nested up to {@code depthMax}. */
    ProduceBodyParser(EmbeddedFormat format, ProduceShape shape, int recordsMax, int depthMax) {
        this.format = format;
        this.shape = shape;
        this.recordsMax = recordsMax;
        this.body = new JsonObjectWalker(depthMax);
        this.elements = new JsonObjectWalker(depthMax);
        this.record = new JsonObjectWalker(depthMax);
        this.headers = new HeaderArray(shape, depthMax);
    }

    /**
     * Reads a body and rewrites it in passing.
     *
     * @throws ProblemException 400 when it is no JSON object, 413 for too many records, 422 for whatever is wrong with a field
     */
    ProduceBody parse(byte[] bytes, int length) {
        ProduceBody records = new ProduceBody(bytes);
        int seen = 0;
        try {
            body.begin(bytes, 0, length);
            while (body.next()) {
                int field = bodyField();
                if ((seen & field) != 0) {
                    throw shape.wrong(JsonProblems.step(body.nameText()), "the field is given twice");
                }
                seen |= field;
                if (field == RECORDS && !body.isNull()) {
                    records(bytes, records);
                }
            }
            body.expectNothingAfter();
        } catch (JsonSyntaxException wrong) {
            throw JsonProblems.body(wrong);
        }
        if (records.count() == 0) {
            throw shape.wrong("/records", "there must be at least one record");
        }
        return records;
    }

    private int bodyField() {
        if (body.nameIs("records")) {
            return RECORDS;
        }
        for (int i = 0; i < SCHEMAS.length; i++) {
            if (body.nameIs(SCHEMAS[i])) {
                return SCHEMA_FIELDS << i;
            }
        }
        throw unknown("", body.nameText(), "a body has records");
    }

    private ProblemException unknown(String parent, String name, String known) {
        return shape.wrong(parent + JsonProblems.step(name), "Unrecognized field: " + name + "; " + known);
    }

    private void records(byte[] bytes, ProduceBody to) {
        if (!body.isArray()) {
            throw shape.wrong("/records", "expected an array");
        }
        elements.beginArray(bytes, body.valueStart(), body.valueEnd());
        while (elements.next()) {
            if (to.count() == recordsMax) {
                throw Problem.of(
                                ProblemKind.TOO_MANY_RECORDS,
                                "the body has more than " + recordsMax
                                        + " records (naru.gateway.limits.records-per-request); send several")
                        .exception();
            }
            if (!elements.isObject()) {
                throw shape.wrong("/records/" + to.count(), "expected an object");
            }
            record(bytes, to);
        }
    }

    private void record(byte[] bytes, ProduceBody to) {
        int index = to.count();
        int keyStart = 0;
        int keyLength = RecordInput.NULL;
        int valueStart = 0;
        int valueLength = RecordInput.NULL;
        int partition = RecordInput.ANY_PARTITION;
        RecordExtras extras = null;
        int seen = 0;
        record.begin(bytes, elements.valueStart(), elements.valueEnd());
        while (record.next()) {
            int field = recordField(index);
            if ((seen & field) != 0) {
                throw shape.wrong(pointer(index), "the field is given twice");
            }
            seen |= field;
            if (record.isNull()) {
                continue;
            }
            switch (field) {
                case KEY -> {
                    keyStart = start();
                    keyLength = rewrite(bytes, index) - keyStart;
                }
                case VALUE -> {
                    valueStart = start();
                    valueLength = rewrite(bytes, index) - valueStart;
                }
                case PARTITION -> partition = partition(index);
                case TIMESTAMP -> {
                    extras = extras == null ? new RecordExtras() : extras;
                    extras.timestamp(number(index, Long.MAX_VALUE));
                }
                default -> {
                    extras = extras == null ? new RecordExtras() : extras;
                    headers.read(bytes, record.valueStart(), record.valueEnd(), pointer(index), extras);
                }
            }
        }
        if (shape.isStrimzi() && (seen & VALUE) == 0) {
            throw shape.wrong("/records/" + index, "the value is missing; null stands for no value");
        }
        to.add(keyStart, keyLength, valueStart, valueLength, partition, extras);
    }

    private int recordField(int index) {
        if (record.nameIs("value")) {
            return VALUE;
        }
        if (record.nameIs("key")) {
            return KEY;
        }
        if (shape.hasPartition() && record.nameIs("partition")) {
            return PARTITION;
        }
        if (shape.isStrimzi() && record.nameIs("headers")) {
            return HEADERS;
        }
        if (shape.hasTimestamp() && record.nameIs("timestamp")) {
            return TIMESTAMP;
        }
        throw unknown("/records/" + index, record.nameText(), shape.fields());
    }

    private String pointer(int index) {
        return "/records/" + index + JsonProblems.step(record.nameText());
    }

    private int partition(int index) {
        return (int) number(index, Integer.MAX_VALUE);
    }

    private long number(int index, long max) {
        try {
            return record.wholeNumber(0, max);
        } catch (JsonSyntaxException wrong) {
            throw wrong.isMalformed()
                    ? JsonProblems.body(wrong)
                    : shape.wrong(pointer(index), String.valueOf(wrong.getMessage()));
        }
    }

    /** Where the stored form of the member begins. */
    private int start() {
        return format == EmbeddedFormat.JSON ? record.valueStart() : record.valueStart() + 1;
    }

    /** Makes the member what is stored, and says where that ends. */
    private int rewrite(byte[] bytes, int index) {
        if (format == EmbeddedFormat.JSON) {
            return InPlace.compact(bytes, record.valueStart(), record.valueEnd());
        }
        if (!record.isString()) {
            throw undecodable(
                    index, format == EmbeddedFormat.TEXT ? "expected a string" : "expected a string of Base64");
        }
        if (format == EmbeddedFormat.TEXT) {
            return InPlace.text(bytes, record.valueStart() + 1, record.valueEnd() - 1);
        }
        int end = InPlace.base64(bytes, record.valueStart() + 1, record.valueEnd() - 1);
        if (end < 0) {
            throw undecodable(index, "this is not Base64");
        }
        return end;
    }

    private ProblemException undecodable(int index, String why) {
        return Problem.of(ProblemKind.UNDECODABLE, "at " + pointer(index) + ": " + why)
                .exception();
    }
}
