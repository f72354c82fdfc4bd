package io.naru.admin.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminServer;
import io.naru.admin.AdminServer.Answer;
import io.naru.admin.FormedCluster;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** REST v3 over real HTTP. */
class V3IT {

    private static AdminServer admin;
    private static String cluster;

    @BeforeAll
    static void start(@TempDir Path dataDir) throws Exception {
        admin = new AdminServer(dataDir, "--naru.admin.session-timeout=10m");
        cluster = "/v3/clusters/" + FormedCluster.form(admin);
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @AfterEach
    void deleteTopics() {
        for (JsonNode topic : admin.get(cluster + "/topics").json().get("data")) {
            admin.delete(cluster + "/topics/" + topic.get("topic_name").asString());
        }
    }

    @Test
    void topicLivesFromCreationToDeletion() {
        Answer created = create("""
                {"topic_name":"orders","partitions_count":3,"replication_factor":1,
                 "configs":[{"name":"retention.ms","value":"1000"}]}""");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Content-Type")).isEqualTo("application/json");
        assertThat(created.header("Location")).isEqualTo(admin.url() + cluster + "/topics/orders");
        JsonNode topic = created.json();
        assertThat(topic.get("kind").asString()).isEqualTo("KafkaTopic");
        assertThat(topic.at("/metadata/self").asString()).isEqualTo(created.header("Location"));
        assertThat(topic.at("/metadata/resource_name").asString())
                .isEqualTo("crn:///kafka=" + topic.get("cluster_id").asString() + "/topic=orders");
        assertThat(topic.get("partitions_count").asInt()).isEqualTo(3);
        assertThat(topic.get("is_internal").asBoolean()).isFalse();
        assertThat(admin.get(cluster + "/topics/orders").json()).isEqualTo(topic);

        assertThat(admin.delete(cluster + "/topics/orders").status()).isEqualTo(204);
        error(admin.get(cluster + "/topics/orders"), 404, 40403);
        error(admin.delete(cluster + "/topics/orders"), 404, 40403);
    }

    @Test
    void defaultsAreFilledInAndConfigsTellTheirSource() {
        create("{\"topic_name\":\"t\",\"configs\":[{\"name\":\"flush.messages\",\"value\":\"1\"}]}");
        JsonNode configs = admin.get(cluster + "/topics/t/configs").json();
        assertThat(configs.get("kind").asString()).isEqualTo("KafkaTopicConfigList");
        JsonNode set = admin.get(cluster + "/topics/t/configs/flush.messages").json();
        assertThat(set.get("value").asString()).isEqualTo("1");
        assertThat(set.get("is_default").asBoolean()).isFalse();
        assertThat(set.at("/synonyms/1/name").asString()).isEqualTo("log.flush.interval.messages");
        JsonNode unset = admin.get(cluster + "/topics/t/configs/retention.ms").json();
        assertThat(unset.get("source").asString()).isEqualTo("DEFAULT_CONFIG");
        assertThat(unset.get("value").asString()).isEqualTo("604800000");
        error(admin.get(cluster + "/topics/t/configs/retention"), 404, 404);
        assertThat(admin.get(cluster + "/topics/t")
                        .json()
                        .get("partitions_count")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void validateOnlyCreatesNothing() {
        Answer valid = create("{\"topic_name\":\"t\",\"validate_only\":true}");
        assertThat(valid.status()).isEqualTo(200);
        assertThat(valid.header("Location")).isNull();
        error(admin.get(cluster + "/topics/t"), 404, 40403);
    }

    @Test
    void replicasCanBeAssigned() {
        assertThat(create("{\"topic_name\":\"t\",\"replicas_assignments\":{\"0\":[0],\"1\":[0]}}")
                        .status())
                .isEqualTo(201);
        JsonNode replica =
                admin.get(cluster + "/topics/t/partitions/1/replicas/0").json();
        assertThat(replica.get("is_leader").asBoolean()).isTrue();
        assertThat(replica.get("is_in_sync").asBoolean()).isTrue();
        error(create("{\"topic_name\":\"t2\",\"replicas_assignments\":{\"0\":[5]}}"), 400, 40002);
    }

    @Test
    void internalTopicsAreShownAndKept() {
        assertThat(admin.get(cluster + "/topics/__consumer_offsets")
                        .json()
                        .get("is_internal")
                        .asBoolean())
                .isTrue();
        error(admin.delete(cluster + "/topics/__consumer_offsets"), 403, 40301);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"topic_name\":\"__consumer_offsets\"} | 400 | 40002",
                "{\"topic_name\":\"t\",\"partitions_count\":0} | 400 | 40002",
                "{\"topic_name\":\"t\",\"partitions_count\":1000000} | 400 | 40002",
                "{\"topic_name\":\"t\",\"replication_factor\":5} | 400 | 40002",
                "{\"topic_name\":\"..\"} | 400 | 40002",
                "{\"topic_name\":\"\"} | 400 | 40002",
                "{\"topic_name\":\".\"} | 400 | 40002",
                "{\"topic_name\":\" \"} | 400 | 40002",
                "{\"topic_name\":\"a b\"} | 400 | 40002",
                "{\"topic_name\":\"\u00e9\"} | 400 | 40002",
                "{\"topic_name\":\"a/b\"} | 400 | 40002",
                "{\"topic_name\":\"t\",\"partitions_count\":-5} | 400 | 40002",
                "{\"topic_name\":\"t\",\"replication_factor\":0} | 400 | 40002",
                "{\"topic_name\":\"${jndi:ldap://x}\"} | 400 | 40002",
                "{\"topic_name\":\"t\",\"configs\":[{\"name\":\"nope\",\"value\":\"1\"}]} | 400 | 40002",
                "{\"topic_name\":\"t\",\"configs\":[{\"name\":\"flush.ms\"}]} | 422 | 422",
                "{\"topic_name\":\"t\",\"configs\":[null]} | 422 | 422",
                "{\"topic_name\":\"t\",\"replicas_assignments\":{\"0\":null}} | 422 | 422",
                "{} | 422 | 422",
                "{\"topic_name\":\"t\",\"partition_count\":1} | 422 | 422",
                "{\"topic_name\":5} | 400 | 400",
                "{\"topic_name\":\"t\",\"partitions_count\":1.5} | 400 | 400",
                "{\"topic_name\":\"t\",\"partitions_count\":\"1\"} | 400 | 400",
                "{\"topic_name\":\"t\",\"partitions_count\":99999999999} | 400 | 400",
                "{\"topic_name\":\"t\",\"topic_name\":\"u\"} | 400 | 400",
                "[null] | 400 | 400",
                "null | 400 | 400",
                "{\"topic_name\":\"t\"} x | 400 | 400",
                "{\"topic_name\" | 400 | 400"
            })
    void badRequestsNameTheMistakeAndCreateNothing(String body, int status, int errorCode) {
        error(create(body), status, errorCode);
        assertThat(admin.get(cluster + "/topics").json().get("data")).hasSize(1);
    }

    @Test
    void namesOf249CharactersAreTheLongest() {
        error(create("{\"topic_name\":\"" + "x".repeat(250) + "\"}"), 400, 40002);
        assertThat(create("{\"topic_name\":\"" + "x".repeat(249) + "\"}").status())
                .isEqualTo(201);
        assertThat(admin.get(cluster + "/topics/" + "x".repeat(249)).status()).isEqualTo(200);
    }

    @Test
    void existingTopicIsABadRequest() {
        create("{\"topic_name\":\"t\"}");
        error(create("{\"topic_name\":\"t\"}"), 400, 40002);
    }

    @ParameterizedTest
    @CsvSource({
        "/topics/t/partitions/-1, 404, 40402",
        "/topics/t/partitions/1, 404, 40402",
        "/topics/t/partitions/x, 400, 400",
        "/topics/t/partitions/99999999999, 400, 400",
        "/topics/t/partitions/0/replicas/9, 404, 404",
        "/topics/nope/partitions, 404, 40403",
        "/topics/nope/configs, 404, 40403",
        "/brokers/9, 404, 404",
        "/nonsense, 404, 404",
        "/topics/a%00b, 400, 400",
        "/topics/a%0d%0ab, 404, 40403"
    })
    void whatIsNotThereIsSaid(String path, int status, int errorCode) {
        create("{\"topic_name\":\"t\"}");
        error(admin.get(cluster + path), status, errorCode);
    }

    @Test
    void otherClustersAndMethodsAndMediaTypesAreRefused() {
        error(admin.get("/v3/clusters/other/topics"), 404, 404);
        error(admin.post("/v3/clusters/other/topics", "{\"topic_name\":\"t\"}"), 404, 404);
        Answer wrongMethod = admin.send(admin.request(cluster + "/topics")
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build());
        error(wrongMethod, 405, 405);
        assertThat(wrongMethod.header("Allow")).contains("GET").contains("POST");
        error(
                admin.send(admin.request(cluster + "/topics")
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build()),
                415,
                415);
        error(create("{\"topic_name\":\"t\"" + " ".repeat(9_000_000) + "}"), 413, 413);
    }

    @Test
    void linksLeadSomewhere() {
        create("{\"topic_name\":\"t\",\"partitions_count\":2}");
        // Asked of brokers, which are not there; AdminResourcesIT in system-tests follows those.
        Set<String> elsewhere = Set.of("consumer-groups", "/brokers/0/configs");
        // There is none: no reassignment is under way, and no authorizer.
        Map<String, Integer> nothing = Map.of("/partitions/\\d+/reassignment", 404, "/acls", 400);
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of("/v3/clusters"));
        while (!open.isEmpty()) {
            String path = open.pop();
            if (elsewhere.stream().noneMatch(path::contains) && seen.add(path)) {
                Answer answer = admin.get(path);
                int expected = nothing.entrySet().stream()
                        .filter(entry -> path.matches(".*" + entry.getKey()))
                        .mapToInt(Map.Entry::getValue)
                        .findAny()
                        .orElse(200);
                assertThat(answer.status()).as(path).isEqualTo(expected);
                answer.json().findValuesAsString("related").forEach(url -> open.push(path(url)));
                answer.json().findValuesAsString("self").forEach(url -> open.push(path(url)));
            }
        }
        assertThat(seen)
                .contains(
                        cluster + "/topics/t/partitions/1/replicas/0",
                        cluster + "/brokers/0",
                        cluster + "/topics/t/configs/flush.ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"naru.example", "naru.example:8080"})
    void linksNameTheAddressThatTheCallerUsed(String host) {
        Answer forwarded = admin.send(admin.request("/v3/clusters")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", host)
                .header("X-Forwarded-Port", host.endsWith("8080") ? "8080" : "443")
                .build());
        assertThat(forwarded.json().at("/metadata/self").asString()).isEqualTo("https://" + host + "/v3/clusters");
    }

    @Test
    void readinessSaysThatThisIsTheController() {
        assertThat(admin.get("/actuator/health/readiness").json().get("status").asString())
                .isEqualTo("UP");
        JsonNode health = admin.get("/actuator/health").json();
        assertThat(StreamSupport.stream(health.get("components").propertyNames().spliterator(), false))
                .contains("controller", "db");
        assertThat(admin.get("/actuator/prometheus").text())
                .contains("naru_controller_active{service=\"admin\"} 1.0")
                .contains("naru_controller_topics{service=\"admin\"} 1.0");
    }

    private static String path(String url) {
        assertThat(url).startsWith(admin.url().toString());
        return url.substring(admin.url().toString().length());
    }

    private static Answer create(String json) {
        return admin.post(cluster + "/topics", json);
    }

    private static void error(Answer answer, int status, int errorCode) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().propertyNames()).containsExactly("error_code", "message");
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(errorCode);
        assertThat(answer.json().get("message").asString()).isNotBlank().doesNotContain("io.naru", "Exception");
    }
}
