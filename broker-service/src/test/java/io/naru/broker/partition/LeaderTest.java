package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.Batches;
import io.naru.broker.log.disk.FaultyDisk;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterPartitions.IsrMember;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader of three replicas; the followers are calls. */
class LeaderTest {

    private static final long NOW = Replicas.NOW;
    private static final short ALL = -1;

    @TempDir
    private Path dir;

    private Replicas replicas;
    private Partition leader;
    private final List<Errors> verdicts = new ArrayList<>();

    @BeforeEach
    void lead() throws IOException {
        replicas = new Replicas(1, dir);
        replicas.config("min.insync.replicas", "2");
        leader = replicas.image(1, 5, 1, Set.of(1, 2, 3), 0);
    }

    @AfterEach
    void close() {
        replicas.close();
    }

    private void append(int records) {
        for (int i = 0; i < records; i++) {
            leader.append(Batches.of(NOW, "v"), ALL, NOW);
        }
    }

    private PartitionRead fetch(int follower, long offset, long nowMs) {
        return fetch(new FollowerId(follower, 10L * follower), offset, nowMs);
    }

    private PartitionRead fetch(FollowerId follower, long offset, long nowMs) {
        return leader.readAsReplica(
                follower, new FetchPosition(offset, leader.leaderEpoch(), -1), 1_000, true, true, nowMs);
    }

    private static PartitionImage state(int partitionEpoch, Integer... isr) {
        return new PartitionImage(0, List.of(1, 2, 3), List.of(isr), 1, 5, partitionEpoch);
    }

    private List<Integer> proposed() {
        return leader.isrProposal().orElseThrow().isr().stream()
                .map(IsrMember::brokerId)
                .toList();
    }

    private void answer(Errors error, PartitionImage state, long nowMs) {
        leader.isrAnswered(leader.isrProposal().orElseThrow(), new AlteredPartition(error.code(), state), nowMs);
    }

    @Test
    void recordsAreCommittedWhenEveryInSyncReplicaHasThem() {
        append(3);
        assertThat(leader.highWatermark()).isZero();
        fetch(2, 3, 10);
        assertThat(leader.highWatermark()).as("broker 3 has not fetched").isZero();
        fetch(3, 1, 10);
        assertThat(leader.highWatermark()).isEqualTo(1);
        fetch(3, 3, 10);
        assertThat(leader.highWatermark()).isEqualTo(3);
        fetch(3, 2, 20);
        assertThat(leader.highWatermark()).as("it never goes back").isEqualTo(3);
    }

    @Test
    void clientsSeeWhatIsCommittedFollowersSeeAll() {
        append(2);
        fetch(2, 1, 10);
        fetch(3, 1, 10);
        assertThat(Batches.read(leader.reads()
                        .read(new FetchPosition(0, 5, -1), 1_000, true)
                        .records()))
                .hasSize(1);
        assertThat(Batches.read(fetch(2, 0, 10).records())).hasSize(2);
        assertThat(leader.reads().latestOffset()).isEqualTo(1);
        assertThat(leader.reads().maxTimestamp(5)).map(found -> found.offset()).hasValue(0L);
    }

    @Test
    void aLeaderWhoseDiskTakesNothingWantsToBeReplacedByOthersInSync() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        try (Replicas full = new Replicas(1, dir.resolve("full"), 1_000, disk)) {
            leader = full.image(1, 5, 1, Set.of(1, 2), 0);
            append(1);
            disk.fill(dir);
            refuses(NOW);
            refuses(NOW + 2_000);
            assertThat(full.table().offlineReplicas())
                    .as("it may have space again soon")
                    .isEmpty();
            refuses(NOW + 3_000);
            assertThat(full.table().offlineReplicas()).hasSize(1);
            full.image(1, 5, 2, Set.of(1), 0);
            assertThat(full.table().offlineReplicas())
                    .as("nobody else can lead")
                    .isEmpty();
            assertThat(leader.offline()).as("it still serves").isFalse();
            full.image(1, 5, 3, Set.of(1, 2), 0);
            assertThat(full.table().offlineReplicas()).hasSize(1);
            disk.heal();
            append(1);
            assertThat(full.table().offlineReplicas()).isEmpty();
            disk.fill(dir);
            refuses(NOW + 10_000);
            refuses(NOW + 20_000);
            full.image(2, 6, 4, Set.of(2), 0);
            assertThat(full.table().offlineReplicas()).as("another leads").isEmpty();
        }
    }

    private void refuses(long nowMs) {
        assertThatThrownBy(() -> leader.append(Batches.of(NOW, "v"), ALL, nowMs))
                .isInstanceOf(KafkaStorageException.class);
    }

    @Test
    void aNewLeaderDoesNotNameAnEndThatItDoesNotKnowYet() throws IOException {
        append(2);
        replicas.restart();
        leader = replicas.image(1, 6, 2, Set.of(1, 2, 3), 0);
        assertThat(leader.highWatermark()).isZero();
        assertThatThrownBy(() -> leader.reads().latestOffset()).isInstanceOf(OffsetNotAvailableException.class);
        fetch(2, 2, 10);
        fetch(3, 2, 10);
        assertThat(leader.reads().latestOffset()).isEqualTo(2);
    }

    @Test
    void theHighWatermarkIsKeptThroughAStop() throws IOException {
        append(2);
        fetch(2, 2, 10);
        fetch(3, 2, 10);
        replicas.restart();
        assertThat(replicas.image(2, 6, 2, Set.of(1, 2, 3), 0).highWatermark()).isEqualTo(2);
    }

    @Test
    void withTooFewInSyncNothingIsTakenAndNothingCommitted() {
        leader.append(Batches.of(NOW, "v"), ALL, NOW);
        leader.whenCommitted(1, 5, verdicts::add);
        replicas.image(1, 5, 2, Set.of(1), 0);
        assertThat(verdicts).containsExactly(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        assertThat(leader.highWatermark()).isZero();
        assertThatThrownBy(() -> append(1)).isInstanceOf(NotEnoughReplicasException.class);
        assertThat(leader.log().logEndOffset()).isEqualTo(1);
        assertThat(leader.isUnderMinIsr()).isTrue();
        leader.append(Batches.of(NOW, "v"), (short) 1, NOW);
        replicas.image(1, 5, 3, Set.of(1, 2), 0);
        fetch(2, 2, 10);
        assertThat(leader.highWatermark()).isEqualTo(2);
    }

    @Test
    void whoeverWaitsIsToldOfCommitAndOfTheEndOfTheLeadership() {
        append(2);
        leader.whenCommitted(1, 5, verdicts::add);
        leader.whenCommitted(2, 5, verdicts::add);
        Runnable stop = leader.whenCommitted(2, 5, error -> verdicts.add(Errors.UNKNOWN_SERVER_ERROR));
        stop.run();
        fetch(2, 1, 10);
        fetch(3, 1, 10);
        assertThat(verdicts).containsExactly(Errors.NONE);
        replicas.image(2, 6, 2, Set.of(1, 2, 3), 20);
        assertThat(verdicts).containsExactly(Errors.NONE, Errors.NOT_LEADER_OR_FOLLOWER);
        leader.whenCommitted(1, 5, verdicts::add);
        assertThat(verdicts).hasSize(3).last().isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThatThrownBy(() -> append(1)).isInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void aLeaderCutOffFromControllerAndFollowersSendsThoseWhoWaitAway() {
        append(2);
        fetch(2, 1, 10);
        fetch(3, 1, 10);
        leader.whenCommitted(2, 5, verdicts::add);
        leader.contact(false, 1_000);
        assertThat(verdicts).as("the followers were heard a moment ago").isEmpty();
        leader.contact(true, 5_000);
        assertThat(verdicts).as("the controller answers").isEmpty();
        fetch(2, 2, 5_500);
        leader.contact(false, 6_000);
        assertThat(verdicts).as("3 is silent, and so is the controller").containsExactly(Errors.NOT_LEADER_OR_FOLLOWER);
        leader.whenCommitted(2, 5, verdicts::add);
        assertThat(verdicts).hasSize(2).containsOnly(Errors.NOT_LEADER_OR_FOLLOWER);
        long end = leader.log().logEndOffset();
        assertThatThrownBy(() -> append(1)).isInstanceOf(NotLeaderOrFollowerException.class);
        assertThat(leader.log().logEndOffset())
                .as("what is refused is not written")
                .isEqualTo(end);
        assertThatThrownBy(() -> leader.reads().read(new FetchPosition(1, 5, -1), 1_000, true))
                .as("nothing new can come")
                .isInstanceOf(NotLeaderOrFollowerException.class);
        assertThat(Batches.read(leader.reads()
                        .read(new FetchPosition(0, 5, -1), 1_000, true)
                        .records()))
                .as("what is committed stays true")
                .hasSize(1);
        fetch(3, 2, 6_100);
        leader.contact(false, 6_200);
        assertThat(leader.highWatermark()).isEqualTo(2);
        append(1);
    }

    @Test
    void aLeaderWhoseFollowersFetchServesWithoutAController() {
        append(1);
        fetch(2, 1, 50_000);
        fetch(3, 1, 50_000);
        leader.contact(false, 50_100);
        append(1);
        assertThat(leader.isCutOff()).isFalse();
    }

    @Test
    void aLeaderThatNeedsNobodyServesWithoutAController() {
        leader = replicas.image(new PartitionImage(0, List.of(1), List.of(1), 1, 6, 7), 0);
        leader.contact(false, 100_000);
        append(1);
        assertThat(leader.highWatermark()).isEqualTo(1);
    }

    @Test
    void aFollowerThatLagsLeavesWhenTheControllerAgrees() {
        append(2);
        fetch(2, 2, 900);
        fetch(3, 0, 900);
        leader.tick(950);
        assertThat(replicas.proposing()).isEmpty();
        leader.tick(1_100);
        assertThat(proposed()).containsExactlyInAnyOrder(1, 2);
        assertThat(leader.highWatermark())
                .as("nobody knows yet whether 3 is out")
                .isZero();
        answer(Errors.NONE, state(2, 1, 2), 1_200);
        assertThat(leader.isrProposal()).isEmpty();
        assertThat(leader.highWatermark()).isEqualTo(2);
        assertThat(replicas.table().isrCounts().shrinks()).isEqualTo(1);
    }

    @Test
    void anIdleFollowerThatHasEverythingStays() {
        append(1);
        fetch(2, 1, 10);
        fetch(3, 1, 10);
        leader.tick(100_000);
        assertThat(leader.isrProposal()).isEmpty();
    }

    @Test
    void aFollowerJoinsWhenItHasAllOfThisLeadershipsBeginning() throws IOException {
        append(3);
        replicas.restart();
        leader = replicas.image(1, 6, 2, Set.of(1, 2), 0);
        fetch(2, 1, 10);
        assertThat(leader.highWatermark()).isEqualTo(1);
        fetch(3, 2, 20);
        assertThat(leader.isrProposal())
                .as("above the high watermark, below the start")
                .isEmpty();
        fetch(3, 3, 30);
        assertThat(proposed()).containsExactlyInAnyOrder(1, 2, 3);
        fetch(2, 3, 40);
        append(1);
        fetch(2, 4, 50);
        assertThat(leader.highWatermark()).as("it may be in already").isEqualTo(3);
    }

    @Test
    void oneThatKeepsUpHoldsTheHighWatermarkUntilItHasJoined() {
        replicas.config("min.insync.replicas", "1");
        leader = replicas.image(1, 6, 2, Set.of(1), 0);
        append(2);
        assertThat(leader.highWatermark()).isEqualTo(2);
        fetch(2, 0, 10);
        append(1);
        assertThat(leader.highWatermark())
                .as("one that is behind holds nothing")
                .isEqualTo(3);
        fetch(2, 2, 20);
        append(1);
        assertThat(leader.highWatermark())
                .as("it had all there was when it last fetched")
                .isEqualTo(3);
        fetch(2, 3, 30);
        assertThat(proposed()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void oneThatIsFencedOrAnotherLifeOfItselfDoesNotJoin() {
        replicas.broker(3, 30, true);
        leader = replicas.image(1, 5, 2, Set.of(1, 2), 0);
        append(1);
        fetch(2, 1, 10);
        fetch(3, 1, 10);
        assertThat(leader.isrProposal()).isEmpty();
        replicas.broker(3, 31, false);
        replicas.image(1, 5, 2, Set.of(1, 2), 20);
        fetch(3, 1, 30);
        assertThat(leader.isrProposal()).as("30 is not its epoch any more").isEmpty();
        assertThatThrownBy(() -> replicas.table().checkFollower(new FollowerId(3, 30)))
                .isInstanceOf(StaleBrokerEpochException.class);
        replicas.table().checkFollower(new FollowerId(3, 31));
        fetch(new FollowerId(3, 31), 1, 40);
        assertThat(leader.isrProposal().orElseThrow().isr())
                .contains(new IsrMember(3, 31), new IsrMember(2, 20), new IsrMember(1, 10));
    }

    @Test
    void aRefusalEndsAProposalUnlessAnEarlierRequestMayStillTakeEffect() {
        leader = replicas.image(1, 5, 2, Set.of(1, 2), 0);
        append(1);
        fetch(2, 1, 10);
        fetch(3, 1, 10);
        leader.isrUnanswered(leader.isrProposal().orElseThrow(), 20);
        append(1);
        fetch(2, 2, 30);
        answer(Errors.INELIGIBLE_REPLICA, state(2, 1, 2), 40);
        assertThat(proposed()).contains(3);
        assertThat(leader.highWatermark()).isEqualTo(1);
        answer(Errors.INELIGIBLE_REPLICA, state(2, 1, 2), 200_000);
        assertThat(leader.isrProposal()).isEmpty();
        assertThat(leader.highWatermark()).isEqualTo(2);
    }

    @Test
    void anOldPartitionEpochIsAnsweredWithWhatIsTrue() {
        leader = replicas.image(1, 5, 2, Set.of(1, 2), 0);
        append(1);
        fetch(2, 1, 10);
        fetch(3, 1, 10);
        answer(Errors.INVALID_UPDATE_VERSION, state(3, 1, 2, 3), 20);
        assertThat(leader.isrProposal()).isEmpty();
        append(1);
        fetch(2, 2, 30);
        assertThat(leader.highWatermark()).as("3 is in sync").isEqualTo(1);
    }

    @Test
    void anotherLeadersAnswerChangesNothing() {
        leader = replicas.image(1, 5, 2, Set.of(1, 2), 0);
        append(1);
        fetch(2, 1, 10);
        fetch(3, 1, 10);
        PartitionImage other = new PartitionImage(0, List.of(1, 2, 3), List.of(2), 2, 6, 3);
        answer(Errors.FENCED_LEADER_EPOCH, other, 20);
        assertThat(proposed()).contains(3);
        assertThat(leader.isLeader()).isTrue();
    }

    @Test
    void epochsOfOthersAreRefused() {
        FollowerId two = new FollowerId(2, 20);
        assertThatThrownBy(() -> leader.readAsReplica(two, new FetchPosition(0, 4, -1), 100, true, true, 0))
                .isInstanceOf(FencedLeaderEpochException.class);
        assertThatThrownBy(() -> leader.readAsReplica(two, new FetchPosition(0, 6, -1), 100, true, true, 0))
                .isInstanceOf(UnknownLeaderEpochException.class);
        FollowerId stranger = new FollowerId(7, 70);
        assertThatThrownBy(() -> leader.readAsReplica(stranger, new FetchPosition(0, 5, -1), 100, true, true, 0))
                .isInstanceOf(UnknownLeaderEpochException.class);
        assertThatThrownBy(() -> leader.readAsReplica(stranger, new FetchPosition(0, -1, -1), 100, true, true, 0))
                .isInstanceOf(NotLeaderOrFollowerException.class);
        replicas.image(2, 6, 2, Set.of(1, 2, 3), 0);
        assertThatThrownBy(() -> leader.reads().read(new FetchPosition(0, 5, -1), 100, true))
                .isInstanceOf(FencedLeaderEpochException.class);
    }

    @Test
    void anImageOfAnEarlierLeadershipChangesNothing() {
        replicas.image(2, 4, 0, Set.of(2), 0);
        assertThat(leader.isLeader()).isTrue();
        assertThat(leader.leaderEpoch()).isEqualTo(5);
    }
}
