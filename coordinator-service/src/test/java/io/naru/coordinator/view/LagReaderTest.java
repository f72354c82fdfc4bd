package io.naru.coordinator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.coordinator.group.view.GroupView;
import io.naru.protocol.client.NodeAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** One broker whose logs all end at 10 and have a record a second. */
class LagReaderTest {

    private static final long NOW_MS = 1_000_000;

    private boolean up = true;
    private int fetches;

    private final ClusterView cluster = new ClusterView() {
        @Override
        public Optional<ClusterImage> image() {
            return Optional.of(LagReaderTest.image());
        }

        @Override
        public <R extends ApiMessage> CompletableFuture<R> send(
                NodeAddress broker, ApiMessage request, Class<R> response) {
            return up
                    ? CompletableFuture.completedFuture(response.cast(answer(request)))
                    : CompletableFuture.failedFuture(new IllegalStateException("down"));
        }
    };

    private static ClusterImage image() {
        ClusterImage empty = ClusterImage.empty("c", 1);
        TreeMap<Integer, BrokerImage> brokers = new TreeMap<>(
                Map.of(1, new BrokerImage(1, 1, new Endpoint("h", 9), new Endpoint("h", 8), null, false, Map.of())));
        PartitionImage partition = new PartitionImage(0, List.of(1), List.of(1), 1, 0, 0);
        TopicImage topic = new TopicImage("t", Uuid.ONE_UUID.toString(), Map.of(), List.of(partition));
        return new ClusterImage(
                1, 1, "c", brokers, empty.coordinators(), new TreeMap<>(Map.of("t", topic)), List.of(), Map.of());
    }

    private ApiMessage answer(ApiMessage request) {
        if (request instanceof ListOffsetsRequestData) {
            return new ListOffsetsResponseData()
                    .setTopics(List.of(new ListOffsetsTopicResponse()
                            .setName("t")
                            .setPartitions(List.of(new ListOffsetsPartitionResponse()
                                    .setPartitionIndex(0)
                                    .setOffset(10)))));
        }
        fetches++;
        long offset =
                ((FetchRequestData) request).topics().get(0).partitions().get(0).fetchOffset();
        // A batch begins before the offset asked for.
        MemoryRecords records = MemoryRecords.withRecords(
                offset - 1,
                Compression.NONE,
                new SimpleRecord(NOW_MS - 60_000, "before".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                new SimpleRecord(NOW_MS - 2_500, "next".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setPartitions(List.of(new FetchResponseData.PartitionData().setRecords(records)))));
    }

    private PartitionLag lag(String topic, long offset) {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(NOW_MS), ZoneOffset.UTC);
        return new LagReader(cluster, clock)
                .read(List.of(new GroupView.Offset(topic, 0, offset, -1, "", 0, "m")))
                .join()
                .get(0);
    }

    @Test
    void theAgeIsThatOfTheFirstRecordNotRead() {
        PartitionLag lag = lag("t", 4);

        assertThat(lag.endOffset()).isEqualTo(10);
        assertThat(lag.lag()).isEqualTo(6);
        assertThat(lag.lagSeconds()).isEqualTo(2.5);
        assertThat(lag.memberId()).isEqualTo("m");
    }

    @Test
    void whoeverHasReadEverythingIsNotBehind() {
        assertThat(lag("t", 10).lag()).isZero();
        assertThat(lag("t", 10).lagSeconds()).isZero();
        assertThat(lag("t", 12).lag()).as("committed ahead").isZero();
        assertThat(fetches).isZero();
    }

    @Test
    void whatCannotBeAskedIsNotKnown() {
        assertThat(lag("gone", 4).lag()).isNull();
        up = false;
        assertThat(lag("t", 4).endOffset()).isNull();
        assertThat(lag("t", 4).lagSeconds()).isNull();
    }
}
