package io.naru.coordinator.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.GroupShard;
import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One shard, step by step: nothing runs but when the test says so. */
class ShardTest {

    private static final TopicCatalog TOPICS =
            TopicCatalog.of(1, List.of(new TopicCatalog.Topic("t", new Uuid(1, 1), 4, false)));

    /** Runs what it was given when told to. */
    private static final class Steps implements Executor {
        private final Deque<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void run() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }
    }

    private final class TestClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs);
        }
    }

    private final MemoryShardLog log = new MemoryShardLog();
    private final Steps thread = new Steps();
    private final Steps reloads = new Steps();
    private long nowMs = 1_000_000;
    private boolean certain = true;
    private Shard shard;

    @BeforeEach
    void load() {
        shard = open(1);
        shard.load();
        thread.run();
        assertThat(shard.active()).isTrue();
        assertThat(log.records()).containsExactly(CoordinatorRecord.barrier());
    }

    private Shard open(int epoch) {
        Shard opened = new Shard(
                0,
                epoch,
                thread,
                reloads,
                log.open(epoch),
                () -> new GroupShard(GroupSettings.defaults(), Assignors.standard(), () -> "generated"),
                new TestClock(),
                () -> certain);
        opened.topics(TOPICS);
        return opened;
    }

    private CompletableFuture<OffsetCommitResponseData> commit(int partition, long offset) {
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId("g")
                .setMemberId("")
                .setGenerationIdOrMemberEpoch(-1)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("t")
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)))));
        return submit((groups, now) -> groups.commit(request, (short) 9, now));
    }

    private <R> CompletableFuture<R> submit(ShardOperation<R> operation) {
        CompletableFuture<R> answer = shard.submit(operation);
        thread.run();
        return answer;
    }

    private CompletableFuture<Long> committed() {
        return submit((groups, now) -> {
            var group =
                    groups.fetch(new OffsetFetchRequestGroup().setGroupId("g").setTopics(null), false);
            return Outcome.answer(
                    group.topics().isEmpty()
                            ? -1L
                            : group.topics().get(0).partitions().get(0).committedOffset());
        });
    }

    private CompletableFuture<ConsumerGroupHeartbeatResponseData> beat(int epoch) {
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId("members")
                .setMemberId("m")
                .setMemberEpoch(epoch);
        if (epoch == 0) {
            request.setRebalanceTimeoutMs(1_000)
                    .setSubscribedTopicNames(List.of("t"))
                    .setTopicPartitions(List.of());
        }
        return submit((groups, now) -> groups.heartbeat(request, (short) 1, new Client("c", "/h"), now));
    }

    private static void assertError(CompletableFuture<?> answer, Errors error) {
        assertThat(answer).isCompletedExceptionally();
        assertThatThrownBy(answer::join)
                .satisfies(e -> assertThat(Errors.forException(e.getCause())).isEqualTo(error));
    }

    private void passTime(long ms) {
        nowMs += ms;
        shard.tick();
        thread.run();
    }

    @Test
    void whileItLoadsItSaysSo() {
        log.holding = true;
        shard = open(2);
        shard.load();

        assertError(commit(0, 1), Errors.COORDINATOR_LOAD_IN_PROGRESS);

        log.release();
        thread.run();
        log.holding = false;
        assertThat(commit(0, 1)).isCompleted();
    }

    @Test
    void anAnswerLeavesWhenTheLogHasItsRecords() {
        log.holding = true;
        var answer = commit(0, 42);
        assertThat(answer).isNotDone();

        log.release();
        thread.run();

        assertThat(answer).isCompleted();
        assertThat(committed().join()).isEqualTo(42);
    }

    @Test
    void whatGathersDuringAnAppendGoesWithTheNext() {
        log.holding = true;
        var first = commit(0, 1);
        var second = commit(1, 2);
        var third = commit(2, 3);
        assertThat(log.held).hasSize(1);

        log.release();
        thread.run();
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        log.release();
        thread.run();

        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        assertThat(log.appends).extracting(List::size).containsExactly(1, 1, 2);
    }

    @Test
    void whoeverHasSeenAStateWaitsForIt() {
        log.holding = true;
        commit(0, 1);
        var read = committed();
        var refused = submit((groups, now) -> {
            throw Errors.UNKNOWN_MEMBER_ID.exception();
        });
        assertThat(read).isNotDone();
        assertThat(refused).isNotDone();

        log.release();
        thread.run();

        assertThat(read).isCompletedWithValue(1L);
        assertError(refused, Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void whenTheLogRefusesTheStateIsLoadedAnew() {
        commit(0, 1);
        log.holding = true;
        var lost = commit(0, 2);
        var reader = committed();
        log.refuseNext(Errors.MESSAGE_TOO_LARGE.exception());
        log.release();
        thread.run();

        assertError(lost, Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertError(reader, Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(shard.active()).isFalse();
        log.holding = false;
        reloads.run();
        thread.run();
        assertThat(committed().join()).isEqualTo(1);
    }

    @Test
    void aFencedShardClosesAndSendsEveryoneAway() {
        var other = log.open(2);
        other.append(List.of(CoordinatorRecord.barrier())).join();

        assertError(commit(0, 1), Errors.NOT_COORDINATOR);
        assertError(committed(), Errors.NOT_COORDINATOR);
        assertThat(shard.active()).isFalse();
        reloads.run();
        thread.run();
        assertThat(shard.active()).as("it does not come back").isFalse();
        assertThat(log.records()).noneMatch(OffsetCommit.class::isInstance);
    }

    @Test
    void inDoubtTheBrokerIsAskedBeforeAnyAnswer() {
        commit(0, 1);
        certain = false;
        int before = log.appends.size();
        assertThat(committed().join()).isEqualTo(1);
        assertThat(log.appends).hasSize(before + 1);

        log.open(2).append(List.of(CoordinatorRecord.barrier())).join();
        assertError(committed(), Errors.NOT_COORDINATOR);
    }

    @Test
    void aRequestThatBreaksMakesTheShardLoadAnewAfterTheAppendUnderWay() {
        log.holding = true;
        var under = commit(0, 5);
        var broken = submit((groups, now) -> {
            throw new IllegalStateException("a bug");
        });
        assertThat(broken).isCompletedExceptionally();
        reloads.run();
        thread.run();
        assertError(committed(), Errors.COORDINATOR_LOAD_IN_PROGRESS);

        log.holding = false;
        log.release();
        thread.run();

        assertThat(under).isCompleted();
        assertThat(committed().join()).isEqualTo(5);
    }

    @Test
    void aStuckLogSendsNewRequestsAway() {
        log.holding = true;
        var first = commit(0, 1);
        nowMs += 10_001;
        assertError(commit(0, 2), Errors.COORDINATOR_NOT_AVAILABLE);

        log.holding = false;
        log.release();
        thread.run();

        assertThat(first).isCompleted();
        assertThat(commit(0, 3)).isCompleted();
    }

    @Test
    void timeWithoutALogDoesNotCountAgainstSessions() {
        int epoch = beat(0).join().memberEpoch();
        passTime(40_000);
        log.holding = true;
        commit(0, 1);
        passTime(60_000);
        log.holding = false;
        log.release();
        thread.run();
        passTime(4_999);

        assertThat(beat(epoch)).isCompleted();
        passTime(44_000);
        assertThat(beat(epoch)).isCompleted();
        passTime(45_000);
        assertError(beat(epoch), Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aClosedShardSendsEveryoneAway() {
        log.holding = true;
        commit(0, 1);
        var waiting = commit(0, 2);
        var closed = shard.close();
        thread.run();

        assertThat(closed).isCompleted();
        assertError(waiting, Errors.NOT_COORDINATOR);
        assertError(committed(), Errors.NOT_COORDINATOR);
    }

    @Test
    void aNewOwnerHasWhatTheOldOneHad() {
        commit(0, 7);
        int epoch = beat(0).join().memberEpoch();
        shard = open(2);
        shard.load();
        thread.run();

        assertThat(committed().join()).isEqualTo(7);
        assertThat(beat(epoch).join().memberEpoch()).isEqualTo(epoch);
    }

    private CompletableFuture<JoinGroupResponseData> join() {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId("classic")
                .setMemberId("")
                .setProtocolType("consumer")
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000);
        request.protocols().add(new JoinGroupRequestProtocol().setName("range"));
        CompletableFuture<JoinGroupResponseData> answer = shard.submitWaiting(
                (groups, later, now) -> groups.join(request, (short) 3, new Client("c", "/h"), later, now));
        thread.run();
        return answer;
    }

    private CompletableFuture<SyncGroupResponseData> sync(JoinGroupResponseData joined) {
        SyncGroupRequestData request = new SyncGroupRequestData()
                .setGroupId("classic")
                .setMemberId(joined.memberId())
                .setGenerationId(joined.generationId());
        CompletableFuture<SyncGroupResponseData> answer =
                shard.submitWaiting((groups, later, now) -> groups.sync(request, later, now));
        thread.run();
        return answer;
    }

    private void pass(long ms) {
        nowMs += ms;
        thread.execute(shard::tick);
        thread.run();
    }

    @Test
    void whoWaitsForOthersIsAnsweredWhenTheyHaveCome() {
        var joining = join();
        assertThat(joining).isNotDone();

        pass(3_000);

        assertThat(joining).isCompleted();
        assertThat(joining.join().generationId()).isEqualTo(1);
    }

    @Test
    void anAssignmentLeavesWhenTheLogHasIt() {
        var joining = join();
        pass(3_000);
        log.holding = true;
        var synced = sync(joining.join());
        assertThat(synced).isNotDone();

        log.release();
        thread.run();

        assertThat(synced).isCompleted();
    }

    @Test
    void whoWaitsForOthersIsSentAwayWhenTheStateIsLost() {
        var joining = join();
        log.refuseNext(Errors.MESSAGE_TOO_LARGE.exception());
        commit(0, 5);

        assertError(joining, Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void whoWaitsForOthersIsSentAwayWhenTheShardMoves() {
        var joining = join();
        shard.close();
        thread.run();

        assertError(joining, Errors.NOT_COORDINATOR);
    }

    @Test
    void aRefusalToJoinReachesTheOneWhoAsked() {
        var answer = shard.<JoinGroupResponseData>submitWaiting((groups, later, now) ->
                groups.join(new JoinGroupRequestData(), (short) 3, new Client("c", "/h"), later, now));
        thread.run();

        assertError(answer, Errors.INVALID_GROUP_ID);
    }
}
