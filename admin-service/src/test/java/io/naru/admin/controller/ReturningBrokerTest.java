package io.naru.admin.controller;

import static io.naru.cluster.PartitionImage.NO_LEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.BrokerRegistration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Brokers that come back with less than they had. */
class ReturningBrokerTest {

    private static final Map<String, String> MIN_TWO = Map.of("min.insync.replicas", "2");

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void threeBrokers() {
        cluster.liveBrokers(1, 2, 3);
    }

    private void is(String topic, int leader, List<Integer> isr, List<Integer> elr) {
        PartitionImage partition = cluster.partition(topic, 0);
        assertThat(partition.leader()).as("leader of %s", partition).isEqualTo(leader);
        assertThat(partition.isr()).as("ISR of %s", partition).isEqualTo(isr);
        assertThat(partition.elr()).as("ELR of %s", partition).isEqualTo(elr);
    }

    @Test
    void cleanlyStoppedBrokerStaysEligible() {
        cluster.createOn("t", MIN_TWO, 1, 2);
        cluster.die(2);
        cluster.restart(2, true);
        is("t", 1, List.of(1), List.of(2));
    }

    @Test
    void brokerThatDidNotStopCleanlyLeavesTheElr() {
        cluster.createOn("t", MIN_TWO, 1, 2);
        cluster.die(2);
        cluster.restart(2, false);
        is("t", 1, List.of(1), List.of());
        cluster.die(1);
        is("t", NO_LEADER, List.of(1), List.of());
    }

    @Test
    void anOldCleanStopDoesNotCount() {
        cluster.createOn("t", MIN_TWO, 1, 2);
        long stoppedCleanlyAt = cluster.broker(2).epoch();
        cluster.restartAfterDeath(2, stoppedCleanlyAt);
        cluster.alterIsr("t", 0, 1, 2);
        cluster.restartAfterDeath(2, stoppedCleanlyAt);
        is("t", 1, List.of(1), List.of());
    }

    @Test
    void brokerThatDidNotStopCleanlyLeavesTheIsrWhereOthersRemain() {
        cluster.createOn("t", Map.of(), 1, 2, 3);
        cluster.createOn("alone", Map.of(), 1);
        cluster.die(1, 2, 3);
        is("t", NO_LEADER, List.of(1, 2, 3), List.of());
        cluster.restart(1, false);
        is("t", NO_LEADER, List.of(2, 3), List.of());
        is("alone", 1, List.of(1), List.of());
        cluster.restart(3, false);
        is("t", NO_LEADER, List.of(2), List.of());
        cluster.restart(2, false);
        is("t", 2, List.of(2), List.of());
    }

    @Test
    void lastInSyncWaitsForAnEligibleOneThatMayHaveMore() {
        cluster.createOn("t", MIN_TWO, 1, 2);
        cluster.die(2);
        cluster.die(1, 2);
        is("t", NO_LEADER, List.of(1), List.of(2));
        cluster.restart(1, false);
        is("t", NO_LEADER, List.of(), List.of(2));
        cluster.restart(2, true);
        is("t", 2, List.of(2), List.of());
    }

    @Test
    void lastOfAllIsInSyncHoweverItStopped() {
        cluster.createOn("t", MIN_TWO, 1, 2);
        cluster.die(2);
        cluster.die(1, 2);
        cluster.restart(1, false);
        cluster.restart(2, false);
        is("t", 2, List.of(2), List.of());
    }

    @Test
    void brokerWithANewDiskLeavesIsrAndElrEvenAsTheLast() {
        cluster.createOn("t", Map.of(), 1, 2);
        cluster.createOn("min", MIN_TWO, 1, 2);
        cluster.createOn("alone", Map.of(), 2);
        cluster.die(2);
        is("min", 1, List.of(1), List.of(2));
        cluster.restartWiped(2);
        is("t", 1, List.of(1), List.of());
        is("min", 1, List.of(1), List.of());
        is("alone", NO_LEADER, List.of(), List.of());
        cluster.die(1);
        is("t", NO_LEADER, List.of(1), List.of());
        assertThat(cluster.elect(true, "alone", 0).errorCode()).isZero();
        is("alone", 2, List.of(2), List.of());
    }

    @Test
    void wipedLeaderIsFollowedByAnEligibleReplica() {
        cluster.createOn("t", MIN_TWO, 1, 2);
        cluster.die(2);
        cluster.die(1, 2);
        cluster.restartWiped(1);
        is("t", NO_LEADER, List.of(), List.of(2));
        cluster.heartbeat(2);
        is("t", 2, List.of(2), List.of());
    }

    @Test
    void aFurtherDirectoryIsNoLossAndAMissingOneIs() {
        cluster.createOn("t", Map.of(), 1);
        cluster.die(1);
        register(1, List.of("dir-of-1", "more"), BrokerRegistration.UNKNOWN_EPOCH);
        is("t", 1, List.of(1), List.of());
        cluster.die(1);
        register(1, List.of("more"), cluster.broker(1).epoch());
        is("t", NO_LEADER, List.of(), List.of());
    }

    private void register(int id, List<String> logDirs, long previousEpoch) {
        cluster.commit(cluster.controller.register(
                ControllerFixture.registration(id, "again " + logDirs, logDirs, previousEpoch), cluster.nowMs));
        cluster.heartbeat(id);
    }

    @Test
    void sameProcessHasLostNothing() {
        cluster.createOn("t", MIN_TWO, 1, 2);
        cluster.die(2);
        cluster.register(2, "incarnation-of-2");
        is("t", 1, List.of(1), List.of(2));
    }

    @Test
    void newControllerFindsTheDirectoriesThatItsPredecessorKnew() {
        cluster.createOn("t", Map.of(), 1, 2);
        cluster.failOver();
        cluster.restartWiped(1);
        is("t", 2, List.of(2), List.of());
    }
}
