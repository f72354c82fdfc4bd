package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.controller.ControllerSettings.OffsetsTopicSettings;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.NewTopic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Broker configs that are the controller's: each does what it says, at a value that is not its default. */
class ControllerConfigsTest {

    private static final int PARTITIONS = 4;
    private static final int REPLICATION_FACTOR = 2;
    private static final int OFFSETS_PARTITIONS = 7;
    private static final long SESSION_TIMEOUT_MS = 5_000;
    private static final long BALANCE_INTERVAL_MS = 9_000;

    private final ControllerFixture cluster = new ControllerFixture(settings(true));

    private static ControllerSettings settings(boolean balance) {
        return new ControllerSettings(
                SESSION_TIMEOUT_MS,
                PARTITIONS,
                REPLICATION_FACTOR,
                new OffsetsTopicSettings(OFFSETS_PARTITIONS, 2),
                1000,
                3000,
                new LeaderBalanceSettings(balance, BALANCE_INTERVAL_MS, 10));
    }

    @Test
    void brokersAreToldWithTheirRegistration() {
        assertThat(cluster.register(1, "a").configs())
                .isEqualTo(Map.of(
                        "num.partitions", "4",
                        "default.replication.factor", "2",
                        "offsets.topic.num.partitions", "7",
                        "offsets.topic.replication.factor", "2",
                        "broker.session.timeout.ms", "5000",
                        "leader.imbalance.check.interval.seconds", "9"));
        assertThat(new ControllerFixture(settings(false)).register(1, "a").configs())
                .containsEntry("auto.leader.rebalance.enable", "false");
    }

    @Test
    void aTopicWithoutCountsHasTheDefaultOnes() {
        cluster.liveBrokers(1, 2, 3);
        assertThat(cluster.create(new NewTopic("t", -1, -1, Map.of(), Map.of())).errorCode())
                .isZero();
        List<PartitionImage> partitions =
                cluster.image().topic("t").orElseThrow().partitions();
        assertThat(partitions).hasSize(PARTITIONS);
        assertThat(partitions).allMatch(p -> p.replicas().size() == REPLICATION_FACTOR);
    }

    @Test
    void theOffsetsTopicHasAsManyPartitionsAndReplicasAsAreSet() {
        cluster.liveBrokers(1, 2, 3);
        cluster.registerCoordinator(1, "c");
        List<PartitionImage> partitions =
                cluster.image().topic(TopicImage.CONSUMER_OFFSETS).orElseThrow().partitions();
        assertThat(partitions).hasSize(OFFSETS_PARTITIONS);
        assertThat(partitions).allMatch(p -> p.replicas().size() == 2);
        assertThat(cluster.image().shards()).hasSize(OFFSETS_PARTITIONS);
    }

    @Test
    void aSilentBrokerIsFencedWhenTheSessionTimeoutIsOver() {
        cluster.liveBroker(1);
        cluster.pass(SESSION_TIMEOUT_MS - 100);
        assertThat(cluster.broker(1).fenced()).isFalse();
        cluster.pass(100);
        assertThat(cluster.broker(1).fenced()).isTrue();
    }

    @Test
    void leadershipsGoBackAtTheIntervalThatIsSet() {
        stray(cluster);
        assertThat(balanceAfter(cluster, BALANCE_INTERVAL_MS - 1)).isZero();
        assertThat(balanceAfter(cluster, 1)).isPositive();
        assertThat(cluster.partition("t", 0).leader()).isEqualTo(1);
        stray(cluster);
        assertThat(balanceAfter(cluster, BALANCE_INTERVAL_MS - 1))
                .as("the next time")
                .isZero();
        assertThat(balanceAfter(cluster, 1)).isPositive();
    }

    @Test
    void leadershipsStayWhereTheyAreWhenBalancingIsOff() {
        ControllerFixture off = new ControllerFixture(settings(false));
        stray(off);
        assertThat(balanceAfter(off, 1000 * BALANCE_INTERVAL_MS)).isZero();
        assertThat(off.partition("t", 0).leader()).isEqualTo(2);
    }

    /** A partition that prefers broker 1 is led by 2, both being in sync. */
    private static void stray(ControllerFixture cluster) {
        if (cluster.image().topic("t").isEmpty()) {
            cluster.liveBrokers(1, 2);
            cluster.createOn("t", Map.of(), 1, 2);
        }
        List<Change> moved = List.of(
                new Change.PartitionChanged("t", cluster.partition("t", 0).withLeader(2)));
        cluster.commit(new Decision<>(moved, cluster.controller.state().apply(moved), true));
    }

    private static int balanceAfter(ControllerFixture cluster, long ms) {
        cluster.nowMs += ms;
        return cluster.commit(cluster.controller.balanceLeaders(cluster.nowMs));
    }
}
