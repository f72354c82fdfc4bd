package io.naru.system.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The documents of docs/api are OpenAPI 3.1, and their examples are what they say. */
class CommittedDocumentsTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDialect(Dialects.getDraft202012());

    @ParameterizedTest
    @ValueSource(strings = {"openapi.json", "gateway-openapi.json", "admin-openapi.json", "coordinator-openapi.json"})
    void areValid(String name) throws Exception {
        JsonNode document = ApiDescription.committed(name).document();
        assertThat(document.get("openapi").asString()).startsWith("3.1");
        try (InputStream openapi = CommittedDocumentsTest.class.getResourceAsStream("openapi-3.1-schema.json")) {
            Schema ofDocuments = REGISTRY.getSchema(openapi, InputFormat.JSON);
            assertThat(ofDocuments.validate(document)).isEmpty();
        }
        Schema ofSchemas = REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        document.at("/components/schemas")
                .properties()
                .forEach(schema -> assertThat(ofSchemas.validate(schema.getValue()))
                        .as(schema.getKey())
                        .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi.json", "gateway-openapi.json", "admin-openapi.json", "coordinator-openapi.json"})
    void nameDescribeAndExemplifyEveryOperation(String name) {
        ApiDescription description = ApiDescription.committed(name);
        AnswerSchemas schemas = new AnswerSchemas(description.document());
        List<String> wrong = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        description
                .document()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method -> {
                            JsonNode operation = method.getValue();
                            String id = operation.path("operationId").asString("");
                            if (id.isEmpty() || !ids.add(id)) {
                                wrong.add(path.getKey() + ": operationId '" + id + "'");
                            }
                            if (operation.path("summary").asString("").isBlank()) {
                                wrong.add(id + " has no summary");
                            }
                            if (operation.has("requestBody")) {
                                check(description, schemas, id + " request", operation.get("requestBody"), wrong);
                            }
                            for (Map.Entry<String, JsonNode> response :
                                    operation.get("responses").properties()) {
                                check(description, schemas, id + " " + response.getKey(), response.getValue(), wrong);
                            }
                        }));
        assertThat(wrong).isEmpty();
    }

    /** Every kind of body has an example, and the example is as its schema says. */
    private static void check(
            ApiDescription description, AnswerSchemas schemas, String of, JsonNode body, List<String> wrong) {
        description.resolve(body).path("content").properties().forEach(content -> {
            JsonNode example = content.getValue().get("example");
            String what = of + " " + content.getKey();
            if (example == null) {
                wrong.add(what + " has no example");
            } else {
                schemas.violations(content.getValue().path("schema"), example)
                        .forEach(violation -> wrong.add(what + ": " + violation));
            }
        });
    }
}
