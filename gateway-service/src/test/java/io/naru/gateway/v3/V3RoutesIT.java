package io.naru.gateway.v3;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.naru.gateway.fake.FakeBroker;
import io.naru.gateway.fake.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Version 3: records written here, everything else handed to an admin-service. */
class V3RoutesIT {

    private static final JsonMapper JSON = new JsonMapper();

    private static FakeBroker broker;
    private static HttpServer admin;
    private static RunningGateway gateway;

    private String topic;

    @BeforeAll
    static void start() throws IOException {
        broker = FakeBroker.withTopic("warm", 1);
        admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        admin.createContext("/", V3RoutesIT::echo);
        admin.start();
        gateway = RunningGateway.start(
                broker.bootstrap(),
                "--naru.gateway.admin-url=http://127.0.0.1:" + closedPort() + ",http://127.0.0.1:"
                        + admin.getAddress().getPort());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        admin.stop(0);
        broker.close();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void echo(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String told = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("X-Forwarded-Host") + ":"
                + exchange.getRequestHeaders().getFirst("X-Forwarded-Port") + " "
                + (exchange.getRequestURI().getPath().endsWith("accepts")
                        ? exchange.getRequestHeaders().getFirst("Accept")
                        : body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Location", "http://elsewhere/x");
        byte[] bytes = JSON.writeValueAsBytes(told);
        if (exchange.getRequestMethod().equals("DELETE")) {
            exchange.sendResponseHeaders(204, -1);
        } else {
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().endsWith("none") ? 404 : 201, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @BeforeEach
    void freshTopic() {
        topic = "t" + System.nanoTime();
        broker.topic(topic, 2);
        broker.clearMischief();
    }

    private HttpResponse<String> post(String suffix, String body) {
        return gateway.post(
                "/v3/clusters/fake-cluster/topics/" + topic + "/records" + suffix,
                body,
                "Content-Type",
                "application/json");
    }

    private List<Record> written() {
        List<Record> all = new ArrayList<>(broker.log(topic, 0).records());
        all.addAll(broker.log(topic, 1).records());
        return all;
    }

    @Test
    void recordsAreWrittenAndReportedInOrder() {
        String binary = Base64.getEncoder().encodeToString(new byte[] {0, -1, 5});
        HttpResponse<String> answer = post("", """
                {"partition_id":1,"key":{"type":"STRING","data":"k"},"value":{"type":"JSON","data":{"a": 1}},
                 "headers":[{"name":"h","value":"aGk="},{"name":"n","value":null}],"timestamp":"2026-01-31T12:00:00Z"}
                {"partition_id":1,"value":{"type":"BINARY","data":"%s"}}{"partition_id":1,"value":{"type":"STRING","data":"\\u00e9"}}
                {"partition_id":1,"value":null}""".formatted(binary));
        assertThat(answer.statusCode()).isEqualTo(200);
        List<JsonNode> reports = JSON.readerFor(JsonNode.class)
                .<JsonNode>readValues(answer.body())
                .readAll();
        assertThat(reports).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(reports.get(i).get("error_code").asInt()).isEqualTo(200);
            assertThat(reports.get(i).get("offset").asLong()).isEqualTo(i);
            assertThat(reports.get(i).get("partition_id").asInt()).isEqualTo(1);
            assertThat(reports.get(i).get("cluster_id").asString()).isEqualTo("fake-cluster");
        }
        assertThat(reports.get(0).get("timestamp").asString()).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(reports.get(0).get("key").toString()).isEqualTo("{\"type\":\"STRING\",\"size\":1}");
        assertThat(reports.get(1).get("value").toString()).isEqualTo("{\"type\":\"BINARY\",\"size\":3}");
        List<Record> records = broker.log(topic, 1).records();
        assertThat(Utils.utf8(records.get(0).value(), records.get(0).valueSize()))
                .isEqualTo("{\"a\": 1}");
        assertThat(records.get(0).headers()).hasSize(2);
        assertThat(Utils.toNullableArray(records.get(1).value())).containsExactly(0, -1, 5);
        assertThat(Utils.utf8(records.get(2).value(), records.get(2).valueSize()))
                .isEqualTo("é");
        assertThat(records.get(3).hasValue()).isFalse();
    }

    @Test
    void wrongRecordIsReportedAndItsNeighboursAreWritten() {
        HttpResponse<String> answer = post("", """
                {"value":{"type":"JSON","data":1}}
                {"value":{"type":"BINARY","data":"*"}}
                {"partition_id":-1,"value":{"type":"JSON","data":2}}
                {"partition_id":9,"value":{"type":"JSON","data":2}}
                {"nonsense":1}
                {"value":{"type":"AVRO","data":2}}
                {"value":{"type":"JSON","data":3}}
                {"value": nonsense}
                {"value":{"type":"JSON","data":4}}""");
        List<Integer> codes = JSON.readerFor(JsonNode.class).<JsonNode>readValues(answer.body()).readAll().stream()
                .map(report -> report.get("error_code").asInt())
                .toList();
        assertThat(codes).containsExactly(200, 400, 40402, 40402, 422, 422, 200, 400);
        assertThat(written()).hasSize(2);
    }

    @Test
    void batchTellsSuccessesAndFailures() {
        HttpResponse<String> answer = post(
                ":batch",
                "{\"entries\":[{\"id\":\"a\",\"value\":{\"type\":\"JSON\",\"data\":1}},"
                        + "{\"id\":\"b\",\"partition_id\":9,\"value\":{\"type\":\"JSON\",\"data\":1}}]}");
        assertThat(answer.statusCode()).isEqualTo(207);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.get("successes").size()).isEqualTo(1);
        assertThat(body.get("successes").get(0).get("id").asString()).isEqualTo("a");
        assertThat(body.get("failures").size()).isEqualTo(1);
        assertThat(body.get("failures").get(0).get("id").asString()).isEqualTo("b");
        assertThat(body.get("failures").get(0).get("error_code").asInt()).isEqualTo(40402);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|''|422|42206",
                "''|' \n'|422|42206",
                ":batch|{}|422|42208",
                ":batch|{\"entries\":[]}|422|42208",
                ":batch|{\"entries\":[{\"value\":null}]}|422|42208",
                ":batch|{\"entries\":[{\"id\":\"a b\"}]}|422|42208",
                ":batch|{\"entries\":[{\"id\":\"a\"},{\"id\":\"a\"}]}|422|42208",
                ":batch|{\"entries\":[{\"id\":\"a\",\"x\":1}]}|422|422",
                ":batch|[]|400|400",
                ":batch|{\"entries\":[|400|400"
            })
    void requestsThatAreWrongAsAWholeWriteNothing(String suffix, String body, int status, int code) {
        HttpResponse<String> answer = post(suffix, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).get("error_code").asInt()).isEqualTo(code);
        assertThat(written()).isEmpty();
    }

    @Test
    void foreignClustersAndUnknownTopicsAreNotFound() {
        String body = "{\"value\":null}";
        String type = "application/json";
        HttpResponse<String> cluster = gateway.post("/v3/clusters/other/topics/t/records", body, "Content-Type", type);
        assertThat(cluster.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(cluster.body()).get("error_code").asInt()).isEqualTo(404);
        HttpResponse<String> unknown =
                gateway.post("/v3/clusters/fake-cluster/topics/none/records", body, "Content-Type", type);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(unknown.body()).get("error_code").asInt()).isEqualTo(40403);
        assertThat(gateway.post("/v3/clusters/fake-cluster/topics/" + topic + "/records", body)
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void everythingElseIsHandedToAnAdminServiceThatCanBeReached() {
        HttpResponse<String> answer = gateway.post(
                "/v3/clusters/c/topics?a=%20b", "{\"topic_name\":\"é\"}", "Content-Type", "application/json");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).hasValue("http://elsewhere/x");
        assertThat(JSON.readTree(answer.body()).asString())
                .isEqualTo("POST /v3/clusters/c/topics?a=%20b 127.0.0.1:" + gateway.port() + " {\"topic_name\":\"é\"}");
        assertThat(gateway.get("/v3/clusters/none").statusCode()).isEqualTo(404);
        HttpResponse<String> deleted = gateway.method("DELETE", "/v3/clusters/c/topics/t", "");
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(gateway.method("PATCH", "/v3/clusters/c/topics/t", "{}").body())
                .contains("PATCH");
    }

    @Test
    void whatCannotBeHandedOnIsRefused() throws IOException {
        for (String query : new String[] {"a=%", "a=%zz", "a=1&a=2"}) {
            assertThat(gateway.raw(
                            "GET /v3/clusters/none?" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .as(query)
                    .startsWith("HTTP/1.1 400")
                    .contains("\"error_code\":400");
        }
        assertThat(gateway.get("/v3/clusters/accepts", "Accept", "application/json; charset=utf-16, text/plain;q=0.5")
                        .body())
                .contains("application/json, text/plain;q=0.5");
    }

    @Test
    void whatAPassiveAdminServiceSurelyDidNotDoIsAskedOfAnother() throws IOException {
        HttpServer passive = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        passive.createContext("/", exchange -> {
            boolean unknown = exchange.getRequestURI().getPath().endsWith("unknown");
            exchange.getResponseHeaders().set("Naru-Outcome", unknown ? "unknown" : "not-written");
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        passive.start();
        try (RunningGateway two = RunningGateway.start(
                broker.bootstrap(),
                "--naru.gateway.admin-url=http://127.0.0.1:"
                        + passive.getAddress().getPort() + ",http://127.0.0.1:"
                        + admin.getAddress().getPort())) {
            assertThat(two.method("PUT", "/v3/unknown", "{}").statusCode())
                    .as("it may have been done")
                    .isEqualTo(503);
            assertThat(two.method("PUT", "/v3/x", "{}").statusCode()).isEqualTo(201);
            assertThat(two.method("PUT", "/v3/unknown", "{}").statusCode())
                    .as("the active one is remembered")
                    .isEqualTo(201);
        } finally {
            passive.stop(0);
        }
    }

    @Test
    void linksNameTheAddressThatAProxyInFrontSays() {
        assertThat(gateway.get("/v3/x", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "naru.example, inner.example")
                        .body())
                .contains(" naru.example:443 ");
        assertThat(gateway.get("/v3/x", "X-Forwarded-Host", "naru.example:8443").body())
                .contains(" naru.example:8443 ");
    }

    @Test
    void withoutAnAdminServiceTheAnswerSaysSo() throws IOException {
        try (RunningGateway alone =
                RunningGateway.start(broker.bootstrap(), "--naru.gateway.admin-url=http://127.0.0.1:" + closedPort())) {
            HttpResponse<String> answer = alone.get("/v3/clusters");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body()).contains("naru.gateway.admin-url");
        }
    }
}
