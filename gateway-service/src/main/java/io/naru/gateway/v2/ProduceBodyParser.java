package io.naru.gateway.v2;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.format.JsonSyntaxException;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.produce.RecordInput;
import io.naru.gateway.topic.JsonProblems;

/**
 * Reads {@code {"records":[{"key"?,"value"?,"partition"?}, …]}} beside the four schema fields, which mean nothing in these formats. All
 * of it is read before anything is written, so a mistake in the last record leaves nothing behind. Absent is the same as null: no key, a
 * tombstone, any partition. Belongs to one thread at a time.
 */
final class ProduceBodyParser {

    private static final int RECORDS = 1;
    private static final int SCHEMA_FIELDS = 2;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int PARTITION = 4;
    private static final String[] SCHEMAS = {"key_schema", "key_schema_id", "value_schema", "value_schema_id"};

    private final EmbeddedFormat format;
    private final int recordsMax;
    private final JsonObjectWalker body;
    private final JsonObjectWalker elements;
    private final JsonObjectWalker record;

    /** A parser for at most {@code recordsMax} records in JSON nested up to {@code depthMax}. */
    ProduceBodyParser(EmbeddedFormat format, int recordsMax, int depthMax) {
        this.format = format;
        this.recordsMax = recordsMax;
        this.body = new JsonObjectWalker(depthMax);
        this.elements = new JsonObjectWalker(depthMax);
        this.record = new JsonObjectWalker(depthMax);
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
                    throw JsonProblems.field(JsonProblems.step(body.nameText()), "the field is given twice");
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
            throw JsonProblems.field("/records", "there must be at least one record");
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

    private static ProblemException unknown(String parent, String name, String known) {
        return JsonProblems.field(parent + JsonProblems.step(name), "Unrecognized field: " + name + "; " + known);
    }

    private void records(byte[] bytes, ProduceBody to) {
        if (!body.isArray()) {
            throw JsonProblems.field("/records", "expected an array");
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
                throw JsonProblems.field("/records/" + to.count(), "expected an object");
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
        int seen = 0;
        record.begin(bytes, elements.valueStart(), elements.valueEnd());
        while (record.next()) {
            int field = recordField(index);
            if ((seen & field) != 0) {
                throw JsonProblems.field(pointer(index), "the field is given twice");
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
                default -> partition = partition(index);
            }
        }
        to.add(keyStart, keyLength, valueStart, valueLength, partition);
    }

    private int recordField(int index) {
        if (record.nameIs("value")) {
            return VALUE;
        }
        if (record.nameIs("key")) {
            return KEY;
        }
        if (record.nameIs("partition")) {
            return PARTITION;
        }
        throw unknown("/records/" + index, record.nameText(), "a record has key, value, partition");
    }

    private String pointer(int index) {
        return "/records/" + index + JsonProblems.step(record.nameText());
    }

    private int partition(int index) {
        try {
            return (int) record.wholeNumber(0, Integer.MAX_VALUE);
        } catch (JsonSyntaxException wrong) {
            throw JsonProblems.at(pointer(index), wrong);
        }
    }

    /** Where the stored form of the member begins. */
    private int start() {
        return format == EmbeddedFormat.BINARY ? record.valueStart() + 1 : record.valueStart();
    }

    /** Makes the member what is stored, and says where that ends. */
    private int rewrite(byte[] bytes, int index) {
        if (format == EmbeddedFormat.JSON) {
            return InPlace.compact(bytes, record.valueStart(), record.valueEnd());
        }
        if (!record.isString()) {
            throw undecodable(index, "expected a string of Base64");
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
