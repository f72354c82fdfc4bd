package io.naru.broker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.Batches;
import io.naru.broker.partition.FetchPosition;
import io.naru.broker.partition.FollowerId;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Replicas;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitingProduceTest {

    @TempDir
    private Path dir;

    private final ManualTimer timer = new ManualTimer();
    private final WaitingProduce waiting = new WaitingProduce();
    private final List<PartitionProduceResponse> answers = new ArrayList<>();
    private Replicas replicas;
    private Partition leader;

    @BeforeEach
    void lead() throws IOException {
        replicas = new Replicas(1, dir);
        leader = replicas.image(1, 5, 1, Set.of(1, 2), 0);
    }

    @AfterEach
    void close() {
        replicas.close();
    }

    private void append() {
        PartitionProduceResponse answer = new PartitionProduceResponse();
        answers.add(answer);
        waiting.add(leader, leader.append(Batches.of(Replicas.NOW, "a"), (short) -1, Replicas.NOW), 5, answer);
    }

    private void fetch(long offset) {
        leader.readAsReplica(new FollowerId(2, 20), new FetchPosition(offset, 5, -1), 100, true, true, 0);
    }

    @Test
    void itIsOverWhenAllOfItIsCommitted() {
        append();
        append();
        CompletableFuture<Void> done = waiting.start(timer, 1_000);
        fetch(1);
        assertThat(done).isNotDone();
        fetch(2);
        assertThat(done).isCompleted();
        assertThat(answers).extracting(PartitionProduceResponse::errorCode).containsOnly((short) 0);
        assertThat(timer.tasks).as("cancelled").isEmpty();
    }

    @Test
    void whatIsNotCommittedInTimeIsSaidToBeUnknown() throws Exception {
        append();
        append();
        CompletableFuture<Void> done = waiting.start(timer, 1_000);
        fetch(1);
        timer.expire();
        assertThat(done).isCompleted();
        assertThat(answers)
                .extracting(PartitionProduceResponse::errorCode)
                .containsExactly((short) 0, Errors.REQUEST_TIMED_OUT.code());
        fetch(2);
        assertThat(answers.get(1).errorCode()).as("the first verdict stands").isEqualTo((short) 7);
    }

    @Test
    void aLeaderThatIsCutOffSendsTheClientToLookForAnother() {
        append();
        CompletableFuture<Void> done = waiting.start(timer, 1_000);
        leader.contact(false, 10_000);
        assertThat(done).isCompleted();
        assertThat(answers.get(0).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
    }

    @Test
    void aLeaderThatIsReplacedSaysSoAtOnce() {
        append();
        CompletableFuture<Void> done = waiting.start(timer, 1_000);
        replicas.image(2, 6, 2, Set.of(1, 2), 0);
        assertThat(done).isCompleted();
        assertThat(answers.get(0).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
    }

    /** Time that passes by hand. */
    private static final class ManualTimer implements Timer {

        private final List<Waiting> tasks = new ArrayList<>();

        void expire() throws Exception {
            for (Waiting waiting : List.copyOf(tasks)) {
                waiting.task().run(waiting);
            }
        }

        @Override
        public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
            Waiting waiting = new Waiting(this, task);
            tasks.add(waiting);
            return waiting;
        }

        @Override
        public Set<Timeout> stop() {
            return Set.of();
        }
    }

    private record Waiting(ManualTimer timer, TimerTask task) implements Timeout {

        @Override
        public boolean isExpired() {
            return false;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean cancel() {
            return timer.tasks.remove(this);
        }
    }
}
