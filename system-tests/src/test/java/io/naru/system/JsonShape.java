package io.naru.system;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What an answer of v3 looks like, whatever is in it. */
final class JsonShape {

    /** Null or not, and how many synonyms, depends on the cluster. */
    private static final Set<String> NULLABLE = Set.of(
            "rack",
            "value",
            "synonyms",
            "instance_id",
            "max_lag_instance_id",
            "before",
            "after",
            "total_bytes",
            "usable_bytes");

    private JsonShape() {}

    /** Names and types; of a list those of its first member. */
    static Object of(JsonNode json) {
        if (json.isObject()) {
            Map<String, Object> fields = new TreeMap<>();
            json.properties()
                    .forEach(field -> fields.put(
                            field.getKey(), NULLABLE.contains(field.getKey()) ? "nullable" : of(field.getValue())));
            return fields;
        }
        if (json.isArray()) {
            return json.isEmpty() || !json.get(0).isObject() ? "[]" : List.of(of(json.get(0)));
        }
        return json.getNodeType();
    }
}
