package io.naru.admin.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Examples of requests and responses, one file per operation: {@code openapi/examples/<operationId>.json} with a {@code response}
 * and, where there is one, a {@code request}. A test holds them against what the server answers.
 */
final class Examples {

    private static final JsonMapper MAPPER = new JsonMapper();

    private Examples() {}

    /** The examples of an operation. */
    static JsonNode of(String operationId) {
        String file = "/openapi/examples/" + operationId + ".json";
        try (InputStream example = Examples.class.getResourceAsStream(file)) {
            if (example == null) {
                throw new IllegalStateException("operation " + operationId + " has no examples in " + file);
            }
            return MAPPER.readTree(example);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** JSON as maps, lists and values, which is what the document's own serialiser knows. */
    static Object plain(JsonNode json) {
        return MAPPER.treeToValue(json, Object.class);
    }
}
