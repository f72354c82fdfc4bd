package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** REST v3 through the gateway of a cluster of three brokers: what only brokers and coordinators know, and what takes them to be done. */
@Timeout(300)
class AdminResourcesIT {

    private static final int RECORDS = 10;

    private static NaruCluster naru;
    private static Http http;
    private static String cluster;

    @BeforeAll
    static void start() throws Exception {
        naru = NaruCluster.separateProcesses()
                .brokers(3)
                .heapMb(160)
                .property("naru.admin.offsets-topic-partitions", "3")
                .start();
        http = new Http(naru.gatewayUrl());
        cluster = "/v3/clusters/"
                + Awaitility.await()
                        .atMost(60, TimeUnit.SECONDS)
                        .ignoreExceptions()
                        .until(
                                () -> http.get("/v3/clusters").json().at("/data/0/cluster_id"),
                                id -> id.isString() && !id.asString().isEmpty())
                        .asString();
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    private static Http.Answer post(String path, String json) throws IOException {
        return http.post(cluster + path, json, "Content-Type", "application/json");
    }

    private static JsonNode get(String path) throws IOException {
        Http.Answer answer = http.get(cluster + path);
        assertThat(answer.status()).as(path + ": " + answer).isEqualTo(200);
        return answer.json();
    }

    private static void status(int expected, Http.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(expected);
    }

    private static void error(int expected, int code, Http.Answer answer) {
        status(expected, answer);
        assertThat(answer.json().propertyNames()).containsExactly("error_code", "message");
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(code);
    }

    /** A topic of two partitions on two brokers each, with as many records in each. */
    private static void fill(String topic) throws IOException {
        status(
                201,
                post(
                        "/topics",
                        "{\"topic_name\":\"" + topic + "\",\"replicas_assignments\":{\"0\":[1,2],\"1\":[2,3]}}"));
        try (KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                for (int partition = 0; partition < 2; partition++) {
                    producer.send(new ProducerRecord<>(topic, partition, 1_000L * (i + 1), "k", "v" + i));
                }
            }
        }
    }

    /** Commits offsets for a group that has no members. */
    private static void commit(String group, String topic, long offset) {
        try (KafkaConsumer<String, String> consumer = Clients.consumer(naru, Map.of("group.id", group))) {
            consumer.commitSync(both(topic, offset));
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> both(String topic, long offset) {
        return Map.of(
                new TopicPartition(topic, 0), new OffsetAndMetadata(offset),
                new TopicPartition(topic, 1), new OffsetAndMetadata(offset));
    }

    private static KafkaConsumer<String, String> member(String group, String topic, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("group.id", group);
        KafkaConsumer<String, String> member = Clients.consumer(naru, all);
        member.subscribe(List.of(topic));
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (member.assignment().isEmpty() && System.nanoTime() < deadline) {
            member.poll(Duration.ofMillis(200));
        }
        assertThat(member.assignment()).as(naru.logTails()).hasSize(2);
        return member;
    }

    private static List<String> all(JsonNode list, String field) {
        List<String> found = new ArrayList<>();
        list.get("data").forEach(one -> found.add(one.get(field).asString()));
        return found;
    }

    @Test
    void whatIsDocumentedIsWhatIsAnsweredAndEveryLinkLeadsSomewhere() throws Exception {
        fill("orders");
        try (KafkaConsumer<String, String> member =
                member("billing", "orders", Map.of("group.protocol", "consumer", "client.id", "b1"))) {
            member.commitSync(Map.of(
                    new TopicPartition("orders", 0), new OffsetAndMetadata(4),
                    new TopicPartition("orders", 1), new OffsetAndMetadata(9)));
            String consumer = get("/consumer-groups/billing/consumers")
                    .at("/data/0/consumer_id")
                    .asString();
            JsonNode document = new Http(naru.adminUrl()).get("/openapi").json();
            Map<String, String> wrong = new TreeMap<>();
            int compared = 0;
            for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
                JsonNode example = path.getValue().at("/get/responses/200/content/application~1json/example");
                // What has no example here is what ChangesIT and OpenApiIT of admin-service compare, or ACLs.
                if (example.isMissingNode()
                        || path.getKey().contains("reassignment")
                        || path.getKey().contains("{change_id}")
                        || path.getKey().contains("broker-configs")) {
                    continue;
                }
                String url = path.getKey()
                        .replace("/v3/clusters/{cluster_id}", cluster)
                        .replace("{topic_name}", "orders")
                        .replace("{partition_id}", "0")
                        .replace("{broker_id}", "1")
                        .replace("{consumer_group_id}", "billing")
                        .replace("{consumer_id}", consumer)
                        .replace("/brokers/1/configs/{name}", "/brokers/1/configs/log.retention.ms")
                        .replace("{name}", "retention.ms");
                Http.Answer answer = http.get(url);
                if (answer.status() != 200 || !JsonShape.of(answer.json()).equals(JsonShape.of(example))) {
                    wrong.put(url, answer + "\n  documented: " + example);
                }
                compared++;
            }
            assertThat(wrong).isEmpty();
            assertThat(compared).isGreaterThan(25);
            assertLinksLeadSomewhere();
            assertMembersAndLags(consumer);
        }
    }

    private static void assertLinksLeadSomewhere() throws IOException {
        // There is none: no reassignment is under way, and no authorizer.
        Map<String, Integer> nothing = Map.of("/partitions/\\d+/reassignment", 404, "/acls", 400);
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of("/v3/clusters"));
        while (!open.isEmpty()) {
            String path = open.pop();
            // One topic, one broker, one group stand for all; configs have no links but to themselves.
            boolean other = path.matches(".*/(topics/__|brokers/[23]|topics/(?!orders|-)|.*/configs/).*")
                    || path.matches(".*/consumer-groups/(?!billing).*");
            if (other || !seen.add(path)) {
                continue;
            }
            Http.Answer answer = http.get(path);
            int expected = nothing.entrySet().stream()
                    .filter(entry -> path.matches(".*" + entry.getKey()))
                    .mapToInt(Map.Entry::getValue)
                    .findAny()
                    .orElse(200);
            boolean coordinatorsConfigs = path.matches(".*/brokers/1000000/configs");
            assertThat(answer.status()).as(path + ": " + answer).isEqualTo(coordinatorsConfigs ? 404 : expected);
            for (String link : List.of("related", "self")) {
                answer.json().findValuesAsString(link).forEach(url -> {
                    assertThat(url).startsWith(naru.gatewayUrl().toString());
                    open.push(url.substring(naru.gatewayUrl().toString().length()));
                });
            }
        }
        assertThat(seen)
                .contains(
                        cluster + "/consumer-groups/billing/lags/orders/partitions/0",
                        cluster + "/brokers/1000000",
                        cluster + "/topics/orders/partitions/1/replicas/3");
    }

    private static void assertMembersAndLags(String consumer) throws IOException {
        JsonNode group = get("/consumer-groups/billing");
        assertThat(group.get("state").asString()).isEqualTo("STABLE");
        assertThat(group.get("type").asString()).isEqualTo("CONSUMER");
        assertThat(group.get("is_simple").asBoolean()).isFalse();
        assertThat(group.get("is_mixed_consumer_group").asBoolean()).isFalse();
        JsonNode lags = get("/consumer-groups/billing/lags");
        assertThat(all(lags, "lag")).containsExactly("6", "1");
        assertThat(lags.at("/data/0/current_offset").asLong()).isEqualTo(4);
        assertThat(lags.at("/data/0/log_end_offset").asLong()).isEqualTo(RECORDS);
        assertThat(all(lags, "consumer_id")).containsOnly(consumer);
        assertThat(all(lags, "client_id")).containsOnly("b1");
        assertThat(all(get("/consumer-groups/billing/lags?min_lag=2"), "partition_id"))
                .containsExactly("0");
        JsonNode summary = get("/consumer-groups/billing/lag-summary");
        assertThat(summary.get("max_lag").asLong()).isEqualTo(6);
        assertThat(summary.get("total_lag").asLong()).isEqualTo(7);
        assertThat(summary.get("max_lag_topic_name").asString()).isEqualTo("orders");
        assertThat(summary.get("max_lag_partition_id").asInt()).isZero();
        assertThat(all(get("/consumer-groups?state=STABLE&prefix=bill&type=CONSUMER"), "consumer_group_id"))
                .containsExactly("billing");
        assertThat(all(get("/consumer-groups?state=EMPTY&prefix=bill"), "consumer_group_id"))
                .isEmpty();
    }

    @Test
    void pagesOfOneTogetherAreTheList() throws Exception {
        fill("paged-a");
        fill("paged-b");
        commit("paged-too", "paged-a", 1);
        try (KafkaConsumer<String, String> a = member("paged", "paged-a", Map.of("group.protocol", "consumer"));
                KafkaConsumer<String, String> b = member("paged", "paged-b", Map.of("group.protocol", "consumer"))) {
            a.commitSync(both("paged-a", 3));
            b.commitSync(both("paged-b", 3));
            String group = "/consumer-groups/paged";
            String consumer =
                    get(group + "/consumers").at("/data/0/consumer_id").asString();
            assertPages("/consumer-groups?prefix=paged", 2);
            assertPages(group + "/consumers", 2);
            assertPages(group + "/consumers/" + consumer + "/assignments", 2);
            assertPages(group + "/lags", 4);
            assertPages("/brokers/-/log-dirs", 3);
            assertPages("/brokers/1/log-dirs", 1);
            assertPages("/brokers/1/configs?prefix=log.cleaner.", 7);
            assertPages("/brokers/-/configs?pattern=log.retention.*", 12);
        }
    }

    /** That one member to a page shows what the whole list shows, in its order. */
    private static void assertPages(String path, int members) throws IOException {
        List<String> whole = selves(get(path));
        assertThat(whole).as(path).hasSizeGreaterThanOrEqualTo(members).doesNotHaveDuplicates();
        List<String> walked = new ArrayList<>();
        String next = cluster + path + (path.contains("?") ? "&" : "?") + "page_size=1";
        while (next != null) {
            Http.Answer answer = http.get(next);
            status(200, answer);
            assertThat(selves(answer.json())).as(next).hasSize(1);
            walked.addAll(selves(answer.json()));
            JsonNode link = answer.json().at("/metadata/next");
            next = link.isNull()
                    ? null
                    : link.asString().substring(naru.gatewayUrl().toString().length());
        }
        assertThat(walked).as(path).isEqualTo(whole);
    }

    private static List<String> selves(JsonNode list) {
        List<String> found = new ArrayList<>();
        list.get("data").forEach(one -> found.add(one.at("/metadata/self").asString()));
        return found;
    }

    @Test
    void logDirectoriesTellTheSizesOfTheirReplicas() throws Exception {
        fill("sized");
        Map<String, Integer> replicas = new TreeMap<>();
        for (JsonNode directory : get("/brokers/-/log-dirs").get("data")) {
            long sum = 0;
            for (JsonNode replica : directory.get("replicas")) {
                sum += replica.get("size_bytes").asLong();
                if (replica.get("topic_name").asString().equals("sized")) {
                    replicas.merge(replica.get("partition_id").asString(), 1, Integer::sum);
                    assertThat(replica.get("size_bytes").asLong())
                            .as(replica.toString())
                            .isGreaterThan(RECORDS * 10L);
                }
            }
            assertThat(directory.get("size_bytes").asLong()).isEqualTo(sum).isPositive();
        }
        assertThat(replicas).isEqualTo(Map.of("0", 2, "1", 2));
    }

    @Test
    void whatTheCallerMayDoIsToldWhenAsked() throws Exception {
        fill("allowed");
        JsonNode silent = get("/topics/allowed").get("authorized_operations");
        assertThat(silent).isEmpty();
        for (JsonNode topic : List.of(
                get("/topics/allowed?include_authorized_operations=true"),
                get("/topics?prefix=allowed&includeAuthorizedOperations=true").at("/data/0"))) {
            List<String> operations = new ArrayList<>();
            topic.get("authorized_operations").forEach(operation -> operations.add(operation.asString()));
            assertThat(operations).contains("READ", "WRITE", "DELETE", "ALTER_CONFIGS");
        }
    }

    private static List<String> reset(String group, String body) throws IOException {
        Http.Answer answer = post("/consumer-groups/" + group + "/offsets:reset", body);
        status(200, answer);
        return all(answer.json(), "offset");
    }

    private static List<String> committed(String group) throws IOException {
        return all(get("/consumer-groups/" + group + "/lags"), "current_offset");
    }

    @Test
    void offsetsAreResetInEveryWay() throws Exception {
        fill("reset");
        commit("r", "reset", 5);
        assertThat(reset("r", "{\"to\":\"EARLIEST\",\"validate_only\":true}")).containsExactly("0", "0");
        assertThat(committed("r")).as("after a dry run").containsExactly("5", "5");
        assertThat(reset("r", "{\"to\":\"LATEST\"}")).containsExactly("10", "10");
        assertThat(committed("r")).containsExactly("10", "10");
        assertThat(reset("r", "{\"to\":\"SHIFT_BY\",\"shift_by\":-3}")).containsExactly("7", "7");
        assertThat(reset("r", "{\"to\":\"SHIFT_BY\",\"shift_by\":9223372036854775807}"))
                .containsExactly("10", "10");
        assertThat(reset("r", "{\"to\":\"SHIFT_BY\",\"shift_by\":-9223372036854775808}"))
                .containsExactly("0", "0");
        assertThat(
                        reset(
                                "r",
                                "{\"to\":\"OFFSET\",\"offset\":3,\"partitions\":[{\"topic_name\":\"reset\",\"partition_id\":1}]}"))
                .containsExactly("3");
        assertThat(committed("r")).containsExactly("0", "3");
        assertThat(reset("r", "{\"to\":\"OFFSET\",\"offset\":99}")).containsExactly("10", "10");
        String sixth = Instant.ofEpochMilli(5_001).toString();
        assertThat(reset("r", "{\"to\":\"TIMESTAMP\",\"timestamp\":\"" + sixth + "\"}"))
                .containsExactly("5", "5");
        assertThat(reset("r", "{\"to\":\"TIMESTAMP\",\"timestamp\":\"2999-01-01T00:00:00Z\"}"))
                .as("no record is that young")
                .containsExactly("10", "10");
        assertThat(reset("r", "{\"to\":\"EARLIEST\"}")).containsExactly("0", "0");
        assertThat(committed("r")).containsExactly("0", "0");

        commit("other", "reset", 8);
        assertThat(reset("copy", "{\"to\":\"GROUP\",\"consumer_group_id\":\"other\"}"))
                .as("a group that was not there")
                .containsExactly("8", "8");
        assertThat(committed("copy")).containsExactly("8", "8");
        error(
                404,
                40405,
                post("/consumer-groups/r/offsets:reset", "{\"to\":\"GROUP\",\"consumer_group_id\":\"nobody\"}"));
        error(
                404,
                40403,
                post(
                        "/consumer-groups/r/offsets:reset",
                        "{\"to\":\"LATEST\",\"partitions\":[{\"topic_name\":\"no\"}]}"));
        assertThat(committed("r")).containsExactly("0", "0");
        JsonNode changes = get("/changes?resource_type=GROUP&resource_name=r");
        assertThat(all(changes, "action")).hasSize(9).containsOnly("RESET_OFFSETS");
        assertThat(changes.at("/data/0/client").asString()).startsWith("Java-http-client");
        assertThat(changes.at("/data/0/before").toString()).isEqualTo("{\"reset-0\":\"10\",\"reset-1\":\"10\"}");
        assertThat(changes.at("/data/0/after").toString()).isEqualTo("{\"reset-0\":\"0\",\"reset-1\":\"0\"}");
    }

    @Test
    void groupsWithMembersAreNotResetOrDeletedUntilTheyAreRemoved() throws Exception {
        fill("busy");
        for (String protocol : List.of("consumer", "classic")) {
            String group = "busy-" + protocol;
            KafkaConsumer<String, String> member = member(group, "busy", Map.of("group.protocol", protocol));
            try {
                member.commitSync(both("busy", 3));
                error(400, 40002, post("/consumer-groups/" + group + "/offsets:reset", "{\"to\":\"EARLIEST\"}"));
                error(400, 40002, http.delete(cluster + "/consumer-groups/" + group));
                error(400, 40002, http.delete(cluster + "/consumer-groups/" + group + "?validate_only=true"));
                error(404, 404, http.delete(cluster + "/consumer-groups/" + group + "/consumers/nobody"));
                // It does not poll meanwhile, so it does not come back.
                String id = get("/consumer-groups/" + group + "/consumers")
                        .at("/data/0/consumer_id")
                        .asString();
                String path = cluster + "/consumer-groups/" + group + "/consumers/" + id;
                status(204, http.delete(path + "?validate_only=true"));
                status(200, http.get(path));
                status(204, http.delete(path));
                error(404, 404, http.get(path));
            } finally {
                member.close();
            }
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> get("/consumer-groups/" + group)
                            .get("state")
                            .asString()
                            .equals("EMPTY"));
            status(204, http.delete(cluster + "/consumer-groups/" + group + "?validate_only=true"));
            status(204, http.delete(cluster + "/consumer-groups/" + group));
            error(404, 40405, http.get(cluster + "/consumer-groups/" + group));
            error(404, 40405, http.delete(cluster + "/consumer-groups/" + group));
            JsonNode changes = get("/changes?resource_type=GROUP&resource_name=" + group);
            assertThat(all(changes, "action")).containsExactly("DELETE", "REMOVE_MEMBER");
            assertThat(changes.at("/data/0/before").toString()).isEqualTo("{\"busy-0\":\"3\",\"busy-1\":\"3\"}");
            assertThat(changes.at("/data/1/before").propertyNames())
                    .containsExactly("client_id", "consumer_id", "host");
        }
    }

    private static long earliest(String topic, int partition) throws IOException {
        return get("/topics/" + topic + "/partitions/" + partition + "/offset?offset_type=earliest_and_latest")
                .get("earliest_offset")
                .asLong();
    }

    @Test
    void recordsAreDeletedUpToAnOffsetOrAll() throws Exception {
        fill("old");
        String four = "{\"partitions\":[{\"partition_id\":0,\"before_offset\":4}]";
        Http.Answer checked = post("/topics/old/records:delete", four + ",\"validate_only\":true}");
        assertThat(checked.json().at("/data/0/earliest_offset").asLong()).isEqualTo(4);
        assertThat(earliest("old", 0)).isZero();
        Http.Answer deleted = post("/topics/old/records:delete", four + "}");
        status(200, deleted);
        assertThat(deleted.json().at("/data/0/earliest_offset").asLong()).isEqualTo(4);
        assertThat(earliest("old", 0)).isEqualTo(4);

        Http.Answer some = post(
                "/topics/old/records:delete",
                "{\"partitions\":[{\"partition_id\":0,\"before_offset\":99},{\"partition_id\":1,\"before_offset\":1}]}");
        status(207, some);
        assertThat(all(some.json(), "error_code")).containsExactly("40002", "200");
        assertThat(earliest("old", 1)).isEqualTo(1);

        status(200, post("/topics/old/records:purge", "{\"validate_only\":true}"));
        assertThat(earliest("old", 0)).isEqualTo(4);
        assertThat(earliest("old", 1)).isEqualTo(1);
        status(200, http.post(cluster + "/topics/old/records:purge", ""));
        assertThat(earliest("old", 0)).isEqualTo(RECORDS);
        assertThat(earliest("old", 1)).isEqualTo(RECORDS);
        JsonNode changes = get("/changes?resource_type=TOPIC&resource_name=old");
        assertThat(all(changes, "action"))
                .containsExactly("DELETE_RECORDS", "DELETE_RECORDS", "DELETE_RECORDS", "CREATE");
        assertThat(changes.at("/data/0/before").toString())
                .isEqualTo("{\"earliest_offset.0\":\"4\",\"earliest_offset.1\":\"1\"}");
        assertThat(changes.at("/data/0/after").toString())
                .isEqualTo("{\"earliest_offset.0\":\"10\",\"earliest_offset.1\":\"10\"}");
        assertThat(changes.at("/data/1/after").toString()).isEqualTo("{\"earliest_offset.1\":\"1\"}");
    }

    private static String replicas(String topic) throws IOException {
        return String.join(",", all(get("/topics/" + topic + "/partitions/0/replicas?in_sync=true"), "broker_id"));
    }

    private static String leader(String topic) throws IOException {
        String related =
                get("/topics/" + topic + "/partitions/0").at("/leader/related").asString();
        return related.substring(related.lastIndexOf('/') + 1);
    }

    @Test
    void partitionsMoveAndTheirLeadersFollow() throws Exception {
        fill("moving");
        status(200, http.put(cluster + "/topics/moving/partitions/0/reassignment", "{\"replicas\":[3,1]}"));
        Awaitility.await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(replicas("moving")).isEqualTo("1,3");
            assertThat(get("/topics/moving/partitions/-/reassignment").get("data"))
                    .isEmpty();
        });
        assertThat(leader("moving")).isEqualTo("1");
        String elect =
                "{\"election_type\":\"PREFERRED\",\"partitions\":[{\"topic_name\":\"moving\",\"partition_id\":0}]";
        Http.Answer checked = post("/topics/-/partitions/-/leader:elect", elect + ",\"validate_only\":true}");
        assertThat(checked.json().at("/data/0/leader/related").asString()).endsWith("/replicas/3");
        assertThat(leader("moving")).isEqualTo("1");
        status(200, post("/topics/-/partitions/-/leader:elect", elect + "}"));
        assertThat(leader("moving")).isEqualTo("3");

        JsonNode changes = get("/changes?resource_type=PARTITION&resource_name=moving-0");
        assertThat(all(changes, "action")).containsExactly("ELECT_LEADER", "REASSIGN");
        error(400, 40002, http.delete(cluster + "/brokers/3"));
    }

    @Test
    void whatTheGatewayHandsOnComesBackWhole() throws Exception {
        Http.Answer created = post("/topics", "{\"topic_name\":\"handed\"}");
        status(201, created);
        assertThat(created.header("Location")).isEqualTo(naru.gatewayUrl() + cluster + "/topics/handed");
        Http.Answer page = http.get(cluster + "/topics?page_size=1&prefix=hand");
        status(200, page);
        JsonNode first = get("/topics?page_size=1");
        String next = first.at("/metadata/next").asString();
        assertThat(next).startsWith(naru.gatewayUrl() + cluster + "/topics?page_size=1&page_token=");
        status(200, http.get(next.substring(naru.gatewayUrl().toString().length())));
        Http.Answer configs = http.get(cluster + "/topics/handed/configs");
        Http.Answer again = http.get(cluster + "/topics/handed/configs", "If-None-Match", configs.header("ETag"));
        assertThat(again.status()).isEqualTo(304);
        Http.Answer behind = http.get("/v3/clusters", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "naru.example");
        assertThat(behind.json().at("/metadata/self").asString()).isEqualTo("https://naru.example/v3/clusters");
        Http.Answer wrong = http.post(cluster + "/brokers", "{}", "Content-Type", "application/json");
        error(405, 405, wrong);
        assertThat(wrong.header("Allow")).contains("GET");
        error(404, 404, http.get("/v3/nothing"));
        error(415, 415, http.post(cluster + "/topics", "x", "Content-Type", "text/plain"));
        status(204, http.delete(cluster + "/topics/handed"));
    }

    @Test
    void brokersTellTheirConfigsAndTakeNewOnes() throws Exception {
        String config = cluster + "/brokers/2/configs/log.retention.ms";
        Http.Answer before = http.get(config);
        status(200, before);
        assertThat(before.json().get("broker_id").asInt()).isEqualTo(2);
        Http.Answer set = http.put(config, "{\"value\":\"123456\"}");
        status(204, set);
        assertThat(set.header("ETag")).isNotEmpty().isNotEqualTo(before.header("ETag"));
        Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(http.get(config).json().get("value").asString()).isEqualTo("123456");
        });
        assertThat(http.get(config).json().get("source").asString()).isEqualTo("DYNAMIC_BROKER_CONFIG");
        error(412, 412, http.delete(config, "If-Match", before.header("ETag")));
        status(204, http.delete(config, "If-Match", set.header("ETag")));

        String alter = cluster + "/brokers/2/configs:alter";
        String two =
                "{\"data\":[{\"name\":\"log.retention.ms\",\"value\":\"654321\"},{\"name\":\"num.io.threads\",\"value\":\"3\"}]}";
        error(412, 412, http.post(alter, two, "Content-Type", "application/json", "If-Match", set.header("ETag")));
        status(204, http.post(alter, two, "Content-Type", "application/json", "If-Match", before.header("ETag")));
        Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(http.get(config).json().get("value").asString()).isEqualTo("654321");
            assertThat(get("/brokers/2/configs/num.io.threads").get("value").asString())
                    .isEqualTo("3");
        });
        status(
                204,
                http.post(
                        alter,
                        two.replaceAll("\"value\":\"\\d+\"", "\"operation\":\"DELETE\""),
                        "Content-Type",
                        "application/json"));
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> !http.get(config).json().get("value").asString().equals("654321")
                        && !get("/brokers/2/configs/num.io.threads")
                                .get("value")
                                .asString()
                                .equals("3"));
        assertThat(all(get("/brokers/-/configs?pattern=log.retention.ms"), "broker_id"))
                .containsExactly("1", "2", "3");
    }
}
