package io.naru.coordinator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.CoordinatorApplication;
import io.naru.service.NaruService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The document tells of all there is and is the one that is committed. A coordinator without a cluster serves it, too. */
class OpenApiIT {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Path COMMITTED = Path.of("..", "docs", "api", "coordinator-openapi.json");

    private static ConfigurableApplicationContext coordinator;
    private static JsonNode document;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws Exception {
        coordinator = NaruService.run(
                CoordinatorApplication.class,
                "coordinator",
                "--naru.data-dir=" + dataDir,
                "--naru.coordinator.port=0",
                "--naru.coordinator.kafka.port=0",
                "--naru.control-plane.urls=http://127.0.0.1:1");
        document = get("/openapi");
    }

    private static JsonNode get(String path) throws Exception {
        return JSON.readTree(ask(path).body());
    }

    private static HttpResponse<String> ask(String path) throws Exception {
        URI uri = URI.create(
                "http://127.0.0.1:" + coordinator.getEnvironment().getRequiredProperty("local.server.port") + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @AfterAll
    static void stop() {
        coordinator.close();
    }

    @Test
    void committedCopyIsCurrent() throws Exception {
        String current = JSON.writeValueAsString(document) + "\n";
        if (Boolean.getBoolean("naru.update-docs")) {
            Files.writeString(COMMITTED, current, StandardCharsets.UTF_8);
        }
        assertThat(Files.readString(COMMITTED, StandardCharsets.UTF_8))
                .as(
                        "docs/api/coordinator-openapi.json; after a change that is meant, run ./naru docs and commit what it writes")
                .isEqualTo(current);
    }

    @Test
    void everyRouteIsDocumentedAndEveryDocumentedRouteExists() {
        Set<String> mapped = new TreeSet<>();
        for (RequestMappingInfo route : coordinator
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()) {
            for (String path : route.getPatternValues()) {
                for (RequestMethod method : route.getMethodsCondition().getMethods()) {
                    if (path.startsWith("/v")) {
                        mapped.add(method + " " + path);
                    }
                }
            }
        }
        Set<String> documented = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(documented).isEqualTo(mapped).hasSizeGreaterThan(5);
    }

    @Test
    void withoutAControllerItIsNotReadyAndSaysWhatItWaitsFor() throws Exception {
        JsonNode cluster = get("/actuator/health/cluster");
        assertThat(cluster.get("status").asString()).isEqualTo("OUT_OF_SERVICE");
        assertThat(cluster.at("/components/groupCoordinator/details/reason").asString())
                .isNotBlank();
        assertThat(get("/actuator/health/readiness").get("status").asString()).isEqualTo("OUT_OF_SERVICE");
        assertThat(get("/actuator/health/liveness").get("status").asString()).isEqualTo("UP");
    }

    @Test
    void withoutAControllerNobodyHasAGroupAndTheAnswerSaysWhenToAskAgain() throws Exception {
        HttpResponse<String> answer = ask("/v1/groups/some");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(JSON.readTree(answer.body()).get("detail").asString()).isNotBlank();
    }
}
