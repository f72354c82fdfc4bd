package io.naru.coordinator.view;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.coordinator.group.view.GroupView;
import io.naru.protocol.client.NodeAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/**
 * How far groups are behind: asks leaders where their logs end, and reads the first record not read yet to see how old it is. What
 * cannot be asked is left out of the answer, not waited for.
 */
final class LagReader {

    /** Each costs a fetch of one batch; beyond it the age is not told. */
    private static final int AGES_MAX = 100;
    /** A fetch gives one batch at least, whatever its size. */
    private static final int ONE_BATCH = 1;

    private final ClusterView cluster;
    private final Clock clock;

    LagReader(ClusterView cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    private record Place(String topic, int partition) {}

    /** One entry for each offset, in their order. Never fails. */
    CompletableFuture<List<PartitionLag>> read(List<GroupView.Offset> offsets) {
        return ends(offsets).thenCompose(ends -> {
            List<PartitionLag> lags = new ArrayList<>(offsets.size());
            CompletableFuture<Integer> chain = CompletableFuture.completedFuture(0);
            for (GroupView.Offset offset : offsets) {
                Long end = ends.get(new Place(offset.topic(), offset.partition()));
                chain = chain.thenCompose(asked -> add(offset, end, asked, lags));
            }
            return chain.thenApply(asked -> lags);
        });
    }

    private CompletableFuture<Integer> add(
            GroupView.Offset offset, @Nullable Long end, int asked, List<PartitionLag> lags) {
        Long lag = end == null ? null : Math.max(0, end - offset.offset());
        if (lag == null || lag == 0 || asked >= AGES_MAX) {
            lags.add(lag(offset, end, lag, lag != null && lag == 0 ? 0.0 : null));
            return CompletableFuture.completedFuture(asked);
        }
        return timestamp(offset).exceptionally(unknown -> Optional.empty()).thenApply(timestampMs -> {
            Double seconds = timestampMs
                    .map(ms -> Math.max(0, clock.millis() - ms) / 1000.0)
                    .orElse(null);
            lags.add(lag(offset, end, lag, seconds));
            return asked + 1;
        });
    }

    private static PartitionLag lag(
            GroupView.Offset offset, @Nullable Long end, @Nullable Long lag, @Nullable Double seconds) {
        return new PartitionLag(
                offset.topic(), offset.partition(), offset.offset(), end, lag, seconds, offset.memberId());
    }

    private CompletableFuture<Map<Place, Long>> ends(List<GroupView.Offset> offsets) {
        Map<NodeAddress, Map<String, List<Integer>>> byLeader = new HashMap<>();
        for (GroupView.Offset offset : offsets) {
            leader(offset)
                    .ifPresent(leader -> byLeader.computeIfAbsent(leader, l -> new HashMap<>())
                            .computeIfAbsent(offset.topic(), t -> new ArrayList<>())
                            .add(offset.partition()));
        }
        Map<Place, Long> ends = new HashMap<>();
        CompletableFuture<Map<Place, Long>> all = CompletableFuture.completedFuture(ends);
        for (Map.Entry<NodeAddress, Map<String, List<Integer>>> leader : byLeader.entrySet()) {
            CompletableFuture<ListOffsetsResponseData> asked =
                    cluster.send(leader.getKey(), listOffsets(leader.getValue()), ListOffsetsResponseData.class);
            all = all.thenCombine(asked.exceptionally(down -> new ListOffsetsResponseData()), (known, answer) -> {
                answer.topics()
                        .forEach(topic -> topic.partitions().forEach(partition -> {
                            if (partition.errorCode() == 0) {
                                known.put(new Place(topic.name(), partition.partitionIndex()), partition.offset());
                            }
                        }));
                return known;
            });
        }
        return all;
    }

    private static ListOffsetsRequestData listOffsets(Map<String, List<Integer>> partitions) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(partitions.entrySet().stream()
                        .map(topic -> new ListOffsetsTopic()
                                .setName(topic.getKey())
                                .setPartitions(topic.getValue().stream()
                                        .map(index -> new ListOffsetsPartition()
                                                .setPartitionIndex(index)
                                                .setTimestamp(ListOffsetsRequest.LATEST_TIMESTAMP))
                                        .toList()))
                        .toList());
    }

    private CompletableFuture<Optional<Long>> timestamp(GroupView.Offset offset) {
        NodeAddress leader = leader(offset).orElse(null);
        Uuid topicId = cluster.image()
                .flatMap(image -> image.topic(offset.topic()))
                .map(TopicImage::topicId)
                .map(Uuid::fromString)
                .orElse(Uuid.ZERO_UUID);
        if (leader == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(ONE_BATCH)
                .setTopics(List.of(new FetchTopic()
                        .setTopic(offset.topic())
                        .setTopicId(topicId)
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(offset.partition())
                                .setFetchOffset(offset.offset())
                                .setPartitionMaxBytes(ONE_BATCH)))));
        return cluster.send(leader, request, FetchResponseData.class)
                .thenApply(answer -> timestamp(answer, offset.offset()));
    }

    private static Optional<Long> timestamp(FetchResponseData answer, long offset) {
        if (answer.errorCode() != 0 || answer.responses().isEmpty()) {
            return Optional.empty();
        }
        FetchResponseData.PartitionData partition =
                answer.responses().get(0).partitions().get(0);
        if (partition.errorCode() == 0 && partition.records() instanceof MemoryRecords records) {
            for (Record record : records.records()) {
                if (record.offset() >= offset) {
                    return Optional.of(record.timestamp());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<NodeAddress> leader(GroupView.Offset offset) {
        ClusterImage image = cluster.image().orElse(null);
        if (image == null) {
            return Optional.empty();
        }
        return image.partition(offset.topic(), offset.partition())
                .map(PartitionImage::leader)
                .map(leader -> image.brokers().get(leader))
                .map(BrokerImage::kafka)
                .map(endpoint -> new NodeAddress(endpoint.host(), endpoint.port()));
    }
}
