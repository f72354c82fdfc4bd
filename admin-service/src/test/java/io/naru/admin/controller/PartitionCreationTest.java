package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreatePartitions.MorePartitions;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionCreationTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void topic() {
        cluster.liveBrokers(1, 2, 3);
        cluster.create(new NewTopic("t", 2, 2, Map.of(), Map.of("retention.ms", "5")));
    }

    private TopicResult more(String topic, int count, List<List<Integer>> assignments) {
        return ask(false, new MorePartitions(topic, count, assignments))
                .results()
                .get(0);
    }

    private TopicResults ask(boolean validateOnly, MorePartitions... topics) {
        return cluster.commit(cluster.controller.createPartitions(new CreatePartitions(List.of(topics), validateOnly)));
    }

    private static void is(Errors error, TopicResult result) {
        assertThat(Errors.forCode(result.errorCode())).as("%s", result).isEqualTo(error);
        assertThat(error == Errors.NONE || result.message() != null).isTrue();
    }

    @Test
    void topicGrowsWithTheReplicationThatItHas() {
        TopicImage before = cluster.image().topics().get("t");
        TopicResult result = more("t", 5, List.of());
        is(Errors.NONE, result);
        TopicImage after = cluster.image().topics().get("t");
        assertThat(after).isEqualTo(result.topic());
        assertThat(after.partitions()).hasSize(5).startsWith(before.partitions().toArray(PartitionImage[]::new));
        assertThat(after.partitions())
                .allMatch(p ->
                        p.replicas().size() == 2 && p.leader() == p.replicas().get(0));
        assertThat(after.configs()).isEqualTo(before.configs());
        assertThat(after.topicId()).isEqualTo(before.topicId());
    }

    @Test
    void replicasCanBeAssignedByHand() {
        is(Errors.NONE, more("t", 3, List.of(List.of(3, 1))));
        assertThat(cluster.partition("t", 2)).isEqualTo(new PartitionImage(2, List.of(3, 1), List.of(3, 1), 3, 0, 0));
        is(Errors.INVALID_REPLICA_ASSIGNMENT, more("t", 5, List.of(List.of(3, 1))));
        is(Errors.INVALID_REPLICA_ASSIGNMENT, more("t", 4, List.of(List.of(3))));
        is(Errors.INVALID_REPLICA_ASSIGNMENT, more("t", 4, List.of(List.of(3, 3))));
        is(Errors.INVALID_REPLICA_ASSIGNMENT, more("t", 4, List.of(List.of(3, 9))));
    }

    @Test
    void nothingShrinks() {
        is(Errors.INVALID_PARTITIONS, more("t", 2, List.of()));
        is(Errors.INVALID_PARTITIONS, more("t", 0, List.of()));
        is(Errors.INVALID_PARTITIONS, more("t", Integer.MIN_VALUE, List.of()));
    }

    @Test
    void limitsHold() {
        is(Errors.POLICY_VIOLATION, more("t", 1001, List.of()));
        is(Errors.POLICY_VIOLATION, more("t", Integer.MAX_VALUE, List.of()));
        is(Errors.UNKNOWN_TOPIC_OR_PARTITION, more("u", 5, List.of()));
        cluster.die(2, 3);
        is(Errors.INVALID_REPLICATION_FACTOR, more("t", 3, List.of()));
    }

    @Test
    void internalTopicsKeepTheirCount() {
        cluster.registerCoordinator(1, "c");
        is(Errors.INVALID_REQUEST, more(TopicImage.CONSUMER_OFFSETS, 60, List.of()));
    }

    @Test
    void validationChangesNothing() {
        long version = cluster.image().version();
        TopicResults results = ask(true, new MorePartitions("t", 3, List.of()), new MorePartitions("u", 3, List.of()));
        assertThat(results.results().get(0).topic().partitions()).hasSize(3);
        is(Errors.UNKNOWN_TOPIC_OR_PARTITION, results.results().get(1));
        assertThat(cluster.image().version()).isEqualTo(version);
        ask(false, new MorePartitions("t", 3, List.of()), new MorePartitions("t", 4, List.of()))
                .results()
                .forEach(result -> is(Errors.INVALID_REQUEST, result));
    }
}
