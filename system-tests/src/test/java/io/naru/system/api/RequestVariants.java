package io.naru.system.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What can be made of one valid request by changing one thing: each part of its path, each parameter, its headers, each value in its body, its
 * length, its encoding. Always the same, in the same order.
 */
final class RequestVariants {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<String> PATH_PARTS = List.of(
            "",
            "-1",
            "1.5",
            "2147483648",
            "9223372036854775808",
            "x",
            "%00",
            "%0d%0aX:%20y",
            "..%2f..",
            "%",
            "%zz",
            "%ff",
            "%2e%2e",
            "a".repeat(300),
            ";p=1",
            "%EB%82%98%EB%A3%A8",
            "%22%3E",
            "__consumer_offsets");
    private static final List<String> VALUES = List.of(
            "",
            "-1",
            "1.5",
            "2147483648",
            "99999999999999999999",
            "1e400",
            "x",
            "true",
            "null",
            "%00",
            "%ff",
            "%",
            "0x10",
            "%20",
            "a".repeat(3000));
    private static final List<String> TYPES = List.of(
            "",
            "x",
            "a/b/c",
            "text/xml",
            "application/json; charset=utf-16",
            "application/vnd.kafka.avro.v2+json",
            "application/x-ndjson",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "*/*;q=x",
            ", ,",
            "\u00ff");
    private static final List<String> OTHER_HEADERS = List.of(
            "Content-Encoding: gzip",
            "Content-Encoding: x",
            "If-Match: x",
            "If-None-Match: \"",
            "Idempotency-Key: ",
            "Producer-Id: x",
            "Producer-Id: 1\r\nProducer-Epoch: 0\r\nProducer-Seq: -1",
            "Last-Event-ID: x",
            "Range: bytes=5-1",
            "Origin: http://elsewhere",
            "traceparent: x",
            "X-Request-Id: \u00e9",
            "X-Forwarded-Proto: mqtt",
            "Expect: 200-ok",
            "Record-Header-: x",
            "Upgrade: h2c");
    private static final List<String> JSON_VALUES = List.of(
            "null",
            "true",
            "-1",
            "1.5",
            "2147483648",
            "99999999999999999999",
            "1e400",
            "\"\"",
            "\"x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "{\"a\":1}",
            "NaN");
    private static final int CUTS_MAX = 60;

    private final String path;
    private final List<String> query;
    private final Valid valid;

    /**
     * A valid request.
     *
     * @param parts  which parts of the path, counted from 0, are variables
     * @param query  {@code name=value} of all its parameters
     * @param accept or null
     * @param type   Content-Type, or null
     */
    record Valid(
            String method,
            String path,
            List<Integer> parts,
            List<String> query,
            @Nullable String accept,
            @Nullable String type,
            @Nullable String body) {

        RawCall call() {
            return new RawCall(
                    method, path, headers(), body == null ? null : new String(utf8(body), StandardCharsets.ISO_8859_1));
        }

        private String headers() {
            return (accept == null ? "" : "Accept: " + accept + "\r\n")
                    + (type == null ? "" : "Content-Type: " + type + "\r\n");
        }
    }

    private RequestVariants(Valid valid) {
        this.valid = valid;
        this.path = valid.path();
        this.query = valid.query();
    }

    /** All of them. */
    static List<RawCall> of(Valid valid) {
        RequestVariants variants = new RequestVariants(valid);
        Set<RawCall> all = new LinkedHashSet<>();
        variants.paths().forEach(all::add);
        variants.queries().forEach(all::add);
        variants.headers().forEach(all::add);
        variants.bodies().forEach(all::add);
        return List.copyOf(all);
    }

    private RawCall with(String target) {
        RawCall call = valid.call();
        return new RawCall(call.method(), target, call.headers(), call.body());
    }

    private Stream<RawCall> paths() {
        List<String> parts = List.of(path.split("/", -1));
        return valid.parts().stream()
                .flatMap(i -> PATH_PARTS.stream().map(value -> {
                    List<String> changed = new ArrayList<>(parts);
                    // what stands behind a colon is the verb
                    changed.set(i + 1, value + parts.get(i + 1).replaceFirst("^[^:]*", ""));
                    return with(String.join("/", changed));
                }));
    }

    private Stream<RawCall> queries() {
        Stream<RawCall> each = query.stream()
                .flatMap(parameter -> VALUES.stream()
                        .map(value -> with(path + "?" + parameter.replaceFirst("=.*", "") + "=" + value)));
        Stream<RawCall> twice = query.stream().map(parameter -> with(path + "?" + parameter + "&" + parameter));
        Stream<RawCall> whole = Stream.of("?", "?unknown=1", "?=", "?&&", "?a=%", "?" + "a=1&".repeat(1200))
                .map(odd -> with(path + odd));
        return Stream.of(each, twice, whole).flatMap(s -> s);
    }

    private Stream<RawCall> headers() {
        RawCall call = valid.call();
        Stream<String> accepts = TYPES.stream()
                .map(type -> "Accept: " + type + "\r\n"
                        + (valid.type() == null ? "" : "Content-Type: " + valid.type() + "\r\n"));
        Stream<String> types = TYPES.stream()
                .map(type -> (valid.accept() == null ? "" : "Accept: " + valid.accept() + "\r\n") + "Content-Type: "
                        + type + "\r\n");
        Stream<String> others = OTHER_HEADERS.stream().map(header -> call.headers() + header + "\r\n");
        return Stream.of(accepts, types, others)
                .flatMap(s -> s)
                .map(headers -> new RawCall(call.method(), call.target(), headers, call.body()));
    }

    private Stream<RawCall> bodies() {
        String body = valid.body();
        if (body == null) {
            return Stream.of("", "x", "{}", "null").map(this::withBody);
        }
        List<String> bodies = new ArrayList<>();
        int step = Math.max(1, body.length() / CUTS_MAX);
        for (int length = 0; length < body.length(); length += step) {
            bodies.add(body.substring(0, length));
        }
        bodies.add(body + body);
        bodies.add(body + ",");
        bodies.add("\ufeff" + body);
        bodies.add("[" + body + "]");
        bodies.add("[".repeat(5000));
        bodies.add("x".repeat(100_000));
        try {
            JsonNode tree = JSON.readTree(body);
            change(tree, tree, JsonPointer.empty(), bodies);
        } catch (JacksonException e) {
            bodies.add("{}"); // it was none
        }
        return Stream.concat(
                bodies.stream().map(this::withBody),
                Stream.of(
                        withBytes(body.getBytes(StandardCharsets.UTF_16)),
                        withBytes(("\u00ff" + body).getBytes(StandardCharsets.ISO_8859_1)),
                        withBytes(body.replaceFirst("[a-z]", "\u00e9").getBytes(StandardCharsets.ISO_8859_1)),
                        withBytes(body.replaceFirst("[a-z]", "\0").getBytes(StandardCharsets.ISO_8859_1))));
    }

    private RawCall withBody(String body) {
        return withBytes(utf8(body));
    }

    private RawCall withBytes(byte[] body) {
        RawCall call = valid.call();
        return new RawCall(call.method(), call.target(), call.headers(), new String(body, StandardCharsets.ISO_8859_1));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Every value replaced by every other kind, taken away, doubled; in every object an unknown field. */
    private static void change(JsonNode root, JsonNode node, JsonPointer place, List<String> bodies) {
        for (String value : JSON_VALUES) {
            bodies.add(place.equals(JsonPointer.empty()) ? value : replaced(root, place, value));
        }
        if (node instanceof ObjectNode object) {
            JsonNode copy = root.deepCopy();
            ((ObjectNode) copy.at(place)).put("unknown", 1);
            bodies.add(copy.toString());
            for (String name : object.propertyNames()) {
                JsonPointer member = place.appendProperty(name);
                JsonNode without = root.deepCopy();
                ((ObjectNode) without.at(place)).remove(name);
                bodies.add(without.toString());
                bodies.add(replaced(root, member, object.get(name) + "," + quoted(name) + ":" + object.get(name)));
                change(root, object.get(name), member, bodies);
            }
        } else if (node instanceof ArrayNode array && !array.isEmpty()) {
            JsonNode empty = root.deepCopy();
            ((ArrayNode) empty.at(place)).removeAll();
            bodies.add(empty.toString());
            JsonNode many = root.deepCopy();
            for (int i = 0; i < 60; i++) {
                ((ArrayNode) many.at(place)).add(array.get(0).deepCopy());
            }
            bodies.add(many.toString());
            change(root, array.get(0), place.appendIndex(0), bodies);
        }
    }

    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    /** The document with any text, JSON or not, where a value was. */
    private static String replaced(JsonNode root, JsonPointer place, String value) {
        JsonNode copy = root.deepCopy();
        JsonNode parent = copy.at(place.head());
        String mark = "\u241f";
        if (parent instanceof ObjectNode object) {
            object.put(place.last().getMatchingProperty(), mark);
        } else {
            ((ArrayNode) parent).set(place.last().getMatchingIndex(), mark);
        }
        return copy.toString().replace("\"" + mark + "\"", value);
    }
}
