package io.naru.admin.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminServer;
import io.naru.admin.AdminServer.Answer;
import io.naru.admin.FormedCluster;
import io.naru.cluster.ClusterImage;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Configs of topics, brokers and the cluster through v3, and the history of their changes. */
class ConfigsIT {

    private static AdminServer admin;
    private static String cluster;
    private static int topics;
    private String topic = "";

    @BeforeAll
    static void start(@TempDir Path dataDir) throws Exception {
        admin = new AdminServer(dataDir, "--naru.admin.session-timeout=10m", "--naru.admin.offsets-topic-partitions=2");
        cluster = "/v3/clusters/" + FormedCluster.form(admin);
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @BeforeEach
    void create() {
        topic = "t" + topics++;
        assertThat(admin.post(cluster + "/topics", "{\"topic_name\":\"" + topic + "\"}")
                        .status())
                .isEqualTo(201);
    }

    private String configs() {
        return cluster + "/topics/" + topic + "/configs";
    }

    private static void done(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(204);
        assertThat(answer.text()).isEmpty();
    }

    private JsonNode retention() {
        return admin.get(configs() + "/retention.ms").json();
    }

    @Test
    void aTopicsConfigIsSetShownAndUnset() {
        done(admin.send("PUT", configs() + "/retention.ms", "{\"value\":\"1000\"}"));
        JsonNode set = retention();
        assertThat(set.get("kind").asString()).isEqualTo("KafkaTopicConfig");
        assertThat(set.get("value").asString()).isEqualTo("1000");
        assertThat(set.get("source").asString()).isEqualTo("DYNAMIC_TOPIC_CONFIG");
        assertThat(set.get("is_default").asBoolean()).isFalse();
        assertThat(set.at("/synonyms/0/value").asString()).isEqualTo("1000");
        assertThat(V3Answers.all(admin, configs() + "?is_default=false&page_size=1", "name"))
                .containsExactly("retention.ms");
        done(admin.delete(configs() + "/retention.ms"));
        assertThat(retention().get("is_default").asBoolean()).isTrue();
        done(admin.delete(configs() + "/retention.ms"));
    }

    @Test
    void anAnswerIsNoFileWhateverItsPathEndsIn() {
        Answer answer = admin.get(configs() + "/retention.ms");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Disposition")).isNull();
    }

    @Test
    void aBatchIsDoneAsAWholeOrNotAtAll() {
        done(admin.post(configs() + ":alter", """
                {"data":[{"name":"retention.ms","value":"1000"},
                         {"name":"cleanup.policy","value":"compact","operation":"APPEND"}]}"""));
        assertThat(admin.get(configs() + "/cleanup.policy").json().get("value").asString())
                .isEqualTo("delete,compact");
        V3Answers.error(admin.post(configs() + ":alter", """
                        {"data":[{"name":"retention.ms","operation":"DELETE"},{"name":"flush.ms","value":"never"}]}"""), 400, 40002);
        assertThat(retention().get("value").asString()).isEqualTo("1000");
    }

    @Test
    void whatIsOnlyValidatedIsNotChanged() {
        done(admin.send("PUT", configs() + "/retention.ms", "{\"value\":\"1000\",\"validate_only\":true}"));
        done(admin.post(
                configs() + ":alter",
                "{\"data\":[{\"name\":\"retention.ms\",\"value\":\"1000\"}],\"validate_only\":true}"));
        assertThat(retention().get("is_default").asBoolean()).isTrue();
        V3Answers.error(
                admin.send("PUT", configs() + "/retention.ms", "{\"value\":\"x\",\"validate_only\":true}"), 400, 40002);
        done(admin.send("PUT", configs() + "/retention.ms", "{\"value\":\"1000\"}"));
        done(admin.delete(configs() + "/retention.ms?validate_only=true"));
        assertThat(retention().get("value").asString()).isEqualTo("1000");
    }

    private Answer put(String value, String tag) {
        return ifMatch("PUT", configs() + "/retention.ms", "{\"value\":\"" + value + "\"}", tag);
    }

    private static String tag(Answer answer) {
        return Objects.requireNonNull(answer.header("ETag"));
    }

    @Test
    void whoHasNotSeenTheLatestConfigsChangesNothing() {
        String seen = tag(admin.get(configs()));
        assertThat(tag(admin.get(configs() + "/flush.ms"))).isEqualTo(seen);
        Answer first = put("1000", seen);
        done(first);
        assertThat(tag(first)).isNotEqualTo(seen).isEqualTo(tag(admin.get(configs())));

        V3Answers.error(put("2000", seen), 412, 412);
        V3Answers.error(put("2000", "\"something\", " + seen), 412, 412);
        V3Answers.error(put("2000", "W/" + tag(first)), 412, 412);
        assertThat(retention().get("value").asString()).isEqualTo("1000");
        done(put("3000", "\"something\", " + tag(first)));
        done(put("4000", "*"));
        Answer deleted = admin.send(admin.request(configs() + "/retention.ms")
                .header("If-Match", seen)
                .DELETE()
                .build());
        V3Answers.error(deleted, 412, 412);
        assertThat(retention().get("value").asString()).isEqualTo("4000");
        done(admin.delete(configs() + "/retention.ms"));
        assertThat(tag(admin.get(configs()))).isEqualTo(seen);
    }

    /** Set before; what is tried is set and unset with it, so that each of these changes something. */
    private static final String OF_BROKERS = "{\"data\":[{\"name\":\"log.flush.interval.ms\",\"value\":\"7\"}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /topics/T/configs:alter | {\"data\":[{\"name\":\"flush.ms\",\"value\":\"1\"}]}",
                "PUT | /broker-configs/log.retention.ms | {\"value\":\"1\"}",
                "POST | /broker-configs:alter | {\"data\":[{\"name\":\"log.retention.ms\",\"value\":\"1\"}]}",
                "DELETE | /broker-configs/log.flush.interval.ms | ''",
                "PUT | /brokers/0/configs/log.retention.ms | {\"value\":\"1\"}",
                "POST | /brokers/0/configs:alter | {\"data\":[{\"name\":\"log.retention.ms\",\"value\":\"1\"}]}",
                "DELETE | /brokers/0/configs/log.flush.interval.ms | ''"
            })
    void aChangeIsTriedWithoutBeingMadeAndMadeOnlyOverWhatWasSeen(String method, String path, String body) {
        for (String brokers : List.of("/broker-configs", "/brokers/0/configs")) {
            done(admin.post(cluster + brokers + ":alter", OF_BROKERS));
        }
        String url = cluster + path.replace("/T/", "/" + topic + "/");
        ClusterImage before = image();
        Answer tried = body.isEmpty()
                ? admin.send(method, url + "?validate_only=true", body)
                : admin.send(method, url, body.replaceFirst("}$", ",\"validate_only\":true}"));
        done(tried);
        assertThat(image()).isEqualTo(before);

        V3Answers.error(ifMatch(method, url, body, "\"of-long-ago\""), 412, 412);
        assertThat(image()).isEqualTo(before);

        Answer made = ifMatch(method, url, body, tag(tried));
        done(made);
        assertThat(image()).isNotEqualTo(before);
        V3Answers.error(ifMatch(method, url, body, tag(tried)), 412, 412);
        for (String brokers : List.of("/broker-configs", "/brokers/0/configs")) {
            done(admin.delete(cluster + brokers + "/log.retention.ms"));
            done(admin.delete(cluster + brokers + "/log.flush.interval.ms"));
        }
    }

    private static ClusterImage image() {
        return admin.bean(CurrentCluster.class).image(cluster.substring("/v3/clusters/".length()));
    }

    private static Answer ifMatch(String method, String path, String body, String tag) {
        return admin.send(admin.request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", tag)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void aReadThatHasNotChangedIsNotSentAgain() {
        String seen = tag(admin.get(configs()));
        Answer again = admin.send(
                admin.request(configs()).header("If-None-Match", seen).build());
        assertThat(again.status()).isEqualTo(304);
    }

    @Test
    void topicsOfABatchStandEachForItself() {
        String body = """
                {"data":[{"topic_name":"%s","configs":[{"name":"retention.ms","value":"7"}]},
                         {"topic_name":"nope","configs":[{"name":"retention.ms","value":"7"}]},
                         {"topic_name":"__consumer_offsets","configs":[{"name":"retention.ms","value":"x"}]}],
                 "validate_only":%s}""";
        for (String validateOnly : List.of("true", "false")) {
            Answer some = admin.post(cluster + "/topics/-/configs:alter", body.formatted(topic, validateOnly));
            assertThat(some.status()).as(some.text()).isEqualTo(207);
            assertThat(some.json().get("failures").findValuesAsString("topic_name"))
                    .containsExactly("nope", "__consumer_offsets");
            assertThat(some.json().get("failures").findValuesAsString("error_code"))
                    .containsExactly("40403", "40002");
            assertThat(retention().get("is_default").asBoolean()).isEqualTo(validateOnly.equals("true"));
        }
        done(admin.post(
                cluster + "/topics/-/configs:alter",
                "{\"data\":[{\"topic_name\":\"" + topic
                        + "\",\"configs\":[{\"name\":\"retention.ms\",\"operation\":\"DELETE\"}]}]}"));
        assertThat(V3Answers.all(
                        admin,
                        cluster + "/topics/-/configs?topic_prefix=" + topic + "&pattern=max.*&page_size=1",
                        "name"))
                .contains("max.message.bytes");
    }

    @Test
    void whatIsSetOnAllBrokersIsTheDefaultOfTopics() {
        String all = cluster + "/broker-configs";
        V3Answers.error(admin.get(all + "/log.retention.ms"), 404, 404);
        done(admin.send("PUT", all + "/log.retention.ms", "{\"value\":\"5000\"}"));
        JsonNode set = admin.get(all + "/log.retention.ms").json();
        assertThat(set.get("kind").asString()).isEqualTo("KafkaClusterConfig");
        assertThat(set.get("config_type").asString()).isEqualTo("BROKER");
        assertThat(set.get("source").asString()).isEqualTo("DYNAMIC_DEFAULT_BROKER_CONFIG");
        assertThat(set.at("/metadata/resource_name").asString()).endsWith("/broker-config=log.retention.ms");
        assertThat(V3Answers.all(admin, all, "name")).containsExactly("log.retention.ms");
        assertThat(retention().get("value").asString()).isEqualTo("5000");

        String seen = tag(admin.get(all));
        done(admin.post(all + ":alter", "{\"data\":[{\"name\":\"log.retention.ms\",\"operation\":\"DELETE\"}]}"));
        assertThat(tag(admin.get(all))).isNotEqualTo(seen);
        assertThat(admin.get(all).json().get("data")).isEmpty();
        done(admin.send("PUT", cluster + "/brokers/0/configs/log.retention.ms", "{\"value\":\"1\"}"));
        done(admin.delete(cluster + "/brokers/0/configs/log.retention.ms"));
    }

    @Test
    void everyChangeStandsInTheHistory() {
        done(admin.send(admin.request(configs() + "/retention.ms")
                .header("Content-Type", "application/json")
                .header("User-Agent", "history-test")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"value\":\"1000\"}"))
                .build()));
        assertThat(admin.send("PATCH", cluster + "/topics/" + topic, "{\"partitions_count\":2,\"validate_only\":true}")
                        .status())
                .isEqualTo(200);
        assertThat(admin.send("PATCH", cluster + "/topics/" + topic, "{\"partitions_count\":3}")
                        .status())
                .isEqualTo(200);
        done(admin.delete(cluster + "/topics/" + topic));
        String changes = cluster + "/changes?resource_type=TOPIC&resource_name=" + topic;
        assertThat(V3Answers.all(admin, changes, "action"))
                .containsExactly("DELETE", "CREATE_PARTITIONS", "ALTER_CONFIGS", "CREATE");
        assertThat(V3Answers.all(admin, changes + "&page_size=1", "action"))
                .containsExactly("DELETE", "CREATE_PARTITIONS", "ALTER_CONFIGS", "CREATE");
        JsonNode altered = admin.get(changes).json().at("/data/2");
        assertThat(altered.get("kind").asString()).isEqualTo("KafkaChange");
        assertThat(altered.get("client").asString()).isEqualTo("history-test");
        assertThat(altered.get("address").asString()).isEqualTo("127.0.0.1");
        assertThat(altered.get("before").propertyNames()).isEmpty();
        assertThat(altered.at("/after/retention.ms").asString()).isEqualTo("1000");
        String self = altered.at("/metadata/self")
                .asString()
                .substring(admin.url().toString().length());
        assertThat(admin.get(self).json()).isEqualTo(altered);
        V3Answers.error(admin.get(cluster + "/changes/1.77"), 404, 404);
        V3Answers.error(admin.get(cluster + "/changes/x"), 400, 400);
        V3Answers.error(admin.get(cluster + "/changes?resource_type=SHOE"), 400, 400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /topics/T/configs/nope | {\"value\":\"1\"} | 404 | 404",
                "PUT | /topics/T/configs/flush.ms | {} | 422 | 422",
                "PUT | /topics/T/configs/flush.ms | {\"value\":1} | 400 | 400",
                "PUT | /topics/T/configs/flush.ms | {\"value\":\"1\",\"valu\":\"2\"} | 422 | 422",
                "PUT | /topics/T/configs/flush.ms | {\"value\":\"1\",\"value\":\"2\"} | 400 | 400",
                "PUT | /topics/T/configs/flush.ms | {\"value\":\"\\q\"} | 400 | 400",
                "PUT | /topics/T/configs/flush.ms | {\"value\":\"-7\"} | 400 | 40002",
                "PUT | /topics/nope/configs/flush.ms | {\"value\":\"1\"} | 404 | 40403",
                "POST | /topics/T/configs:alter | {} | 422 | 422",
                "POST | /topics/T/configs:alter | {\"data\":[]} | 422 | 422",
                "POST | /topics/T/configs:alter | {\"data\":[null]} | 422 | 422",
                "POST | /topics/T/configs:alter | {\"data\":[{\"value\":\"1\"}]} | 422 | 422",
                "POST | /topics/T/configs:alter | {\"data\":[{\"name\":\"flush.ms\"}]} | 422 | 422",
                "POST | /topics/T/configs:alter | {\"data\":[{\"name\":\"flush.ms\",\"operation\":\"DROP\"}]} | 400 | 400",
                "POST | /topics/T/configs:alter | {\"data\":[{\"name\":\"flush.ms\",\"operation\":1}]} | 400 | 400",
                "POST | /topics/T/configs:alter | {\"data\":[{\"name\":\"nope\",\"value\":\"1\"}]} | 400 | 40002",
                "POST | /topics/T/configs:alter | {\"data\":[{\"name\":\"flush.ms\",\"value\":\"1\"},{\"name\":\"flush.ms\",\"value\":\"2\"}]} | 422 | 422",
                "POST | /topics/-/configs:alter | {\"data\":[{\"configs\":[]}]} | 422 | 422",
                "PUT | /broker-configs/nope | {\"value\":\"1\"} | 404 | 404",
                "PUT | /broker-configs/log.retention.hours | {\"value\":\"1\"} | 400 | 40002",
                "PUT | /brokers/0/configs/min.insync.replicas | {\"value\":\"2\"} | 400 | 40002",
                "PUT | /brokers/9/configs/log.retention.ms | {\"value\":\"1\"} | 404 | 404",
                "PUT | /brokers/x/configs/log.retention.ms | {\"value\":\"1\"} | 400 | 400",
                "POST | /broker-configs:alter | {\"data\":[{\"name\":\"log.retention.ms\",\"value\":\"soon\"}]} | 400 | 40002"
            })
    void badChangesNameTheMistake(String method, String path, String body, int status, int errorCode) {
        V3Answers.error(admin.send(method, cluster + path.replace("/T/", "/" + topic + "/"), body), status, errorCode);
    }

    /** H97 of the bad inputs: text that means something to a database, a browser, a logger or a template is a value like any other. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; DROP TABLE topic; --",
                "<script>alert(1)</script>",
                "${jndi:ldap://127.0.0.1/x}",
                "{{7*7}}",
                "../../etc/passwd",
                "\\u0000",
                "\\ud83d\\ude00"
            })
    void hostileTextIsRefusedAsANameAndHarmlessInAFilter(String text) {
        V3Answers.error(admin.post(cluster + "/topics", "{\"topic_name\":\"" + text + "\"}"), 400, 40002);
        V3Answers.error(admin.send("PUT", configs() + "/cleanup.policy", "{\"value\":\"" + text + "\"}"), 400, 40002);
        String encoded = java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
        for (String filter : List.of("/topics?pattern=", "/changes?resource_name=")) {
            assertThat(admin.get(cluster + filter + encoded).json().get("data"))
                    .as(filter)
                    .isEmpty();
        }
        assertThat(admin.get(cluster + "/topics/" + topic).status()).isEqualTo(200);
    }
}
