package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterPartitions;
import io.naru.cluster.control.AlterPartitions.AlterPartition;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import io.naru.cluster.control.ReplicaName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AlterPartition: compare and set. */
class InSyncReplicasTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void partition() {
        cluster.liveBrokers(1, 2, 3, 4);
        cluster.createOn("t", Map.of(), 1, 2, 3);
    }

    @Test
    void leaderShrinksAndExpands() {
        PartitionImage before = now();
        AlteredPartition shrunk = cluster.alterIsr("t", 0, 1);
        is(Errors.NONE, shrunk);
        assertThat(now().isr()).containsExactly(1);
        assertThat(now().partitionEpoch()).isEqualTo(before.partitionEpoch() + 1);
        assertThat(now().leaderEpoch()).isEqualTo(before.leaderEpoch());
        is(Errors.NONE, cluster.alterIsr("t", 0, 3, 1));
        assertThat(now().isr()).containsExactly(1, 3);
    }

    @Test
    void askingForWhatIsThereChangesNothing() {
        long version = cluster.image().version();
        is(Errors.NONE, cluster.alterIsr("t", 0, 3, 2, 1));
        assertThat(cluster.image().version()).isEqualTo(version);
    }

    @Test
    void oldAndFutureEpochsAreRefused() {
        cluster.alterIsr("t", 0, 1, 2);
        cluster.die(1);
        assertThat(now().leader()).isEqualTo(2);
        PartitionImage now = now();
        is(Errors.FENCED_LEADER_EPOCH, alter(1, now.leaderEpoch() - 1, now.partitionEpoch() - 1, 1));
        is(Errors.INVALID_UPDATE_VERSION, alter(2, now.leaderEpoch(), now.partitionEpoch() - 1, 2));
        is(Errors.NOT_CONTROLLER, alter(2, now.leaderEpoch() + 1, now.partitionEpoch(), 2));
        is(Errors.NOT_CONTROLLER, alter(2, now.leaderEpoch(), now.partitionEpoch() + 1, 2));
        is(Errors.INVALID_REQUEST, alter(3, now.leaderEpoch(), now.partitionEpoch(), 3));
        assertThat(now()).isEqualTo(now);
    }

    @Test
    void impossibleSetsAreRefused() {
        PartitionImage now = now();
        is(Errors.INVALID_REQUEST, alter(1, now.leaderEpoch(), now.partitionEpoch()));
        is(Errors.INVALID_REQUEST, alter(1, now.leaderEpoch(), now.partitionEpoch(), 2, 3));
        is(Errors.INVALID_REQUEST, alter(1, now.leaderEpoch(), now.partitionEpoch(), 1, 2, 2));
        is(Errors.INVALID_REQUEST, alter(1, now.leaderEpoch(), now.partitionEpoch(), 1, 4));
        assertThat(now()).isEqualTo(now);
    }

    @Test
    void unknownPartitionsAreNamed() {
        List<IsrMember> leader = List.of(new IsrMember(1, cluster.broker(1).epoch()));
        AlteredPartition noTopic =
                cluster.alter(1, new AlterPartition(new ReplicaName("AAAAAAAAAAAAAAAAAAAAAQ", 0), 0, 0, leader));
        is(Errors.UNKNOWN_TOPIC_ID, noTopic);
        assertThat(noTopic.state()).isNull();
        is(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                cluster.alter(1, new AlterPartition(cluster.replica("t", 7), 0, 0, leader)));
        is(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                cluster.alter(1, new AlterPartition(cluster.replica("t", -1), 0, 0, leader)));
    }

    @Test
    void deletedTopicsIdIsUnknownThoughTheNameIsTakenAgain() {
        ReplicaName old = cluster.replica("t", 0);
        cluster.delete("t");
        cluster.createOn("t", Map.of(), 1, 2, 3);
        is(Errors.UNKNOWN_TOPIC_ID, cluster.alter(1, new AlterPartition(old, 0, 0, List.of(new IsrMember(1, 1)))));
    }

    @Test
    void fencedBrokerMayNotJoin() {
        cluster.die(2);
        is(Errors.INELIGIBLE_REPLICA, cluster.alterIsr("t", 0, 1, 2, 3));
        cluster.heartbeat(2);
        is(Errors.NONE, cluster.alterIsr("t", 0, 1, 2, 3));
    }

    @Test
    void brokerThatRegisteredAnewSinceItCaughtUpMayNotJoin() {
        long caughtUpAs = cluster.broker(2).epoch();
        cluster.restartAfterDeath(2, caughtUpAs);
        PartitionImage now = now();
        AlterPartition stale = new AlterPartition(
                cluster.replica("t", 0),
                now.leaderEpoch(),
                now.partitionEpoch(),
                List.of(
                        new IsrMember(1, cluster.broker(1).epoch()),
                        new IsrMember(2, caughtUpAs),
                        new IsrMember(3, cluster.broker(3).epoch())));
        AlteredPartition refused = cluster.alter(1, stale);
        is(Errors.INELIGIBLE_REPLICA, refused);
        assertThat(refused.state()).isEqualTo(now);
    }

    @Test
    void brokerThatIsShuttingDownMayNotJoin() {
        cluster.heartbeat(2, true, List.of());
        assertThat(now().isr()).containsExactly(1, 3);
        is(Errors.INELIGIBLE_REPLICA, cluster.alterIsr("t", 0, 1, 2, 3));
    }

    @Test
    void offlineReplicaMayNotJoin() {
        cluster.heartbeat(2, false, List.of(cluster.replica("t", 0)));
        is(Errors.INELIGIBLE_REPLICA, cluster.alterIsr("t", 0, 1, 2, 3));
    }

    @Test
    void partitionsOfARequestAreDecidedEachOnItsOwn() {
        cluster.createOn("u", Map.of(), 1, 2);
        PartitionImage t = now();
        PartitionImage u = cluster.partition("u", 0);
        List<IsrMember> leader = List.of(new IsrMember(1, cluster.broker(1).epoch()));
        AlteredPartitions answer = cluster.commit(cluster.controller.alterPartitions(new AlterPartitions(
                1,
                cluster.broker(1).epoch(),
                List.of(
                        new AlterPartition(cluster.replica("t", 0), t.leaderEpoch(), t.partitionEpoch() + 9, leader),
                        new AlterPartition(cluster.replica("u", 0), u.leaderEpoch(), u.partitionEpoch(), leader),
                        new AlterPartition(cluster.replica("u", 0), u.leaderEpoch(), u.partitionEpoch(), leader)))));
        assertThat(answer.partitions())
                .extracting(p -> Errors.forCode(p.errorCode()))
                .containsExactly(Errors.NOT_CONTROLLER, Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(answer.imageVersion()).isEqualTo(cluster.image().version());
        assertThat(answer.partitions().get(1).state()).isEqualTo(cluster.partition("u", 0));
    }

    @Test
    void staleBrokerEpochIsRefusedAsAWhole() {
        AlterPartitions request = new AlterPartitions(1, cluster.broker(1).epoch() - 1, List.of());
        assertThatThrownBy(() -> cluster.controller.alterPartitions(request))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.error()).isEqualTo(Errors.STALE_BROKER_EPOCH));
    }

    private PartitionImage now() {
        return cluster.partition("t", 0);
    }

    private AlteredPartition alter(int leader, int leaderEpoch, int partitionEpoch, int... isr) {
        List<IsrMember> members = Arrays.stream(isr)
                .mapToObj(id -> new IsrMember(id, cluster.broker(id).epoch()))
                .toList();
        // A fenced leader's epoch is still the registered one, so that what it says is heard and refused for what it
        // is.
        return cluster.alter(leader, new AlterPartition(cluster.replica("t", 0), leaderEpoch, partitionEpoch, members));
    }

    private void is(Errors expected, AlteredPartition answer) {
        assertThat(Errors.forCode(answer.errorCode())).as("%s", answer).isEqualTo(expected);
        if (expected != Errors.UNKNOWN_TOPIC_ID && expected != Errors.UNKNOWN_TOPIC_OR_PARTITION) {
            assertThat(answer.state()).isEqualTo(now());
        }
    }
}
