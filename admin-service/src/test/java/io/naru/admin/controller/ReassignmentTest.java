package io.naru.admin.controller;

import static io.naru.cluster.PartitionImage.NO_LEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlterReassignments.Reassignment;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.PartitionResult;
import io.naru.cluster.control.PartitionResults;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitions moving to other brokers (KIP-455). */
class ReassignmentTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void sixBrokers() {
        cluster.liveBrokers(1, 2, 3, 4, 5, 6);
        cluster.createOn("t", Map.of("min.insync.replicas", "2"), 1, 2, 3);
    }

    private PartitionImage now() {
        return cluster.partition("t", 0);
    }

    private void move(@Nullable List<Integer> target) {
        is(Errors.NONE, cluster.reassign("t", 0, target));
    }

    private static void is(Errors error, PartitionResult result) {
        assertThat(Errors.forCode(result.errorCode())).as("%s", result).isEqualTo(error);
        assertThat(error == Errors.NONE || result.message() != null).isTrue();
    }

    private void replicas(List<Integer> all, List<Integer> adding, List<Integer> removing) {
        assertThat(now().replicas()).isEqualTo(all);
        assertThat(now().adding()).isEqualTo(adding);
        assertThat(now().removing()).isEqualTo(removing);
    }

    @Test
    void addsThenCatchesUpThenSwitchesThenRemoves() {
        move(List.of(4, 5, 1));
        replicas(List.of(4, 5, 1, 2, 3), List.of(4, 5), List.of(2, 3));
        assertThat(now().isr()).containsExactly(1, 2, 3);
        assertThat(now().leader()).isEqualTo(1);
        cluster.alterIsr("t", 0, 1, 2, 3, 4);
        replicas(List.of(4, 5, 1, 2, 3), List.of(4, 5), List.of(2, 3));
        AlteredPartition done = cluster.alterIsr("t", 0, 1, 2, 3, 4, 5);
        replicas(List.of(4, 5, 1), List.of(), List.of());
        assertThat(now().isr()).containsExactly(4, 5, 1);
        assertThat(now().leader()).as("stays, being part of the target").isEqualTo(1);
        assertThat(done.state()).isEqualTo(now());
    }

    @Test
    void leaderThatGoesHandsOver() {
        int leaderEpoch = now().leaderEpoch();
        move(List.of(4, 5, 6));
        cluster.alterIsr("t", 0, 1, 2, 3, 4, 5, 6);
        replicas(List.of(4, 5, 6), List.of(), List.of());
        assertThat(now().leader()).isEqualTo(4);
        assertThat(now().leaderEpoch()).isEqualTo(leaderEpoch + 1);
    }

    @Test
    void whatNeedsNoCatchingUpIsDoneAtOnce() {
        move(List.of(3, 1));
        replicas(List.of(3, 1), List.of(), List.of());
        assertThat(now().leader()).isEqualTo(1);
        move(List.of(1, 3));
        replicas(List.of(1, 3), List.of(), List.of());
        move(List.of(3));
        assertThat(now().leader()).isEqualTo(3);
        assertThat(now().isr()).containsExactly(3);
        int epoch = now().partitionEpoch();
        move(List.of(3));
        assertThat(now().partitionEpoch()).isEqualTo(epoch);
    }

    @Test
    void replicaThatIsNotInSyncIsWaitedForEvenIfItIsNotNew() {
        cluster.die(2);
        move(List.of(1, 2));
        replicas(List.of(1, 2, 3), List.of(), List.of(3));
        cluster.heartbeat(2);
        cluster.alterIsr("t", 0, 1, 2, 3);
        replicas(List.of(1, 2), List.of(), List.of());
    }

    @Test
    void cancellingLeavesWhatWasThere() {
        move(List.of(4, 5, 6));
        cluster.alterIsr("t", 0, 1, 2, 3, 4);
        move(null);
        replicas(List.of(1, 2, 3), List.of(), List.of());
        assertThat(now().isr()).containsExactly(1, 2, 3);
        is(Errors.NO_REASSIGNMENT_IN_PROGRESS, cluster.reassign("t", 0, null));
    }

    @Test
    void cancellingTakesTheLeadershipBack() {
        move(List.of(4, 5, 6));
        cluster.alterIsr("t", 0, 1, 2, 3, 4);
        cluster.alterIsr("t", 0, 1, 2, 4);
        cluster.die(1);
        cluster.alterIsr("t", 0, 2, 4);
        is(Errors.ELECTION_NOT_NEEDED, cluster.elect(false, "t", 0));
        assertThat(now().leader()).isEqualTo(4);
        move(null);
        assertThat(now().leader()).isEqualTo(2);
        assertThat(now().isr()).containsExactly(2);
        assertThat(now().elr()).as("4 is no replica any more").isEmpty();
    }

    @Test
    void cancellingIsRefusedWhenOnlyNewReplicasHaveTheRecords() {
        cluster.createOn("u", Map.of(), 1);
        is(Errors.NONE, cluster.reassign("u", 0, List.of(2, 3)));
        cluster.alterIsr("u", 0, 1, 2);
        cluster.die(1);
        assertThat(cluster.partition("u", 0).isr()).containsExactly(2);
        PartitionResult refused = cluster.reassign("u", 0, null);
        is(Errors.INVALID_REPLICA_ASSIGNMENT, refused);
        assertThat(refused.message()).contains("[1]");
        is(Errors.INVALID_REPLICA_ASSIGNMENT, cluster.reassign("u", 0, List.of(4)));
        is(Errors.NONE, cluster.reassign("u", 0, List.of(4, 2)));
    }

    @Test
    void anotherTargetTakesThePlaceOfTheFirst() {
        move(List.of(4, 5, 1));
        cluster.alterIsr("t", 0, 1, 2, 3, 4);
        move(List.of(6, 2, 3));
        replicas(List.of(6, 2, 3, 1), List.of(6), List.of(1));
        assertThat(now().isr()).as("4 is gone at once").containsExactly(2, 3, 1);
        move(List.of(1, 2, 3));
        replicas(List.of(1, 2, 3), List.of(), List.of());
    }

    @Test
    void addedReplicasDoNotRaiseTheMinimumBeforeTheyAreThere() {
        cluster.createOn("u", Map.of("min.insync.replicas", "2"), 1);
        is(Errors.NONE, cluster.reassign("u", 0, List.of(1, 2, 3)));
        PartitionImage growing = cluster.partition("u", 0);
        assertThat(growing.minInSyncReplicas(2)).isEqualTo(1);
        cluster.alterIsr("u", 0, 1, 2);
        cluster.die(2);
        assertThat(cluster.partition("u", 0).elr()).isEmpty();
        cluster.heartbeat(2);
        cluster.alterIsr("u", 0, 1, 2, 3);
        assertThat(cluster.partition("u", 0).minInSyncReplicas(2)).isEqualTo(2);
    }

    @Test
    void newReplicasCanTakeOverWhenTheOldOnesDie() {
        move(List.of(4, 5, 6));
        cluster.alterIsr("t", 0, 1, 4);
        cluster.die(1, 2, 3);
        assertThat(now().leader()).isEqualTo(4);
        assertThat(now().elr()).containsExactly(1);
        cluster.alterIsr("t", 0, 4, 5, 6);
        replicas(List.of(4, 5, 6), List.of(), List.of());
    }

    @Test
    void impossibleTargetsAreRefused() {
        is(Errors.INVALID_REPLICA_ASSIGNMENT, cluster.reassign("t", 0, List.of()));
        is(Errors.INVALID_REPLICA_ASSIGNMENT, cluster.reassign("t", 0, List.of(4, 4)));
        is(Errors.INVALID_REPLICA_ASSIGNMENT, cluster.reassign("t", 0, List.of(4, 9)));
        is(Errors.INVALID_REPLICA_ASSIGNMENT, cluster.reassign("t", 0, List.of(-1)));
        is(Errors.UNKNOWN_TOPIC_OR_PARTITION, cluster.reassign("t", 1, List.of(4)));
        is(Errors.UNKNOWN_TOPIC_OR_PARTITION, cluster.reassign("u", 0, List.of(4)));
        is(Errors.NO_REASSIGNMENT_IN_PROGRESS, cluster.reassign("t", 0, null));
        replicas(List.of(1, 2, 3), List.of(), List.of());
    }

    @Test
    void replicationFactorMayBeHeld() {
        PartitionName partition = new PartitionName("t", 0);
        assertThat(alter(false, new Reassignment(partition, List.of(1, 2))))
                .containsExactly(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(alter(false, new Reassignment(partition, List.of(4, 5, 6)))).containsExactly(Errors.NONE);
        assertThat(alter(false, new Reassignment(partition, List.of(1, 2, 4))))
                .as("while it is moving there are six replicas, but three is what it has")
                .containsExactly(Errors.NONE);
    }

    @Test
    void severalAtOnceEachOnItsOwn() {
        cluster.createOn("u", Map.of(), 1);
        PartitionName t = new PartitionName("t", 0);
        PartitionName u = new PartitionName("u", 0);
        assertThat(alter(
                        true,
                        new Reassignment(t, List.of(9)),
                        new Reassignment(u, List.of(2)),
                        new Reassignment(new PartitionName("v", 0), null)))
                .containsExactly(Errors.INVALID_REPLICA_ASSIGNMENT, Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(cluster.partition("u", 0).adding()).containsExactly(2);
        assertThat(alter(true, new Reassignment(t, List.of(4)), new Reassignment(t, List.of(5))))
                .containsExactly(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST);
    }

    private List<Errors> alter(boolean factorMayChange, Reassignment... wanted) {
        PartitionResults results = cluster.commit(
                cluster.controller.alterReassignments(new AlterReassignments(List.of(wanted), factorMayChange)));
        assertThat(results.imageVersion()).isEqualTo(cluster.image().version());
        return results.results().stream()
                .map(result -> Errors.forCode(result.errorCode()))
                .toList();
    }

    @Test
    void goesOnUnderANewController() {
        move(List.of(4, 5, 6));
        cluster.failOver();
        cluster.alterIsr("t", 0, 1, 2, 3, 4, 5, 6);
        replicas(List.of(4, 5, 6), List.of(), List.of());
    }

    @Test
    void nothingIsRemovedWhileNobodyLeads() {
        cluster.createOn("u", Map.of(), 1, 2);
        cluster.die(1, 2);
        assertThat(cluster.partition("u", 0).isr()).containsExactly(1, 2);
        is(Errors.NONE, cluster.reassign("u", 0, List.of(2)));
        assertThat(cluster.partition("u", 0).replicas()).containsExactly(2, 1);
        assertThat(cluster.partition("u", 0).leader()).isEqualTo(NO_LEADER);
        cluster.heartbeat(1);
        assertThat(cluster.partition("u", 0).leader()).isEqualTo(1);
    }
}
