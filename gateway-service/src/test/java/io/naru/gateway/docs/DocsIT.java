package io.naru.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The document tells of what there is: no call is left out, none made up. */
class DocsIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private static FakeBroker broker;
    private static RunningGateway gateway;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("t", 1);
        gateway = RunningGateway.start(broker.bootstrap());
        document = JSON.readTree(gateway.get("/openapi").body());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> described = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().forEach(method -> {
                    if (METHODS.contains(method)) {
                        described.add(method.toUpperCase(Locale.ROOT) + " "
                                + path.getKey().replaceAll("\\{[^}]*}", "*"));
                    }
                }));
        Set<String> routes = new TreeSet<>();
        for (JsonNode endpoint : JSON.readTree(gateway.get("/").body()).get("endpoints")) {
            if (!endpoint.asString().endsWith("/{rest}")) {
                routes.add(endpoint.asString().replaceAll("\\{[^}]*}", "*"));
            }
        }
        assertThat(described).isEqualTo(routes);
    }

    @Test
    void everyReferenceLeadsSomewhereAndOperationsHaveNamesOfTheirOwn() {
        List<String> references = new ArrayList<>();
        List<String> operations = new ArrayList<>();
        walk(document, references, operations);
        assertThat(references).isNotEmpty();
        for (String reference : references) {
            assertThat(document.at(reference.substring(1)).isMissingNode())
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

    @Test
    void parametersDescribedAreTaken() {
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (method.getKey().equals("get") && path.getKey().startsWith("/v1")) {
                        for (JsonNode parameter : method.getValue().path("parameters")) {
                            JsonNode one = parameter.has("$ref")
                                    ? document.at(
                                            parameter.get("$ref").asString().substring(1))
                                    : parameter;
                            if (one.get("in").asString().equals("query")) {
                                String url = path.getKey()
                                        .replace("{topic}", "t")
                                        .replace("{group}", "g")
                                        .replace("{partition}", "0")
                                        .replace("{offset}", "0");
                                // A stream would go on for ever.
                                String refused = url.equals("/v1/groups/g/records") ? "&session_timeout_ms=0" : "";
                                HttpResponse<String> answer =
                                        gateway.get(url + "?" + one.get("name").asString() + "=nonsense%20" + refused);
                                assertThat(answer.body()).as(url + " " + one).doesNotContain("unknown parameter");
                            }
                        }
                    }
                }));
    }

    @Test
    void pageAndItsFilesAreServed() {
        HttpResponse<String> page = gateway.get("/docs");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
        for (String file : page.body().split("\"", -1)) {
            if (file.startsWith("docs/")) {
                HttpResponse<String> answer = gateway.get("/" + file);
                assertThat(answer.statusCode()).as(file).isEqualTo(200);
                assertThat(answer.body()).isNotEmpty();
            }
        }
        assertThat(gateway.get("/docs/index.html").statusCode()).isEqualTo(404);
        assertThat(gateway.get("/openapi.yaml").body()).startsWith("openapi: 3.1.0");
    }
}
