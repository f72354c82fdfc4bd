package io.naru.admin.controller;

import static io.naru.cluster.PartitionImage.NO_LEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.ConfigTarget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who leads, who is in sync and who is eligible, rule by rule (KIP-966). */
class ElectionTest {

    private static final Map<String, String> MIN_TWO = Map.of("min.insync.replicas", "2");

    private final ControllerFixture cluster = new ControllerFixture();

    @BeforeEach
    void fourBrokers() {
        cluster.liveBrokers(1, 2, 3, 4);
    }

    private PartitionImage partition() {
        return cluster.partition("t", 0);
    }

    private void is(int leader, List<Integer> isr, List<Integer> elr) {
        assertThat(partition().leader()).as("leader of %s", partition()).isEqualTo(leader);
        assertThat(partition().isr()).as("ISR of %s", partition()).isEqualTo(isr);
        assertThat(partition().elr()).as("ELR of %s", partition()).isEqualTo(elr);
    }

    @Test
    void deadLeaderIsFollowedByTheFirstReplicaInSync() {
        cluster.createOn("t", Map.of(), 1, 2, 3);
        cluster.alterIsr("t", 0, 1, 3);
        PartitionImage before = partition();
        cluster.die(1);
        is(3, List.of(3), List.of());
        assertThat(partition().leaderEpoch()).isEqualTo(before.leaderEpoch() + 1);
        assertThat(partition().partitionEpoch()).isEqualTo(before.partitionEpoch() + 1);
    }

    @Test
    void aNewControllerPrefersWhomItHasHeard() {
        cluster.createOn("t", Map.of(), 1, 2, 3);
        cluster.failOver();
        cluster.heartbeat(3);
        cluster.heartbeat(1, false, List.of(cluster.replica("t", 0)));
        is(3, List.of(2, 3), List.of());
    }

    @Test
    void deadFollowerLeavesTheIsrAndTheLeaderEpochStays() {
        cluster.createOn("t", Map.of(), 1, 2, 3);
        PartitionImage before = partition();
        cluster.die(2);
        is(1, List.of(1, 3), List.of());
        assertThat(partition().leaderEpoch()).isEqualTo(before.leaderEpoch());
        cluster.heartbeat(2);
        assertThat(partition().isr()).as("alive, but not caught up yet").containsExactly(1, 3);
    }

    @Test
    void lastOneInSyncStaysAndLeadsAgainWhenItIsBack() {
        cluster.createOn("t", Map.of(), 1, 2, 3);
        cluster.die(2, 3);
        cluster.die(1, 2, 3);
        is(NO_LEADER, List.of(1), List.of());
        cluster.heartbeat(2);
        is(NO_LEADER, List.of(1), List.of());
        cluster.heartbeat(1);
        is(1, List.of(1), List.of());
    }

    @Test
    void whoeverLeavesTheIsrWhileItIsBelowTheMinimumIsEligible() {
        cluster.createOn("t", MIN_TWO, 1, 2, 3);
        cluster.alterIsr("t", 0, 1, 3);
        is(1, List.of(1, 3), List.of());
        cluster.alterIsr("t", 0, 1);
        is(1, List.of(1), List.of(3));
    }

    @Test
    void twoMayLeaveAtOnceAndBothAreEligible() {
        cluster.createOn("t", MIN_TWO, 1, 2, 3);
        cluster.die(2, 3);
        is(1, List.of(1), List.of(2, 3));
    }

    @Test
    void isrThatIsBackAtTheMinimumEmptiesTheElr() {
        cluster.createOn("t", Map.of("min.insync.replicas", "3"), 1, 2, 3, 4);
        cluster.die(3, 4);
        is(1, List.of(1, 2), List.of(3, 4));
        cluster.heartbeat(3);
        cluster.alterIsr("t", 0, 1, 2, 3);
        is(1, List.of(1, 2, 3), List.of());
    }

    @Test
    void minimumIsNoHigherThanTheReplicasThereAre() {
        cluster.createOn("t", Map.of("min.insync.replicas", "3"), 1, 2);
        cluster.die(2);
        is(1, List.of(1), List.of(2));
        cluster.heartbeat(2);
        cluster.alterIsr("t", 0, 1, 2);
        is(1, List.of(1, 2), List.of());
    }

    @Test
    void eligibleReplicaLeadsWhenNobodyInSyncIsLeft() {
        cluster.createOn("t", MIN_TWO, 1, 2, 3);
        cluster.die(2, 3);
        cluster.heartbeat(3);
        is(1, List.of(1), List.of(2, 3));
        cluster.die(1, 2);
        is(3, List.of(3), List.of(1, 2));
        cluster.heartbeat(1);
        cluster.alterIsr("t", 0, 1, 3);
        is(3, List.of(1, 3), List.of());
    }

    @Test
    void nobodyLeadsWhenThoseInSyncAndThoseEligibleAreDead() {
        cluster.createOn("t", MIN_TWO, 1, 2, 3);
        cluster.alterIsr("t", 0, 1, 2);
        cluster.die(2);
        cluster.die(1, 2);
        is(NO_LEADER, List.of(1), List.of(2));
        cluster.heartbeat(3);
        assertThat(partition().leader()).as("3 lacks records").isEqualTo(NO_LEADER);
        cluster.heartbeat(2);
        is(2, List.of(2), List.of(1));
    }

    @Test
    void uncleanElectionTakesAnyLiveReplicaIfTheTopicWantsIt() {
        cluster.createOn("t", Map.of("min.insync.replicas", "2", "unclean.leader.election.enable", "true"), 1, 2, 3);
        cluster.alterIsr("t", 0, 1, 2);
        cluster.die(1, 2);
        is(3, List.of(3), List.of());
        cluster.heartbeat(1);
        is(3, List.of(3), List.of());
    }

    @Test
    void uncleanElectionThatAllBrokersWantIsForTopicsThatDoNotSayOtherwise() {
        cluster.createOn("t", MIN_TWO, 1, 2, 3);
        cluster.createOn("never", Map.of("unclean.leader.election.enable", "false"), 1, 2, 3);
        cluster.alterIsr("t", 0, 1, 2);
        cluster.alterIsr("never", 0, 1, 2);
        cluster.die(1, 2);
        is(NO_LEADER, List.of(1, 2), List.of());
        uncleanOnAllBrokers(ConfigOp.set("unclean.leader.election.enable", "true"));
        is(3, List.of(3), List.of());
        assertThat(cluster.partition("never", 0).leader()).isEqualTo(NO_LEADER);
        uncleanOnAllBrokers(ConfigOp.delete("unclean.leader.election.enable"));
        cluster.die(3);
        cluster.heartbeat(1);
        is(NO_LEADER, List.of(3), List.of());
    }

    private void uncleanOnAllBrokers(ConfigOp op) {
        AlterConfigs alteration =
                new AlterConfigs(List.of(new AlterConfigs.Resource(ConfigTarget.allBrokers(), List.of(op))), false);
        assertThat(cluster.commit(cluster.controller.alterConfigs(alteration))
                        .results()
                        .get(0)
                        .errorCode())
                .isZero();
    }

    @Test
    void uncleanElectionIsTheLastResort() {
        cluster.createOn("t", Map.of("min.insync.replicas", "2", "unclean.leader.election.enable", "true"), 3, 2, 1);
        cluster.alterIsr("t", 0, 1, 3);
        cluster.alterIsr("t", 0, 3);
        is(3, List.of(3), List.of(1));
        cluster.die(3);
        is(1, List.of(1), List.of(3));
    }

    @Test
    void replicaWhoseDirectoryFailedNeitherLeadsNorIsInSync() {
        cluster.createOn("t", Map.of(), 1, 2);
        cluster.createOn("u", Map.of(), 1, 2);
        cluster.createOn("alone", Map.of(), 1);
        cluster.heartbeat(1, false, List.of(cluster.replica("t", 0), cluster.replica("alone", 0)));
        is(2, List.of(2), List.of());
        assertThat(cluster.partition("u", 0).leader()).isEqualTo(1);
        assertThat(cluster.partition("alone", 0).leader()).isEqualTo(NO_LEADER);
        assertThat(cluster.partition("alone", 0).isr()).containsExactly(1);
        long version = cluster.image().version();
        cluster.heartbeat(1, false, List.of(cluster.replica("alone", 0), cluster.replica("t", 0)));
        assertThat(cluster.image().version()).as("no news").isEqualTo(version);
        cluster.heartbeat(1);
        assertThat(cluster.partition("alone", 0).leader()).isEqualTo(1);
        is(2, List.of(2), List.of());
    }

    @Test
    void newControllerLearnsOfFailedDirectoriesFromTheFirstHeartbeat() {
        cluster.createOn("t", Map.of(), 1, 2);
        cluster.heartbeat(1, false, List.of(cluster.replica("t", 0)));
        cluster.failOver();
        cluster.heartbeat(1, false, List.of(cluster.replica("t", 0)));
        is(2, List.of(2), List.of());
        assertThat(cluster.alterIsr("t", 0, 1, 2).errorCode()).isEqualTo((short) 107);
    }

    @Test
    void raisingTheMinimumMakesNobodyEligible() {
        cluster.createOn("t", Map.of(), 1, 2, 3);
        cluster.die(2, 3);
        List<Change> raise = List.of(new Change.TopicConfigured("t", MIN_TWO));
        cluster.commit(new Decision<>(raise, cluster.controller.state().apply(raise), true));
        cluster.pass(100);
        is(1, List.of(1), List.of());
    }
}
