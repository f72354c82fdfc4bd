package io.naru.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The documents as they are, without a gateway to serve them. */
class ApiDocumentTest {

    private static final JsonMapper INDENTED =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** After a change that is meant, {@code ./naru docs} writes all committed copies anew. */
    @Test
    void committedCopiesAreCurrent() throws Exception {
        assertCurrent("gateway-openapi.json", ApiDocument.own());
        assertCurrent("openapi.json", ApiDocument.whole(true));
    }

    private static void assertCurrent(String name, JsonNode now) throws Exception {
        Path committed = Path.of("..", "docs", "api", name);
        String current = INDENTED.writeValueAsString(now) + "\n";
        if (Boolean.getBoolean("naru.update-docs")) {
            Files.writeString(committed, current, StandardCharsets.UTF_8);
        }
        assertThat(Files.readString(committed, StandardCharsets.UTF_8))
                .as("docs/api/%s; after a change that is meant, run ./naru docs and commit what it writes", name)
                .isEqualTo(current);
    }

    @Test
    void everyReferenceLeadsSomewhereAndOperationsHaveNamesOfTheirOwn() {
        List<String> references = new ArrayList<>();
        List<String> operations = new ArrayList<>();
        walk(ApiDocument.whole(true), references, operations);
        assertThat(references).isNotEmpty();
        for (String reference : references) {
            assertThat(ApiDocument.whole(true).at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
        assertThat(new HashSet<>(operations)).hasSameSizeAs(operations);
    }

    private static void walk(JsonNode node, List<String> references, List<String> operations) {
        node.properties().forEach(member -> {
            if (member.getKey().equals("$ref")) {
                references.add(member.getValue().asString());
            } else if (member.getKey().equals("operationId")) {
                operations.add(member.getValue().asString());
            }
        });
        node.forEach(child -> walk(child, references, operations));
    }
}
