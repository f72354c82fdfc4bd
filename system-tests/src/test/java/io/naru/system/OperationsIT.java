package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Health and meters tell what happens, and docs/operations.md tells of all of them. Brokers die here, so the tests have an order. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsIT {

    private static final Path TABLE = Path.of("..", "docs", "operations.md");
    private static final int RECORDS = 10;
    private static final int COMMITTED = 3;

    private static NaruCluster naru;
    private static Path disks;

    @BeforeAll
    static void start(@TempDir Path twoDisks) throws Exception {
        disks = twoDisks;
        naru = NaruCluster.separateProcesses()
                .brokers(2)
                .restartable()
                .property(NaruNode.broker(2), "naru.broker.log-dirs", disks.resolve("a") + "," + disks.resolve("b"))
                .property("naru.coordinator.metrics.lag-interval", "500ms")
                .start();
        try (Admin admin = Clients.admin(naru)) {
            admin.createTopics(List.of(new NewTopic("pair", 1, (short) 2)))
                    .all()
                    .get();
            Http gateway = new Http(naru.gatewayUrl());
            for (int i = 0; i < RECORDS; i++) {
                assertThat(gateway.post("/v1/topics/pair/records", "v" + i).status())
                        .isEqualTo(201);
            }
            admin.alterConsumerGroupOffsets(
                            "behind", Map.of(new TopicPartition("pair", 0), new OffsetAndMetadata(COMMITTED)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    @Test
    @Order(1)
    void everyServiceIsWellAndSaysSoByGroups() {
        eventually().untilAsserted(() -> {
            for (NaruService service : NaruService.values()) {
                for (String group : List.of("", "/liveness", "/readiness", "/cluster")) {
                    assertThat(health(service, group).get("status").asString())
                            .as(service + group)
                            .isEqualTo("UP");
                }
            }
        });
        assertThat(components(NaruService.ADMIN, "/cluster"))
                .containsExactlyInAnyOrder("controller", "brokers", "partitions");
        assertThat(components(NaruService.ADMIN, "/storage")).containsExactly("db");
        assertThat(components(NaruService.BROKER, "/storage")).containsExactly("logDirs");
        assertThat(components(NaruService.COORDINATOR, "/cluster")).containsExactly("groupCoordinator");
    }

    @Test
    @Order(2)
    void lagIsToldInRecordsAndSeconds() {
        eventually().untilAsserted(() -> {
            assertThat(sum(NaruService.COORDINATOR, "naru_coordinator_group_lag_records", "group=\"behind\""))
                    .isEqualTo(RECORDS - COMMITTED);
            assertThat(sum(NaruService.COORDINATOR, "naru_coordinator_group_lag_time_seconds", "group=\"behind\""))
                    .isPositive();
            assertThat(sum(NaruService.COORDINATOR, "naru_coordinator_groups", "state=\"Empty\""))
                    .isEqualTo(1);
        });
    }

    @Test
    @Order(3)
    void requestsAreCountedByRouteAndByApi() {
        assertThat(sum(NaruService.GATEWAY, "naru_http_requests_seconds_count", "POST /v1/topics/*/records", "2xx"))
                .isEqualTo(RECORDS);
        double produced = 0;
        double fetched = 0;
        double requests = 0;
        double seconds = 0;
        for (NaruNode broker : naru.nodes(NaruService.BROKER)) {
            requests += sum(broker, "naru_kafka_requests_seconds_count", "api=\"Produce\"");
            seconds += sum(broker, "naru_kafka_requests_seconds_sum", "api=\"Produce\"");
            assertThat(sum(broker, "naru_broker_log_size_bytes"))
                    .as("both have a replica")
                    .isGreaterThan(RECORDS * 60.0);
            produced += sum(broker, "naru_kafka_received_bytes_total", "api=\"Produce\"");
            fetched += sum(broker, "naru_kafka_sent_bytes_total", "api=\"Fetch\"");
        }
        assertThat(produced).isGreaterThan(RECORDS * 60.0);
        assertThat(fetched).isGreaterThan(RECORDS * 60.0);
        assertThat(requests).isGreaterThanOrEqualTo(RECORDS);
        assertThat(seconds).isPositive();
    }

    @Test
    @Order(4)
    void everyMeterIsInTheTableAndEveryOneInTheTableIsThere() throws IOException {
        Set<String> described = new TreeSet<>();
        for (String line : table().lines().filter(row -> row.startsWith("| `")).toList()) {
            Matcher names = Pattern.compile("`([a-z]+\\.[a-z.*-]+)`").matcher(line.split("\\|", -1)[1]);
            while (names.find()) {
                described.add(names.group(1));
            }
        }
        Set<String> seen = new TreeSet<>();
        eventually().untilAsserted(() -> {
            for (NaruService service : NaruService.values()) {
                json(service, "/actuator/metrics").get("names").forEach(name -> seen.add(name.asString()));
            }
            assertThat(described.stream()
                            .filter(name -> name.startsWith("naru."))
                            .filter(name -> !seen.contains(name)))
                    .as("in the table and nowhere else")
                    .isEmpty();
        });
        assertThat(seen.stream()
                        .filter(name -> !described.contains(name))
                        .filter(name -> !described.contains(name.replaceAll("\\..*", ".*"))))
                .as("not in docs/operations.md")
                .isEmpty();
        Set<String> indicators = new TreeSet<>();
        for (NaruService service : NaruService.values()) {
            indicators.addAll(components(service, ""));
        }
        assertThat(indicators).allSatisfy(name -> assertThat(table()).contains("`" + name + "`"));
    }

    private static String table() throws IOException {
        return Files.readString(TABLE);
    }

    @Test
    @Order(5)
    void underReplicatedIsSaidAndUp() {
        double elections = sum(NaruService.ADMIN, "naru_controller_elections_total");
        NaruNode second = naru.nodes(NaruService.BROKER).get(1);
        naru.kill9(second);
        eventually().untilAsserted(() -> {
            JsonNode cluster = health(NaruService.ADMIN, "/cluster");
            assertThat(cluster.get("status").asString()).isEqualTo("UP");
            assertThat(cluster.at("/components/brokers/details/fenced").size()).isEqualTo(1);
            assertThat(cluster.at("/components/partitions/details/underReplicated")
                            .asInt())
                    .isPositive();
            assertThat(cluster.at("/components/partitions/details/leaderless").asInt())
                    .isZero();
        });
        assertThat(sum(NaruService.ADMIN, "naru_controller_partitions_under_replicated"))
                .isPositive();
        assertThat(sum(NaruService.ADMIN, "naru_controller_brokers_fenced")).isEqualTo(1);
        assertThat(sum(NaruService.ADMIN, "naru_controller_elections_total")).isGreaterThan(elections);
        eventually()
                .untilAsserted(() -> assertThat(
                                sum(naru.nodes(NaruService.BROKER).get(0), "naru_broker_replica_isr_shrinks_total"))
                        .isPositive());
    }

    @Test
    @Order(6)
    void leaderlessIsDownAndMendsItself() {
        NaruNode first = naru.nodes(NaruService.BROKER).get(0);
        naru.kill9(first);
        eventually().untilAsserted(() -> {
            JsonNode cluster = health(NaruService.ADMIN, "/cluster");
            assertThat(cluster.get("status").asString()).isEqualTo("DOWN");
            assertThat(cluster.at("/components/brokers/status").asString()).isEqualTo("DOWN");
            assertThat(cluster.at("/components/partitions/status").asString()).isEqualTo("DOWN");
            assertThat(cluster.at("/components/partitions/details/leaderless").asInt())
                    .isPositive();
            assertThat(health(NaruService.GATEWAY, "/cluster").get("status").asString())
                    .isEqualTo("DOWN");
        });
        assertThat(sum(NaruService.ADMIN, "naru_controller_partitions_leaderless"))
                .isPositive();
        naru.restart(first);
        naru.restart(naru.nodes(NaruService.BROKER).get(1));
        eventually().untilAsserted(() -> {
            JsonNode cluster = health(NaruService.ADMIN, "/cluster");
            assertThat(cluster.get("status").asString()).isEqualTo("UP");
            assertThat(cluster.at("/components/partitions/details/underReplicated")
                            .asInt())
                    .isZero();
            double expands = 0;
            for (NaruNode broker : naru.nodes(NaruService.BROKER)) {
                expands += sum(broker, "naru_broker_replica_isr_expands_total");
            }
            assertThat(expands).isPositive();
        });
    }

    /** A directory that is not there any more cannot be synced. */
    @Test
    @Order(7)
    void aDataDirectoryThatFailsIsDownAndNamed() throws Exception {
        NaruNode second = naru.nodes(NaruService.BROKER).get(1);
        assertThat(storage(second).get("status").asString()).isEqualTo("UP");
        Path lost = Files.isDirectory(disks.resolve("a/pair-0")) ? disks.resolve("a") : disks.resolve("b");
        assertThat(lost.resolve("pair-0")).isDirectory();
        try (Stream<Path> all = Files.walk(lost)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
        try (Admin admin = Clients.admin(naru)) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, "pair"),
                            List.of(new AlterConfigOp(new ConfigEntry("flush.ms", "100"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        assertThat(new Http(naru.gatewayUrl())
                        .post("/v1/topics/pair/records", "to be synced")
                        .status())
                .isEqualTo(201);
        eventually().untilAsserted(() -> {
            JsonNode storage = storage(second);
            assertThat(storage.get("status").asString()).isEqualTo("DOWN");
            assertThat(storage.at("/components/logDirs").toString()).contains(lost.toString());
        });
        assertThat(storage(naru.nodes(NaruService.BROKER).get(0)).get("status").asString())
                .isEqualTo("UP");
    }

    private static JsonNode storage(NaruNode node) throws IOException {
        return new Http(naru.managementUrl(node))
                .get("/actuator/health/storage")
                .json();
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions();
    }

    private static JsonNode health(NaruService service, String group) throws IOException {
        return json(service, "/actuator/health" + group);
    }

    private static Set<String> components(NaruService service, String group) {
        try {
            return new TreeSet<>(health(service, group).get("components").propertyNames());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(NaruService service, String path) throws IOException {
        return new Http(naru.managementUrl(service)).get(path).json();
    }

    private static double sum(NaruService service, String meter, String... tags) {
        return sum(naru.nodes(service).get(0), meter, tags);
    }

    /** All lines of a meter that have these words among their tags. */
    private static double sum(NaruNode node, String meter, String... tags) {
        try {
            return new Http(naru.managementUrl(node))
                    .get("/actuator/prometheus")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(meter + "{") || line.startsWith(meter + " "))
                    .filter(line -> List.of(tags).stream().allMatch(line::contains))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
