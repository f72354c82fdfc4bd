package io.naru.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The document tells of what there is: no call is left out, none made up. */
class DocsIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private static FakeBroker broker;
    private static RunningGateway gateway;
    private static RunningGateway handingOn;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        broker = FakeBroker.withTopic("t", 1);
        gateway = RunningGateway.start(broker.bootstrap(), "--naru.gateway.admin-url=");
        handingOn = RunningGateway.start(broker.bootstrap(), "--naru.gateway.admin-url=http://127.0.0.1:1");
        document = JSON.readTree(gateway.get("/openapi").body());
    }

    @AfterAll
    static void stop() {
        handingOn.close();
        gateway.close();
        broker.close();
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> routes = new TreeSet<>();
        for (JsonNode endpoint : JSON.readTree(gateway.get("/").body()).get("endpoints")) {
            if (!endpoint.asString().endsWith("/{rest}")) {
                routes.add(shape(endpoint.asString()));
            }
        }
        assertThat(answeredHere(ApiDocument.own())).isEqualTo(routes);
        assertThat(answeredHere(document))
                .as("no admin-service, nothing under /v3 but records")
                .isEqualTo(routes);
    }

    @Test
    void everyServicesCallsAreInOneDocument() throws Exception {
        JsonNode whole = JSON.readTree(handingOn.get("/openapi").body());
        assertThat(whole).isEqualTo(ApiDocument.whole(true));
        Set<String> expected = answeredHere(ApiDocument.own());
        Set<String> admin = answeredHere(JSON.readTree(Path.of("..", "docs", "api", "admin-openapi.json")));
        assertThat(admin).hasSizeGreaterThan(12).allMatch(call -> call.contains(" /v3/"));
        expected.addAll(admin);
        assertThat(answeredHere(whole)).isEqualTo(expected);
        JsonNode coordinator = JSON.readTree(Path.of("..", "docs", "api", "coordinator-openapi.json"));
        assertThat(calls(whole, operation -> true)).containsAll(calls(coordinator, operation -> true));
        assertThat(JSON.valueToTree(new Yaml()
                                .<Object>load(handingOn.get("/openapi.yaml").body()))
                        .equals(whole))
                .isTrue();
    }

    /** Calls that go where the document came from. */
    private static Set<String> answeredHere(JsonNode document) {
        return calls(document, operation -> !operation.has("servers"));
    }

    private static Set<String> calls(JsonNode document, Predicate<JsonNode> wanted) {
        Set<String> calls = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(member -> {
                    if (METHODS.contains(member.getKey()) && wanted.test(member.getValue())) {
                        calls.add(shape(member.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()));
                    }
                }));
        return calls;
    }

    private static String shape(String call) {
        return call.replaceAll("\\{[^}]*}", "*");
    }

    /** Only what it has is described; what it has not is answered 404 or 405, as everything unknown is. */
    @Test
    void whatIsHandedOnIsDescribedOnlyWhereItIs() {
        assertThat(gateway.get("/v3/clusters").statusCode()).isEqualTo(404);
        assertThat(document.get("paths").has("/v3/clusters")).isFalse();
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
