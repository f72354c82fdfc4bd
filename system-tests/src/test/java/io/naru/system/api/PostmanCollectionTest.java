package io.naru.system.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The committed collection is the one that the document makes. */
class PostmanCollectionTest {

    private static final JsonMapper INDENTED =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Test
    void committedCopyIsCurrent() throws Exception {
        JsonNode collection = new PostmanCollection(ApiDescription.committed("openapi.json")).toJson();
        String current = INDENTED.writeValueAsString(collection) + "\n";
        if (Boolean.getBoolean("naru.update-docs")) {
            Files.writeString(PostmanCollection.COMMITTED, current, StandardCharsets.UTF_8);
        }
        assertThat(Files.readString(PostmanCollection.COMMITTED, StandardCharsets.UTF_8))
                .as("after a change that is meant, run ./naru docs and commit what it writes")
                .isEqualTo(current);
        assertThat(collection.findValues("request"))
                .hasSize(ApiDescription.committed("openapi.json")
                        .document()
                        .findValues("operationId")
                        .size());
    }
}
