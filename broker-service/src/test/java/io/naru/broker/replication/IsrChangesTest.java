package io.naru.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.partition.FetchPosition;
import io.naru.broker.partition.FollowerId;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Replicas;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlteredPartitions;
import io.naru.cluster.control.AlteredPartitions.AlteredPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsrChangesTest {

    @TempDir
    private Path dir;

    private final ManualRuntime runtime = new ManualRuntime();
    private final IsrChanges changes = new IsrChanges(1, runtime);
    private Replicas replicas;
    private Partition leader;

    @BeforeEach
    void followerThreeWantsToJoin() throws IOException {
        replicas = new Replicas(1, dir);
        leader = replicas.image(1, 5, 2, Set.of(1, 2), 0);
        leader.readAsReplica(new FollowerId(3, 30), new FetchPosition(0, 5, -1), 100, true, true, 0);
        assertThat(replicas.proposing()).containsExactly(leader);
    }

    @AfterEach
    void close() {
        replicas.close();
    }

    private void answer(Errors error, PartitionImage state) {
        runtime.answers.remove().complete(new AlteredPartitions(List.of(new AlteredPartition(error.code(), state)), 1));
    }

    private static PartitionImage state(int partitionEpoch, Integer... isr) {
        return new PartitionImage(0, List.of(1, 2, 3), List.of(isr), 1, 5, partitionEpoch);
    }

    @Test
    void aProposalIsAskedOnceAndItsAnswerTakenOver() {
        changes.isrProposed(leader);
        changes.isrProposed(leader);
        runtime.pass(0);
        assertThat(runtime.asked).hasSize(1);
        assertThat(runtime.asked.get(0).brokerEpoch()).isEqualTo(10);
        assertThat(runtime.asked.get(0).partitions().get(0).partitionEpoch()).isEqualTo(2);
        answer(Errors.NONE, state(3, 1, 2, 3));
        runtime.pass(10_000);
        assertThat(leader.isrProposal()).isEmpty();
        assertThat(leader.isUnderReplicated()).isFalse();
        assertThat(runtime.asked).hasSize(1);
    }

    @Test
    void withoutAnAnswerTheSameIsAskedAgain() {
        changes.isrProposed(leader);
        runtime.pass(0);
        runtime.answers.remove().completeExceptionally(new IOException("no answer"));
        runtime.pass(1_000);
        assertThat(runtime.asked).hasSize(2);
        assertThat(runtime.asked.get(1)).isEqualTo(runtime.asked.get(0));
        // It was the first that took effect.
        answer(Errors.INVALID_UPDATE_VERSION, state(3, 1, 2, 3));
        runtime.pass(1_000);
        assertThat(leader.isrProposal()).isEmpty();
        assertThat(leader.isUnderReplicated()).isFalse();
    }

    @Test
    void aControllerThatHasBeenReplacedIsAskedAgain() {
        changes.isrProposed(leader);
        runtime.pass(0);
        answer(Errors.NOT_CONTROLLER, state(1, 1, 2));
        runtime.pass(1_000);
        assertThat(runtime.asked).hasSize(2);
    }

    @Test
    void anotherLeadershipEndsIt() {
        changes.isrProposed(leader);
        runtime.pass(0);
        replicas.image(2, 6, 3, Set.of(1, 2), 0);
        runtime.answers.remove().completeExceptionally(new IOException("no answer"));
        runtime.pass(10_000);
        assertThat(runtime.asked).hasSize(1);
    }

    @Test
    void withoutARegistrationItWaits() {
        runtime.brokerEpoch = -1;
        changes.isrProposed(leader);
        runtime.pass(1_000);
        assertThat(runtime.asked).isEmpty();
        runtime.brokerEpoch = 11;
        runtime.pass(1_000);
        assertThat(runtime.asked).hasSize(1);
    }
}
