package io.naru.gateway.docs;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts the examples of {@code examples.yaml} where they belong in the document. */
final class CallExamples {

    private final ObjectNode document;
    private final JsonNode examples;

    CallExamples(ObjectNode document, JsonNode examples) {
        this.document = document;
        this.examples = examples;
    }

    /** Gives every operation of the document its examples. */
    void apply() {
        for (JsonNode path : document.get("paths")) {
            for (JsonNode operation : path) {
                if (operation.has("operationId")) {
                    apply(
                            (ObjectNode) operation,
                            examples.path(operation.get("operationId").asString()));
                }
            }
        }
    }

    private void apply(ObjectNode operation, JsonNode example) {
        JsonNode requests = example.path("requests");
        if (!requests.isEmpty()) {
            requests(own(operation, "requestBody"), requests);
        }
        for (Map.Entry<String, JsonNode> answer : example.path("responses").properties()) {
            ObjectNode response = own((ObjectNode) operation.get("responses"), answer.getKey());
            JsonNode value = answer.getValue();
            for (Map.Entry<String, JsonNode> content : response.path("content").properties()) {
                boolean byType = value.propertyNames().stream().anyMatch(name -> name.contains("/"));
                set(content.getValue(), byType ? value.path(content.getKey()) : value);
            }
        }
    }

    private static void requests(ObjectNode body, JsonNode byType) {
        body.get("content").properties().forEach(content -> set(content.getValue(), byType.path(content.getKey())));
    }

    private static void set(JsonNode mediaType, JsonNode example) {
        if (!example.isMissingNode()) {
            ((ObjectNode) mediaType).set("example", example);
        }
    }

    /** What stands under {@code name}, as the holder's own copy if it refers to what others have, too. */
    private ObjectNode own(ObjectNode holder, String name) {
        JsonNode value = holder.get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "examples.yaml has one for what is not described: " + name + " of " + holder);
        }
        JsonNode reference = value.get("$ref");
        ObjectNode own = (ObjectNode)
                (reference == null ? value : document.at(reference.asString().substring(1))).deepCopy();
        holder.set(name, own);
        return own;
    }
}
