package io.naru.gateway.v3;

import io.naru.gateway.format.JsonObjectWalker;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.topic.JsonProblems;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A key or a value as it stands in a request: {@code {"type": "BINARY" | "JSON" | "STRING", "data": …}}.
 *
 * @param type  how it was given; without a type it is JSON
 * @param bytes what is stored, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Side(String type, byte @Nullable [] bytes) {

    /** Reads the member that a walker stands on; null stands for null. */
    static Side parse(JsonObjectWalker at, byte[] source, int depthMax, String pointer) {
        if (at.isNull()) {
            return new Side("JSON", null);
        }
        if (!at.isObject()) {
            throw JsonProblems.field(pointer, "expected an object with type and data");
        }
        JsonObjectWalker inner = new JsonObjectWalker(depthMax);
        String type = "JSON";
        byte[] json = null;
        byte[] text = null;
        inner.begin(source, at.valueStart(), at.valueEnd());
        while (inner.next()) {
            String name = inner.nameText();
            switch (name) {
                case "type" -> type = type(inner, pointer);
                case "data" -> {
                    if (!inner.isNull()) {
                        json = Arrays.copyOfRange(source, inner.valueStart(), inner.valueEnd());
                        text = inner.isString() ? inner.stringBytes() : null;
                    }
                }
                case "subject", "subject_name_strategy", "schema_id", "schema_version", "schema" -> {
                    if (!inner.isNull()) {
                        throw noSchemas(pointer + JsonProblems.step(name));
                    }
                }
                default ->
                    throw JsonProblems.field(
                            pointer + JsonProblems.step(name), "unknown field; there are type and data");
            }
        }
        return new Side(type, json == null ? null : stored(type, json, text, pointer + "/data"));
    }

    private static String type(JsonObjectWalker at, String pointer) {
        String type = at.isNull() ? "JSON" : at.isString() ? new String(at.stringBytes(), StandardCharsets.UTF_8) : "";
        return switch (type) {
            case "BINARY", "JSON", "STRING" -> type;
            case "AVRO", "JSONSCHEMA", "PROTOBUF" -> throw noSchemas(pointer + "/type");
            default -> throw JsonProblems.field(pointer + "/type", "expected BINARY, JSON or STRING");
        };
    }

    private static ProblemException noSchemas(String pointer) {
        return JsonProblems.field(pointer, "there is no schema registry here; send BINARY, JSON or STRING");
    }

    private static byte[] stored(String type, byte[] json, byte @Nullable [] text, String pointer) {
        if (type.equals("JSON")) {
            return json;
        }
        if (text == null) {
            throw undecodable(pointer, type.equals("STRING") ? "expected a string" : "expected a string of Base64");
        }
        if (type.equals("STRING")) {
            return text;
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw undecodable(pointer, "data is not a base64 string");
        }
    }

    private static ProblemException undecodable(String pointer, String why) {
        return Problem.of(ProblemKind.BAD_BODY, "Bad Request: at " + pointer + ": " + why)
                .exception();
    }
}
