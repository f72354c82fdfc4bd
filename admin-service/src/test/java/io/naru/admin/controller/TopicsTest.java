package io.naru.admin.controller;

import static io.naru.admin.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void oneBroker() {
        cluster.liveBroker(1);
    }

    @Test
    void topicIsCreatedWithDefaults() {
        TopicResult result = cluster.create(new NewTopic("t", -1, -1, Map.of(), Map.of("retention.ms", "1000")));
        assertThat(result.errorCode()).isZero();
        assertThat(cluster.image().topic("t")).hasValueSatisfying(topic -> {
            assertThat(topic).isEqualTo(result.topic());
            assertThat(topic.configs()).containsEntry("retention.ms", "1000");
            assertThat(topic.partitions()).containsExactly(new PartitionImage(0, List.of(1), List.of(1), 1, 0, 0));
        });
    }

    @Test
    void partitionsSpreadOverTheBrokersBeginningWithTheEmptiest() {
        cluster.create(topic("first", 4));
        cluster.liveBroker(2);
        cluster.liveBroker(3);
        cluster.create(topic("second", 5));
        assertThat(cluster.image().topics().get("second").partitions())
                .extracting(PartitionImage::leader)
                .containsExactly(2, 3, 1, 2, 3);
    }

    @Test
    void deletedTopicIsGoneAndItsNameIsFree() {
        String id = cluster.create(topic("t", 1)).topicId();
        assertThat(cluster.delete("t").errorCode()).isZero();
        assertThat(cluster.image().topic("t")).isEmpty();
        assertThat(cluster.create(topic("t", 1)).topicId()).isNotEqualTo(id);
        error(cluster.delete("nothing"), Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void deletionById() {
        String id = cluster.create(topic("t", 1)).topicId();
        TopicResults results = cluster.commit(cluster.controller.deleteTopics(
                new DeleteTopics(List.of(), List.of("AAAAAAAAAAAAAAAAAAAAAQ", id, id))));
        error(results.results().get(0), Errors.UNKNOWN_TOPIC_ID);
        assertThat(results.results().get(1).name()).isEqualTo("t");
        assertThat(results.results().get(1).errorCode()).isZero();
        error(results.results().get(2), Errors.INVALID_REQUEST);
        assertThat(results.imageVersion()).isEqualTo(cluster.image().version());
    }

    @Test
    void validationChangesNothing() {
        long version = cluster.image().version();
        TopicResults results = cluster.commit(
                cluster.controller.createTopics(new CreateTopics(List.of(topic("t", 3), topic("t.", 0)), true)));
        assertThat(results.results().get(0).topic().partitions()).hasSize(3);
        error(results.results().get(1), Errors.INVALID_PARTITIONS);
        assertThat(cluster.image().version()).isEqualTo(version);
        assertThat(cluster.image().topics()).isEmpty();
    }

    @Test
    void oneBadTopicLeavesItsNeighboursAlone() {
        List<TopicResult> results = cluster.createAll(topic("a", 1), topic("b", 0), topic("c", 1));
        assertThat(results).extracting(TopicResult::errorCode).containsExactly((short) 0, (short) 37, (short) 0);
        assertThat(cluster.image().topics()).containsOnlyKeys("a", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", " ", "a b", "é", "a/b", "a\u0000b", "__consumer_offsets"})
    void invalidNamesAreRefused(String name) {
        error(cluster.create(topic(name, 1)), Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void namesOf249CharactersAreTheLongest() {
        error(cluster.create(topic("x".repeat(250), 1)), Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(cluster.create(topic("x".repeat(249), 1)).errorCode()).isZero();
    }

    @Test
    void existingAndCollidingNamesAreRefused() {
        cluster.create(topic("a.b", 1));
        error(cluster.create(topic("a.b", 1)), Errors.TOPIC_ALREADY_EXISTS);
        TopicResult collision = cluster.create(topic("a_b", 1));
        error(collision, Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(collision.message()).contains("a.b");
        List<TopicResult> twins = cluster.createAll(topic("x_y", 1), topic("x.y", 1));
        assertThat(twins.get(0).errorCode()).isZero();
        error(twins.get(1), Errors.INVALID_TOPIC_EXCEPTION);
        cluster.createAll(topic("dup", 1), topic("dup", 2)).forEach(result -> error(result, Errors.INVALID_REQUEST));
    }

    @ParameterizedTest
    @CsvSource({
        "0, -1, INVALID_PARTITIONS", "-5, -1, INVALID_PARTITIONS", "1001, -1, POLICY_VIOLATION",
        "1000000, -1, POLICY_VIOLATION", "1, 0, INVALID_REPLICATION_FACTOR", "1, -2, INVALID_REPLICATION_FACTOR",
        "1, 2, INVALID_REPLICATION_FACTOR", "1, 5, INVALID_REPLICATION_FACTOR"
    })
    void countsOutOfRangeAreRefused(int partitions, int replicationFactor, Errors error) {
        error(cluster.create(new NewTopic("t", partitions, replicationFactor, Map.of(), Map.of())), error);
    }

    @Test
    void replicasAreSpreadOverAsManyBrokersAsAskedFor() {
        cluster.liveBrokers(2, 3);
        assertThat(cluster.create(new NewTopic("t", 6, 3, Map.of(), Map.of())).errorCode())
                .isZero();
        assertThat(cluster.image().topics().get("t").partitions())
                .allMatch(p -> Set.copyOf(p.replicas()).equals(Set.of(1, 2, 3))
                        && p.isr().equals(p.replicas()));
        error(cluster.create(new NewTopic("u", 1, 4, Map.of(), Map.of())), Errors.INVALID_REPLICATION_FACTOR);
        cluster.die(3);
        TopicResult tooFew = cluster.create(new NewTopic("u", 1, 3, Map.of(), Map.of()));
        error(tooFew, Errors.INVALID_REPLICATION_FACTOR);
        assertThat(tooFew.message()).contains("live brokers", "2");
    }

    @Test
    void partitionsOfTheWholeClusterAreLimited() {
        assertThat(cluster.createAll(topic("a", 1000), topic("b", 1000), topic("c", 1000)))
                .allMatch(result -> result.errorCode() == 0);
        TopicResult result = cluster.create(topic("d", 1));
        error(result, Errors.POLICY_VIOLATION);
        assertThat(result.message()).contains("naru.admin.max-partitions");
    }

    @Test
    void configsAreChecked() {
        TopicResult unknown = cluster.create(new NewTopic("t", 1, 1, Map.of(), Map.of("retention.minutes", "5")));
        error(unknown, Errors.INVALID_CONFIG);
        assertThat(unknown.message()).contains("retention.minutes");
        error(
                cluster.create(new NewTopic("t", 1, 1, Map.of(), Map.of("cleanup.policy", "burn"))),
                Errors.INVALID_CONFIG);
        Map<String, String> none = new HashMap<>();
        none.put("retention.ms", null);
        error(cluster.create(new NewTopic("t", 1, 1, Map.of(), none)), Errors.INVALID_CONFIG);
    }

    @Test
    void replicasCanBeAssignedByHand() {
        cluster.liveBroker(2);
        assigned(Map.of(0, List.of(2), 1, List.of(1)), Errors.NONE);
        assertThat(cluster.partition("t", 0).leader()).isEqualTo(2);
        cluster.delete("t");
        assigned(Map.of(1, List.of(2)), Errors.INVALID_REPLICA_ASSIGNMENT);
        assigned(Map.of(0, List.of(7)), Errors.INVALID_REPLICA_ASSIGNMENT);
        assigned(Map.of(0, List.of()), Errors.INVALID_REPLICA_ASSIGNMENT);
        assigned(Map.of(0, List.of(1, 1)), Errors.INVALID_REPLICA_ASSIGNMENT);
        assigned(Map.of(0, List.of(1), 1, List.of(1, 2)), Errors.INVALID_REPLICA_ASSIGNMENT);
        assigned(Map.of(0, List.of(2, 1), 1, List.of(1, 2)), Errors.NONE);
        assertThat(cluster.partition("t", 0).replicas()).containsExactly(2, 1);
        error(cluster.create(new NewTopic("u", 1, -1, Map.of(0, List.of(1)), Map.of())), Errors.INVALID_REQUEST);
    }

    private void assigned(Map<Integer, List<Integer>> replicas, Errors expected) {
        error(cluster.create(new NewTopic("t", -1, -1, replicas, Map.of())), expected);
    }

    @Test
    void withoutALiveBrokerNothingIsCreated() {
        cluster.pass(3000);
        error(cluster.create(topic("t", 1)), Errors.INVALID_REPLICATION_FACTOR);
        error(
                cluster.create(new NewTopic("t", -1, -1, Map.of(0, List.of(1)), Map.of())),
                Errors.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void internalTopicsStay() {
        cluster.registerCoordinator(1, "c");
        ClusterImage before = cluster.image();
        error(cluster.delete(TopicImage.CONSUMER_OFFSETS), Errors.TOPIC_AUTHORIZATION_FAILED);
        error(cluster.create(topic(TopicImage.CONSUMER_OFFSETS, 1)), Errors.TOPIC_ALREADY_EXISTS);
        assertThat(cluster.image()).isEqualTo(before);
    }

    @Test
    void gatewaysMakeTheirTopicThemselvesAndNobodyDeletesIt() {
        assertThat(cluster.create(topic(TopicImage.HTTP_CONSUMERS, 1)).errorCode())
                .isZero();
        assertThat(cluster.image().topics().get(TopicImage.HTTP_CONSUMERS).internal())
                .isTrue();
        error(cluster.delete(TopicImage.HTTP_CONSUMERS), Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    private static void error(TopicResult result, Errors expected) {
        assertThat(Errors.forCode(result.errorCode())).as("%s", result).isEqualTo(expected);
        if (expected != Errors.NONE) {
            assertThat(result.message()).isNotBlank();
        }
    }
}
