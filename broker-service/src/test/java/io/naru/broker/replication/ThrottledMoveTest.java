package io.naru.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.naru.broker.kafka.BrokerHandlers;
import io.naru.broker.log.Batches;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Replicas;
import io.naru.cluster.ClusterImage;
import io.naru.protocol.record.FileSlice;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker 2 copies what broker 1 leads, under a clock that is moved by hand (KIP-73). */
class ThrottledMoveTest {

    private static final long NOW = Replicas.NOW;
    private static final short ALL = -1;
    private static final int BYTES = 1_000_000;

    @TempDir
    private Path dir;

    private final Timer timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS);
    private Replicas leaders;
    private Replicas followers;
    private Partition leader;
    private ReplicaFetcher fetcher;
    private RequestHandler<FetchRequestData> fetches;
    private int partitionEpoch;
    private long nowMs = 5_000;

    @BeforeEach
    void fill() throws IOException {
        leaders = new Replicas(1, dir.resolve("1"), 30_000);
        followers = new Replicas(2, dir.resolve("2"));
        image(Set.of(1));
        while (leader.log().sizeInBytes() < BYTES) {
            append(9_900);
        }
        fetches = handler();
        // Small answers, so that the time that a move takes says something of the rate.
        fetcher = new ReplicaFetcher(new FetchSettings(2, 10_000, 10_000, 0), 1);
    }

    @AfterEach
    void close() {
        leaders.close();
        followers.close();
        timer.stop();
    }

    private void append(int bytes) {
        leader.append(Batches.of(NOW, "v".repeat(bytes)), ALL, NOW);
    }

    /** Both brokers see the next image. */
    private Partition image(Set<Integer> isr) {
        partitionEpoch++;
        leader = leaders.image(1, 5, partitionEpoch, isr, nowMs);
        Partition follower = followers.image(1, 5, partitionEpoch, isr, nowMs);
        if (fetcher != null) {
            fetcher.follow(List.of(follower));
        }
        return follower;
    }

    @SuppressWarnings("unchecked")
    private RequestHandler<FetchRequestData> handler() {
        Clock wall = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);
        BrokerHandlers.World world = new BrokerHandlers.World(Runnable::run, timer, wall, () -> nowMs, () -> 7);
        return (RequestHandler<FetchRequestData>)
                BrokerHandlers.ofRecords(1, leaders.table(), () -> ClusterImage.empty("c", 0), world).stream()
                        .filter(handler -> handler.apiKey() == ApiKeys.FETCH)
                        .findFirst()
                        .orElseThrow();
    }

    private void throttle(String side, String rate, String replicas) {
        for (Replicas all : List.of(leaders, followers)) {
            all.brokerConfig(side + ".replication.throttled.rate", rate);
            all.config(side + ".replication.throttled.replicas", replicas);
        }
    }

    /** Ms until broker 2 has everything, looking every 10 ms; no more than {@code mostMs}. */
    private long copy(Partition follower, long mostMs) {
        long begun = nowMs;
        while (follower.log().logEndOffset() < leader.log().logEndOffset() && nowMs - begun < mostMs) {
            if (!fetchOnce()) {
                nowMs += 10;
            }
        }
        return nowMs - begun;
    }

    /** Whether records came. */
    private boolean fetchOnce() {
        FetchRequestData request = fetcher.next(20, nowMs).orElse(null);
        if (request == null) {
            return false;
        }
        RequestContext context =
                new RequestContext(ApiKeys.FETCH, (short) 17, 1, "f", "c", new InetSocketAddress("127.0.0.1", 1), 0);
        FetchResponseData answer = (FetchResponseData)
                fetches.handle(request, context).toCompletableFuture().join();
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        int bytes = 0;
        for (FetchableTopicResponse topic : answer.responses()) {
            for (PartitionData partition : topic.partitions()) {
                bytes += partition.records().sizeInBytes();
                partition.setRecords(inMemory(partition.records()));
            }
        }
        fetcher.answered(answer, nowMs, NOW);
        return bytes > 0;
    }

    /** As it comes off the wire. */
    private static MemoryRecords inMemory(BaseRecords records) {
        try {
            return records instanceof FileSlice slice ? slice.load() : (MemoryRecords) records;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void withoutAThrottleItTakesNoTime() {
        assertThat(copy(image(Set.of(1)), 60_000)).isZero();
    }

    @Test
    void theFollowersRateSaysHowLongAMoveTakes() {
        throttle("follower", "50000", "0:2");
        assertThat(copy(image(Set.of(1)), 60_000)).isCloseTo(BYTES / 50, within(500L));
    }

    @Test
    void theLeadersRateSaysHowLongAMoveTakes() {
        throttle("leader", "100000", "*");
        assertThat(copy(image(Set.of(1)), 60_000)).isCloseTo(BYTES / 100, within(500L));
    }

    @Test
    void aReplicaThatIsNotNamedIsNotHeldBack() {
        throttle("leader", "1", "0:2,1:1");
        throttle("follower", "1", "0:1,0:3,1:2");
        assertThat(copy(image(Set.of(1)), 60_000)).isZero();
    }

    @Test
    void aReplicaInSyncIsNeitherHeldBackNorCounted() {
        throttle("leader", "1", "*");
        throttle("follower", "1", "*");
        assertThat(copy(image(Set.of(1, 2)), 60_000)).isZero();
        nowMs += 10;
        assertThat(leaders.table().quotas().leader().waitMs(nowMs)).isZero();
        assertThat(followers.table().quotas().follower().waitMs(nowMs)).isZero();
    }

    @Test
    void aThrottleThatIsTakenAwayIsGoneAtOnce() {
        throttle("leader", "1000", "*");
        throttle("follower", "1000", "*");
        copy(image(Set.of(1)), 20_000);
        leaders.noConfigs();
        followers.noConfigs();
        Partition follower = image(Set.of(1));
        assertThat(follower.log().logEndOffset()).isLessThan(leader.log().logEndOffset());
        assertThat(copy(follower, 60_000)).isZero();
    }

    @Test
    void whoIsHeldBackDoesNotHoldUpWritesBeforeItIsInSync() {
        Partition follower = image(Set.of(1));
        copy(follower, 60_000);
        append(1);
        fetchOnce(); // it has all that there was at its last fetch, but not all that is committed
        append(1);
        assertThat(leader.highWatermark())
                .as("one that keeps up is waited for")
                .isEqualTo(leader.log().logEndOffset() - 1);
        nowMs += 2_000;
        append(1);
        assertThat(leader.highWatermark()).isEqualTo(leader.log().logEndOffset() - 2);
        throttle("follower", "1", "0:2");
        image(Set.of(1));
        append(1);
        assertThat(leader.highWatermark()).isEqualTo(leader.log().logEndOffset());
    }
}
