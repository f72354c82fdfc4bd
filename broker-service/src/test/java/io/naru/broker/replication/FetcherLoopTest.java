package io.naru.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.Batches;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Replicas;
import io.naru.cluster.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherLoopTest {

    private static final Endpoint LEADER = new Endpoint("broker-1", 9092);

    @TempDir
    private Path dir;

    private final ManualRuntime runtime = new ManualRuntime();
    private final FetcherLoop loop = new FetcherLoop(new ReplicaFetcher(FetchSettings.of(2), 1), LEADER, 10, runtime);
    private Replicas replicas;
    private Partition partition;

    @BeforeEach
    void follow() throws IOException {
        replicas = new Replicas(2, dir);
        partition = replicas.image(1, 3, 3, Set.of(1, 2), 0);
        loop.follow(List.of(partition));
    }

    @AfterEach
    void close() {
        replicas.close();
    }

    @Test
    void oneRequestAtATimeTheNextWhenTheAnswerIsStored() {
        loop.follow(List.of(partition));
        assertThat(runtime.fetches).hasSize(1);
        runtime.fetchAnswers
                .remove()
                .complete(new FetchResponseData()
                        .setResponses(List.of(new FetchableTopicResponse()
                                .setTopicId(partition.topicId())
                                .setPartitions(List.of(new PartitionData()
                                        .setRecords(Batches.stored(Batches.of(Replicas.NOW, "a"), 0, 3))
                                        .setHighWatermark(1))))));
        runtime.pass(0);
        assertThat(runtime.fetches).hasSize(2);
        assertThat(partition.log().logEndOffset()).isEqualTo(1);
    }

    @Test
    void afterAFailureItPausesAndTriesAgain() {
        runtime.fetchAnswers.remove().completeExceptionally(new IOException("gone"));
        runtime.pass(0);
        assertThat(runtime.fetches).hasSize(1);
        runtime.pass(100);
        assertThat(runtime.fetches).hasSize(2);
    }

    @Test
    void withNothingToFollowItStopsUntilThereIsSomething() {
        loop.follow(List.of());
        runtime.fetchAnswers.remove().completeExceptionally(new IOException("gone"));
        runtime.pass(100_000);
        assertThat(runtime.fetches).hasSize(1);
        loop.follow(List.of(partition));
        assertThat(runtime.fetches).hasSize(2);
    }

    @Test
    void whatComesAfterTheEndIsNotStored() {
        loop.close();
        assertThat(runtime.disconnected).containsExactly(LEADER);
        runtime.fetchAnswers.remove().complete(new FetchResponseData());
        runtime.pass(100_000);
        assertThat(runtime.fetches).hasSize(1);
    }
}
