package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.PartitionResult;
import io.naru.cluster.control.PartitionResults;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Elections that somebody asks for, and those that come by themselves with time. */
class LeaderElectionsTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void threeBrokers() {
        cluster.liveBrokers(1, 2, 3);
        cluster.createOn("t", Map.of(), 1, 2, 3);
    }

    private static void is(Errors error, PartitionResult result) {
        assertThat(Errors.forCode(result.errorCode())).as("%s", result).isEqualTo(error);
        assertThat(error == Errors.NONE || result.message() != null).isTrue();
    }

    private int leader(String topic, int partition) {
        return cluster.partition(topic, partition).leader();
    }

    @Test
    void preferredReplicaLeadsAgainOnceItIsInSync() {
        is(Errors.ELECTION_NOT_NEEDED, cluster.elect(false, "t", 0));
        cluster.die(1);
        is(Errors.PREFERRED_LEADER_NOT_AVAILABLE, cluster.elect(false, "t", 0));
        cluster.heartbeat(1);
        is(Errors.PREFERRED_LEADER_NOT_AVAILABLE, cluster.elect(false, "t", 0));
        assertThat(leader("t", 0)).isEqualTo(2);
        cluster.alterIsr("t", 0, 1, 2, 3);
        PartitionImage before = cluster.partition("t", 0);
        is(Errors.NONE, cluster.elect(false, "t", 0));
        assertThat(leader("t", 0)).isEqualTo(1);
        assertThat(cluster.partition("t", 0).leaderEpoch()).isEqualTo(before.leaderEpoch() + 1);
        is(Errors.UNKNOWN_TOPIC_OR_PARTITION, cluster.elect(false, "t", 1));
    }

    @Test
    void uncleanElectionIsForPartitionsWithoutALeader() {
        is(Errors.ELECTION_NOT_NEEDED, cluster.elect(true, "t", 0));
        cluster.alterIsr("t", 0, 1);
        cluster.die(1, 2, 3);
        is(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE, cluster.elect(true, "t", 0));
        cluster.heartbeat(3);
        is(Errors.NONE, cluster.elect(true, "t", 0));
        assertThat(leader("t", 0)).isEqualTo(3);
        assertThat(cluster.partition("t", 0).isr()).containsExactly(3);
        assertThat(cluster.partition("t", 0).elr()).isEmpty();
    }

    @Test
    void allMeansThoseThatNeedIt() {
        cluster.createOn("u", Map.of(), 2, 3);
        cluster.createOn("v", Map.of(), 1, 3);
        cluster.die(1);
        cluster.heartbeat(1);
        cluster.alterIsr("t", 0, 1, 2, 3);
        PartitionResults all = cluster.commit(cluster.controller.electLeaders(new ElectLeaders(false, null)));
        assertThat(all.results())
                .extracting(PartitionResult::partition, r -> Errors.forCode(r.errorCode()))
                .containsExactly(
                        tuple(new PartitionName("t", 0), Errors.NONE),
                        tuple(new PartitionName("v", 0), Errors.PREFERRED_LEADER_NOT_AVAILABLE));
    }

    @Test
    void partitionNamedTwiceIsElectedOnce() {
        PartitionName name = new PartitionName("t", 0);
        assertThat(cluster.commit(cluster.controller.electLeaders(new ElectLeaders(false, List.of(name, name))))
                        .results())
                .hasSize(1);
    }

    @Test
    void leadershipsGoBackByThemselvesWhenTooManyHaveStrayed() {
        cluster.create(new NewTopic("many", 30, 2, Map.of(), Map.of()));
        cluster.die(1);
        cluster.restart(1, true);
        cluster.image().topics().get("many").partitions().stream()
                .filter(p -> p.replicas().contains(1))
                .forEach(p ->
                        cluster.alterIsr("many", p.partition(), p.replicas().toArray(Integer[]::new)));
        assertThat(ledBy(1)).isZero();
        balanceAfter(290_000);
        assertThat(ledBy(1)).as("not yet").isZero();
        balanceAfter(10_000);
        assertThat(ledBy(1)).isEqualTo(10);
        assertThat(cluster.commit(cluster.controller.balanceLeaders(cluster.nowMs + 300_000)))
                .as("all is well")
                .isZero();
    }

    @Test
    void fewStraysAreLeftAlone() {
        cluster.create(new NewTopic("many", 30, 2, Map.of(), Map.of()));
        PartitionImage one = cluster.image().topics().get("many").partitions().stream()
                .filter(p -> p.leader() == 1)
                .findFirst()
                .orElseThrow();
        List<Change> stray = List.of(new Change.PartitionChanged(
                "many", one.withLeader(one.replicas().get(1))));
        cluster.commit(new Decision<>(stray, cluster.controller.state().apply(stray), true));
        balanceAfter(300_000);
        assertThat(ledBy(1)).as("1 of 11 is less than a tenth").isEqualTo(9);
    }

    private void balanceAfter(long ms) {
        cluster.nowMs += ms;
        cluster.commit(cluster.controller.balanceLeaders(cluster.nowMs));
    }

    private long ledBy(int broker) {
        return cluster.image().topics().get("many").partitions().stream()
                .filter(p -> p.leader() == broker)
                .count();
    }
}
