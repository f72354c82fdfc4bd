package io.naru.coordinator.view;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Examples of requests and answers by operation id, from {@code coordinator-examples.json}. */
record Examples(JsonNode byOperation) {

    private static final JsonMapper JSON = new JsonMapper();

    static Examples load() {
        try (InputStream in = Examples.class.getResourceAsStream("/openapi/coordinator-examples.json")) {
            return new Examples(JSON.readTree(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    void addTo(Operation operation) {
        JsonNode its = byOperation.path(operation.getOperationId());
        operation.getResponses().values().forEach(answer -> set(answer.getContent(), its.get("response")));
        if (operation.getRequestBody() != null) {
            set(operation.getRequestBody().getContent(), its.get("request"));
        }
    }

    private static void set(@Nullable Content content, @Nullable JsonNode example) {
        if (content != null && example != null) {
            content.values().forEach(body -> body.setExample(JSON.treeToValue(example, Object.class)));
        }
    }
}
