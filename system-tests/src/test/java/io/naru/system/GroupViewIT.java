package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.system.program.Clients;
import io.naru.system.program.Polling;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruService;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The coordinator's view of groups over HTTP, held against what genuine members do. */
@Timeout(180)
class GroupViewIT {

    private static NaruCluster naru;
    private static Http coordinator;

    @BeforeAll
    static void start() throws Exception {
        naru = NaruCluster.standalone()
                .property("naru.coordinator.group.classic.initial-rebalance-delay", "0ms")
                .start();
        coordinator = new Http(naru.coordinatorUrl());
        try (Admin admin = Clients.admin(naru);
                KafkaProducer<String, String> producer = Clients.producer(naru, Map.of())) {
            admin.createTopics(List.of(new NewTopic("seen", 2, (short) 1)))
                    .all()
                    .get();
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("seen", 0, System.currentTimeMillis() - 60_000, null, "v" + i));
            }
            producer.flush();
        }
    }

    @AfterAll
    static void stop() {
        naru.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void showsMembersOffsetsLagAndPast(String protocol) throws IOException {
        showsMembersOffsetsLagAndPast(protocol, "viewed-" + protocol);
    }

    private void showsMembersOffsetsLagAndPast(String protocol, String group) throws IOException {
        try (KafkaConsumer<String, String> member =
                Clients.consumer(naru, Map.of("group.id", group, "group.protocol", protocol, "client.id", "watched"))) {
            member.subscribe(List.of("seen"));
            Polling.atLeast(10, member);
            Polling.until(records -> member.assignment().size() == 2, "the assignment", member);
            member.commitSync(Map.of(new TopicPartition("seen", 0), new OffsetAndMetadata(7, "note")));

            JsonNode seen = coordinator.get("/v1/groups/" + group).json();
            assertThat(seen.get("type").asString()).isEqualTo(protocol);
            assertThat(seen.get("state").asString()).isEqualTo("Stable");
            JsonNode its = seen.get("members").get(0);
            assertThat(its.get("memberId").asString())
                    .isEqualTo(member.groupMetadata().memberId());
            assertThat(its.get("clientId").asString()).isEqualTo("watched");
            assertThat(its.at("/topics/0").asString()).isEqualTo("seen");
            assertThat(its.at("/assignment/0/partitions").toString()).isEqualTo("[0,1]");

            JsonNode told =
                    new Http(naru.gatewayUrl()).get("/v1/groups/" + group).json();
            assertThat(told.get("type").asString()).isEqualTo(protocol);
            assertThat(told.get("state").asString()).isEqualTo("Stable");
            assertThat(told.has("epoch")).isEqualTo(protocol.equals("consumer"));
            assertThat(told.at("/members/0/member").asString())
                    .isEqualTo(member.groupMetadata().memberId());
            assertThat(told.at("/members/0/client_id").asString()).isEqualTo("watched");
            assertThat(told.at("/members/0/assignment").size()).isEqualTo(2);
            assertThat(told.at("/partitions/0/committed").asLong()).isEqualTo(7);
            assertThat(told.at("/partitions/0/lag").asLong()).isEqualTo(3);
            assertThat(told.at("/partitions/0/member").asString())
                    .isEqualTo(member.groupMetadata().memberId());

            JsonNode offset =
                    coordinator.get("/v1/groups/" + group + "/offsets").json().at("/offsets/0");
            assertThat(offset.get("offset").asLong()).isEqualTo(7);
            assertThat(offset.get("metadata").asString()).isEqualTo("note");

            JsonNode lag = coordinator.get("/v1/groups/" + group + "/lag").json();
            assertThat(lag.get("totalLag").asLong()).isEqualTo(3);
            assertThat(lag.get("maxLagSeconds").asDouble()).isBetween(60.0, 240.0);
            assertThat(lag.at("/partitions/0/memberId").asString())
                    .isEqualTo(member.groupMetadata().memberId());

            JsonNode past = coordinator
                    .get("/v1/groups/" + group + "/rebalances")
                    .json()
                    .at("/rebalances/0");
            assertThat(past.get("reason").asString()).contains("joins");
            assertThat(past.get("endedAt").isNull()).isFalse();
        }
    }

    @Test
    void listsFiltersAndPages() throws Exception {
        try (Admin admin = Clients.admin(naru)) {
            for (String group : List.of("page-a", "page-b", "page-c")) {
                admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition("seen", 0), new OffsetAndMetadata(1)))
                        .all()
                        .get();
            }
        }
        JsonNode first = coordinator.get("/v1/groups?prefix=page-&limit=2").json();
        assertThat(ids(first)).containsExactly("page-a", "page-b");
        assertThat(first.get("next").asString()).isEqualTo("page-b");
        assertThat(first.get("shardsServed").asInt())
                .isEqualTo(first.get("shardsTotal").asInt());
        JsonNode second =
                coordinator.get("/v1/groups?prefix=page-&limit=2&after=page-b").json();
        assertThat(ids(second)).containsExactly("page-c");
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(ids(coordinator.get("/v1/groups?prefix=page-&state=stable").json()))
                .isEmpty();
        assertThat(ids(coordinator
                        .get("/v1/groups?prefix=page-&state=empty&type=Classic")
                        .json()))
                .hasSize(3);
    }

    private static Set<String> ids(JsonNode list) {
        Set<String> ids = new TreeSet<>();
        list.get("groups").forEach(group -> ids.add(group.get("groupId").asString()));
        return ids;
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        for (String path : List.of("", "/offsets", "/lag", "/rebalances")) {
            Http.Answer missing = coordinator.get("/v1/groups/nobody" + path);
            assertThat(missing.status()).as(path).isEqualTo(404);
            assertThat(missing.json().get("code").asInt()).isEqualTo(40400);
            assertThat(missing.header("Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(coordinator.get("/v1/groups?limit=0").status()).isEqualTo(400);
        assertThat(coordinator.get("/v1/groups?limit=many").status()).isEqualTo(400);
    }

    @Test
    void namesTheOwnersOfShardsAndTheirHealth() throws IOException {
        JsonNode shards = coordinator.get("/v1/shards").json().get("shards");
        assertThat(shards.size()).isPositive();
        shards.forEach(shard -> assertThat(shard.get("state").asString()).isEqualTo("serving"));
        JsonNode health = new Http(naru.managementUrl(NaruService.COORDINATOR))
                .get("/actuator/health")
                .json()
                .at("/components/groupCoordinator/details");
        assertThat(health.get("shards").asInt()).isEqualTo(shards.size());
        assertThat(health.get("loading").size()).isZero();
        assertThat(health.get("unowned").size()).isZero();
    }

    @Test
    void countsRebalancesAndCommits() throws IOException {
        showsMembersOffsetsLagAndPast("consumer", "counted");
        String metrics = new Http(naru.managementUrl(NaruService.COORDINATOR))
                .get("/actuator/prometheus")
                .text();
        assertThat(metrics.lines())
                .anyMatch(line -> line.startsWith("naru_coordinator_rebalances_seconds_count")
                        && line.contains("consumer")
                        && !line.endsWith(" 0"))
                .anyMatch(
                        line -> line.startsWith("naru_coordinator_offsets_committed_total") && !line.endsWith(" 0.0"));
    }

    @Test
    void describesItselfTruly() throws IOException {
        JsonNode document = coordinator.get("/openapi").json();
        document.get("paths")
                .forEach(path -> path.forEach(operation -> {
                    assertThat(operation.get("summary").asString()).isNotBlank();
                    assertThat(operation
                                    .at("/responses/200/content/application~1json/schema/$ref")
                                    .asString())
                            .startsWith("#/components/schemas/");
                }));
        showsMembersOffsetsLagAndPast("classic", "described");
        JsonNode answer = coordinator.get("/v1/groups/described").json();
        assertThat(answer.propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        document.at("/components/schemas/Group/properties").propertyNames());
    }
}
