package io.naru.admin.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminServer;
import io.naru.admin.FormedCluster;
import io.naru.cluster.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The document is true, complete, and the one that is committed. */
class OpenApiIT {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Path COMMITTED = Path.of("..", "docs", "api", "admin-openapi.json");

    /** Fields whose own fields have no fixed names. */
    private static final Set<String> MAPS = Set.of("before", "after");

    private static AdminServer admin;
    private static JsonNode document;
    private static String clusterId;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws Exception {
        admin = new AdminServer(
                dataDir, "--naru.admin.session-timeout=10m", "--naru.admin.offsets-topic-replication-factor=1");
        clusterId = FormedCluster.form(admin);
        document = admin.get("/openapi").json();
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    /** After a change that is meant, run with {@code -Dnaru.update-docs=true} and commit the copy. */
    @Test
    void committedCopyIsCurrent() throws Exception {
        String current = JSON.writeValueAsString(document) + "\n";
        if (Boolean.getBoolean("naru.update-docs")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, current, StandardCharsets.UTF_8);
        }
        assertThat(Files.readString(COMMITTED, StandardCharsets.UTF_8)).isEqualTo(current);
    }

    @Test
    void everyRouteIsDocumentedAndEveryDocumentedRouteExists() {
        Set<String> mapped = new TreeSet<>();
        for (RequestMappingInfo route : admin.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()) {
            for (String path : route.getPatternValues()) {
                for (RequestMethod method : route.getMethodsCondition().getMethods()) {
                    if (path.startsWith("/v3")) {
                        mapped.add(method + " " + path);
                    }
                }
            }
        }
        Set<String> documented = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation ->
                                documented.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(documented).isEqualTo(mapped).hasSizeGreaterThan(12);
    }

    @Test
    void everyBodyHasAnExample() {
        assertThat(document.get("openapi").asString()).startsWith("3.1");
        document.get("paths")
                .forEach(path -> path.forEach(operation -> {
                    String id = operation.get("operationId").asString();
                    assertThat(operation.get("summary").asString()).as(id).isNotBlank();
                    operation.findValues("application/json").forEach(body -> {
                        assertThat(body.has("example")).as("%s: %s", id, body).isTrue();
                        assertThat(body.at("/schema/$ref").asString())
                                .as("%s: %s", id, body)
                                .startsWith("#/components/schemas/");
                    });
                    assertThat(operation.get("responses").has("503")).as(id).isTrue();
                }));
    }

    @Test
    void examplesLookLikeRealAnswers() throws Exception {
        Map<String, String> calls = new TreeMap<>();
        document.get("paths").properties().forEach(path -> {
            JsonNode get = path.getValue().get("get");
            // What only brokers know has no answer here; AdminResourcesIT in system-tests compares those. ACLs never
            // have one.
            if (get != null
                    && !get.at("/responses").has("500")
                    && Examples.of(operationId(get)).has("response")) {
                calls.put(path.getKey(), get.get("operationId").asString());
            }
        });
        assertThat(admin.post(
                                "/v3/clusters/" + clusterId + "/topics",
                                Examples.of("createKafkaTopic").get("request").toString())
                        .status())
                .isEqualTo(201);
        FormedCluster.addBroker(admin, 1, new Endpoint("127.0.0.1", 9094), null);
        // Never ends, for the broker to which the partition moves fetches nothing.
        assertThat(admin.send(
                                "PUT",
                                "/v3/clusters/" + clusterId + "/topics/orders/partitions/0/reassignment",
                                "{\"replicas\":[1]}")
                        .status())
                .isEqualTo(200);
        String clusterConfig = "log.retention.ms";
        assertThat(admin.send(
                                "PUT",
                                "/v3/clusters/" + clusterId + "/broker-configs/" + clusterConfig,
                                "{\"value\":\"1000\"}")
                        .status())
                .isEqualTo(204);
        // Of a change that has both sides.
        String change = admin.get("/v3/clusters/" + clusterId + "/changes?resource_type=PARTITION")
                .json()
                .at("/data/0/change_id")
                .asString();
        calls.forEach((path, operation) -> {
            JsonNode answer = admin.get(path.replace("{cluster_id}", clusterId)
                            .replace("{topic_name}", "orders")
                            .replace("{partition_id}", "0")
                            .replace("{broker_id}", "0")
                            .replace("{change_id}", change)
                            .replace("/broker-configs/{name}", "/broker-configs/" + clusterConfig)
                            .replace("{name}", "retention.ms"))
                    .json();
            assertThat(shape(answer))
                    .as(operation)
                    .isEqualTo(shape(Examples.of(operation).get("response")));
        });
    }

    private static String operationId(JsonNode operation) {
        return operation.get("operationId").asString();
    }

    /** Names and types of everything in {@code json}; of a list, of its first member that is longest. */
    private static Object shape(JsonNode json) {
        if (json.isObject()) {
            Map<String, Object> fields = new TreeMap<>();
            json.properties()
                    .forEach(field -> fields.put(
                            field.getKey(), MAPS.contains(field.getKey()) ? "any names" : shape(field.getValue())));
            return fields;
        }
        if (json.isArray()) {
            return json.isEmpty() ? "[]" : shape(json.get(0));
        }
        return json.getNodeType();
    }

    @Test
    void swaggerUiIsServed() {
        assertThat(admin.get("/docs").status()).isEqualTo(302);
        assertThat(admin.get("/swagger-ui/index.html").text()).contains("swagger-ui");
        assertThat(admin.get("/openapi/swagger-config").json().get("url").asString())
                .isEqualTo("/openapi");
    }

    @Test
    void controlPlaneIsNotForUsers() {
        assertThat(document.toString()).doesNotContain("/internal");
    }
}
