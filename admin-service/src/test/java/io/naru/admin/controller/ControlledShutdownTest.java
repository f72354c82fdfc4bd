package io.naru.admin.controller;

import static io.naru.cluster.PartitionImage.NO_LEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that stops in good order. */
class ControlledShutdownTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void threeBrokers() {
        cluster.liveBrokers(1, 2, 3);
        cluster.createOn("t", Map.of(), 1, 2, 3);
        cluster.createOn("alone", Map.of(), 1);
    }

    private HeartbeatAnswer stop(int id) {
        return cluster.heartbeat(id, true, List.of());
    }

    @Test
    void leadershipsMoveFirstAndOthersSeeItBeforeTheBrokerMayGo() {
        PartitionImage before = cluster.partition("t", 0);
        HeartbeatAnswer first = stop(1);
        assertThat(first.mayShutDown()).isFalse();
        assertThat(first.fenced()).isFalse();
        PartitionImage moved = cluster.partition("t", 0);
        assertThat(moved.leader()).isEqualTo(2);
        assertThat(moved.isr()).containsExactly(2, 3);
        assertThat(moved.leaderEpoch()).isEqualTo(before.leaderEpoch() + 1);
        assertThat(cluster.partition("alone", 0).leader())
                .as("nobody else can lead it")
                .isEqualTo(1);
        assertThat(stop(1).mayShutDown()).isFalse();
        cluster.heartbeat(2);
        assertThat(stop(1).mayShutDown()).as("3 has not seen it").isFalse();
        cluster.heartbeat(3);
        HeartbeatAnswer last = stop(1);
        assertThat(last.mayShutDown()).isTrue();
        assertThat(last.fenced()).isTrue();
        assertThat(cluster.broker(1).fenced()).isTrue();
        assertThat(cluster.partition("alone", 0).leader()).isEqualTo(NO_LEADER);
        assertThat(stop(1).mayShutDown()).as("asked again").isTrue();
    }

    @Test
    void deadBrokerDoesNotKeepAnotherFromStopping() {
        stop(1);
        cluster.heartbeat(2);
        assertThat(stop(1).mayShutDown()).isFalse();
        cluster.die(3);
        assertThat(stop(1).mayShutDown()).isTrue();
    }

    @Test
    void wholeClusterCanStopAtOnce() {
        assertThat(stop(1).mayShutDown()).isFalse();
        assertThat(stop(2).mayShutDown()).isFalse();
        assertThat(cluster.partition("t", 0).leader()).isEqualTo(3);
        assertThat(stop(3).mayShutDown()).isTrue();
        assertThat(stop(2).mayShutDown()).isTrue();
        assertThat(stop(1).mayShutDown()).isTrue();
        assertThat(cluster.partition("t", 0).isr()).containsExactly(3);
    }

    @Test
    void thereIsNoWayBackButToRegister() {
        stop(1);
        cluster.heartbeat(1);
        assertThat(cluster.partition("t", 0).isr()).containsExactly(2, 3);
        cluster.heartbeat(2);
        cluster.heartbeat(3);
        assertThat(cluster.heartbeat(1).mayShutDown()).isTrue();
        HeartbeatAnswer late = cluster.commit(cluster.controller.brokerHeartbeat(
                1, new Heartbeat(cluster.broker(1).epoch(), cluster.image().version(), false), cluster.nowMs));
        assertThat(late.fenced()).isTrue();
        assertThat(cluster.broker(1).fenced()).isTrue();
        cluster.restart(1, true);
        assertThat(cluster.broker(1).fenced()).isFalse();
        assertThat(cluster.partition("alone", 0).leader()).isEqualTo(1);
    }

    @Test
    void eligibleReplicaTakesOverFromTheLastInSync() {
        cluster.createOn("min", Map.of("min.insync.replicas", "2"), 1, 2);
        cluster.alterIsr("min", 0, 1);
        stop(1);
        assertThat(cluster.partition("min", 0).leader()).isEqualTo(2);
        assertThat(cluster.partition("min", 0).elr()).containsExactly(1);
    }

    @Test
    void uncleanElectionWaitsUntilTheLeaderHasStopped() {
        cluster.createOn("any", Map.of("unclean.leader.election.enable", "true"), 1, 2);
        cluster.alterIsr("any", 0, 1);
        stop(1);
        assertThat(cluster.partition("any", 0).leader()).isEqualTo(1);
        cluster.heartbeat(2);
        cluster.heartbeat(3);
        stop(1);
        assertThat(cluster.partition("any", 0).leader()).isEqualTo(2);
    }

    @Test
    void stoppingBrokerGetsNoNewReplicas() {
        stop(1);
        cluster.create(ControllerFixture.topic("new", 6));
        assertThat(cluster.image().topic("new").orElseThrow().partitions())
                .noneMatch(partition -> partition.replicas().contains(1));
    }

    @Test
    void newControllerGoesOnWithTheStop() {
        stop(1);
        cluster.failOver();
        assertThat(stop(1).mayShutDown()).isFalse();
        assertThat(cluster.partition("t", 0).leader()).isEqualTo(2);
        cluster.heartbeat(2);
        cluster.heartbeat(3);
        assertThat(stop(1).mayShutDown()).isTrue();
    }
}
