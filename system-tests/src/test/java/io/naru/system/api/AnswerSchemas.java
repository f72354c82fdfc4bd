package io.naru.system.api;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds JSON against schemas of a document, more strictly than the document says: a field that is not described is wrong, too, unless the
 * schema says something about additional properties. Clients have to bear new fields; we have to describe them.
 */
final class AnswerSchemas {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SchemaRegistry registry = SchemaRegistry.withDialect(Dialects.getDraft202012());
    private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();
    private final JsonNode components;

    AnswerSchemas(ObjectNode document) {
        JsonNode copy = document.path("components").deepCopy();
        close(copy.path("schemas"));
        components = copy;
    }

    /** What of {@code value} is not as {@code schema} says. */
    List<String> violations(JsonNode schema, JsonNode value) {
        return compiled.computeIfAbsent(schema, this::compile).validate(value).stream()
                .map(Error::toString)
                .toList();
    }

    private Schema compile(JsonNode schema) {
        JsonNode closed = schema.deepCopy();
        close(closed);
        ObjectNode whole = JSON.createObjectNode();
        whole.putArray("allOf").add(closed);
        whole.set("components", components);
        return registry.getSchema(whole);
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.get("properties") instanceof ObjectNode
                && (object.path("type").asString("").equals("object")
                        || object.path("type").toString().contains("\"object\""))
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(AnswerSchemas::close);
    }
}
