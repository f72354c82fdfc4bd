package io.naru.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.Batches;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Replicas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker 2 follows broker 1, whose answers are made up. */
class ReplicaFetcherTest {

    private static final long NOW = Replicas.NOW;

    @TempDir
    private Path dir;

    private Replicas replicas;
    private Partition partition;
    private final ReplicaFetcher fetcher = new ReplicaFetcher(FetchSettings.of(2), 1);

    @BeforeEach
    void follow() throws IOException {
        replicas = new Replicas(2, dir);
        partition = replicas.image(1, 3, 3, Set.of(1, 2), 0);
        fetcher.follow(List.of(partition));
    }

    @AfterEach
    void close() {
        replicas.close();
    }

    private FetchRequestData next(long nowMs) {
        return fetcher.next(20, nowMs).orElseThrow();
    }

    private FetchPartition only(FetchRequestData request) {
        assertThat(request.topics()).hasSize(1);
        return request.topics().get(0).partitions().get(0);
    }

    private void answer(PartitionData answer, long nowMs) {
        fetcher.answered(
                new FetchResponseData()
                        .setSessionId(9)
                        .setResponses(List.of(new FetchableTopicResponse()
                                .setTopicId(partition.topicId())
                                .setPartitions(List.of(answer)))),
                nowMs,
                NOW);
    }

    private static PartitionData records(MemoryRecords records, long highWatermark) {
        return new PartitionData()
                .setRecords(records)
                .setHighWatermark(highWatermark)
                .setLogStartOffset(0);
    }

    private static MemoryRecords batch(long offset, int epoch, String value) {
        return Batches.stored(Batches.of(NOW, value), offset, epoch);
    }

    @Test
    void itSaysWhoItIsWhereItStandsAndOfWhatEpochItsLastRecordIs() {
        FetchRequestData first = next(0);
        assertThat(first.replicaState().replicaId()).isEqualTo(2);
        assertThat(first.replicaState().replicaEpoch()).isEqualTo(20);
        assertThat(only(first).currentLeaderEpoch()).isEqualTo(3);
        assertThat(only(first).lastFetchedEpoch()).isEqualTo(-1);
        answer(records(batch(0, 2, "a"), 5), 10);
        FetchPartition second = only(next(10));
        assertThat(second.fetchOffset()).isEqualTo(1);
        assertThat(second.lastFetchedEpoch()).isEqualTo(2);
        assertThat(partition.highWatermark()).isEqualTo(1);
        assertThat(fetcher.lagMax()).isEqualTo(4);
    }

    @Test
    void itAsksForNoMoreAndWaitsNoLongerThanItIsTold() {
        ReplicaFetcher told = new ReplicaFetcher(new FetchSettings(2, 111, 222, 333), 1);
        told.follow(List.of(partition));
        FetchRequestData request = told.next(20, 0).orElseThrow();
        assertThat(only(request).partitionMaxBytes()).isEqualTo(111);
        assertThat(request.maxBytes()).isEqualTo(222);
        assertThat(request.maxWaitMs()).isEqualTo(333);
    }

    @Test
    void aSessionNamesOnlyWhatHasChanged() {
        assertThat(next(0).sessionEpoch()).isZero();
        answer(records(batch(0, 3, "a"), 0), 0);
        FetchRequestData changed = next(0);
        assertThat(changed.sessionId()).isEqualTo(9);
        assertThat(changed.sessionEpoch()).isEqualTo(1);
        assertThat(only(changed).fetchOffset()).isEqualTo(1);
        fetcher.answered(new FetchResponseData().setSessionId(9), 0, NOW);
        assertThat(next(0).topics()).isEmpty();
        fetcher.answered(new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()), 0, NOW);
        FetchRequestData whole = next(0);
        assertThat(whole.sessionEpoch()).isZero();
        assertThat(only(whole).fetchOffset()).isEqualTo(1);
    }

    @Test
    void whatIsNotFollowedAnyMoreLeavesTheSession() {
        next(0);
        answer(records(batch(0, 3, "a"), 0), 0);
        fetcher.follow(List.of());
        assertThat(fetcher.next(20, 0)).isEmpty();
        assertThat(fetcher.pauseMs(0)).isNegative();
    }

    @Test
    void aDamagedBatchIsCountedAndFetchedAgainLater() {
        next(0);
        MemoryRecords damaged = batch(0, 3, "a");
        damaged.buffer().put(65, (byte) (damaged.buffer().get(65) ^ 4));
        answer(records(damaged, 1), 0);
        assertThat(fetcher.damaged()).isEqualTo(1);
        assertThat(partition.log().logEndOffset()).isZero();
        assertThat(fetcher.next(20, 0)).isEmpty();
        long pause = fetcher.pauseMs(0);
        assertThat(pause).isPositive();
        assertThat(next(pause).topics()).as("the leader knows where it stands").isEmpty();
    }

    @Test
    void divergingLogsAreCutWhereTheyPart() {
        next(0);
        answer(records(batch(0, 1, "a"), 0), 0);
        next(0);
        answer(records(batch(1, 2, "b"), 0), 0);
        next(0);
        answer(
                records(MemoryRecords.EMPTY, 0)
                        .setDivergingEpoch(new EpochEndOffset().setEpoch(1).setEndOffset(1)),
                0);
        assertThat(partition.log().logEndOffset()).isEqualTo(1);
        assertThat(only(next(0)).lastFetchedEpoch()).isEqualTo(1);
    }

    @Test
    void aLeaderWhoseLogStartsLaterIsFollowedFromThere() {
        next(0);
        answer(
                records(MemoryRecords.EMPTY, 50)
                        .setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code())
                        .setLogStartOffset(40),
                0);
        assertThat(only(next(0)).fetchOffset()).isEqualTo(40);
        assertThat(partition.highWatermark()).isEqualTo(40);
    }

    @Test
    void aRefusalWaitsForTheNextImageOrAWhile() {
        next(0);
        answer(records(MemoryRecords.EMPTY, 0).setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code()), 0);
        assertThat(fetcher.next(20, 0)).isEmpty();
        replicas.image(1, 4, 4, Set.of(1, 2), 0);
        fetcher.follow(List.of(partition));
        assertThat(only(next(0)).currentLeaderEpoch()).isEqualTo(4);
    }

    @Test
    void anAnswerOfAnEarlierEpochIsNotStored() {
        next(0);
        replicas.image(1, 4, 4, Set.of(1, 2), 0);
        answer(records(batch(0, 3, "a"), 1), 0);
        assertThat(partition.log().logEndOffset()).isZero();
    }

    @Test
    void aLeaderThatDoesNotAnswerIsLeftAloneForLongerAndLonger() {
        long now = 0;
        long last = 0;
        for (int i = 0; i < 8; i++) {
            next(now);
            fetcher.failed(new IOException("gone"), now);
            assertThat(fetcher.next(20, now)).isEmpty();
            last = fetcher.pauseMs(now);
            now += last;
        }
        assertThat(last).isEqualTo(1_000);
        assertThat(next(now).sessionEpoch()).isZero();
    }

    @Test
    void withoutARegistrationNothingIsFetched() {
        assertThat(fetcher.next(-1, 0)).isEmpty();
    }
}
