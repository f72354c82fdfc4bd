package io.naru.gateway.topic;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.NodeAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/** Asks the leaders of a topic where its partitions begin and end: two requests per leader, for one may name a partition only once. */
final class OffsetCalls {

    private final KafkaClient client;

    OffsetCalls(KafkaClient client) {
        this.client = client;
    }

    CompletableFuture<Map<Integer, PartitionOffsets>> ask(
            TopicDescription topic, List<TopicDescription.Partition> partitions) {
        Map<Integer, PartitionOffsets> found = new ConcurrentHashMap<>();
        Map<NodeAddress, List<Integer>> byLeader = new HashMap<>();
        for (TopicDescription.Partition partition : partitions) {
            NodeAddress leader = topic.nodes().get(partition.leader());
            if (leader == null) {
                found.put(partition.index(), PartitionOffsets.unknown(Errors.LEADER_NOT_AVAILABLE));
            } else {
                byLeader.computeIfAbsent(leader, l -> new ArrayList<>()).add(partition.index());
            }
        }
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        byLeader.forEach((leader, indexes) -> asked.add(ask(topic.name(), leader, indexes, found)));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(done -> new TreeMap<>(found));
    }

    private CompletableFuture<Void> ask(
            String topic, NodeAddress leader, List<Integer> partitions, Map<Integer, PartitionOffsets> found) {
        return list(topic, leader, partitions, ListOffsetsRequest.EARLIEST_TIMESTAMP)
                .thenCombine(list(topic, leader, partitions, ListOffsetsRequest.LATEST_TIMESTAMP), (first, last) -> {
                    partitions.forEach(p -> found.put(p, both(first.get(p), last.get(p))));
                    return (@Nullable Void) null;
                })
                .exceptionally(error -> {
                    partitions.forEach(p -> found.put(p, PartitionOffsets.unknown(Errors.BROKER_NOT_AVAILABLE)));
                    return null;
                });
    }

    private static PartitionOffsets both(
            @Nullable ListOffsetsPartitionResponse earliest, @Nullable ListOffsetsPartitionResponse end) {
        if (earliest == null || end == null) {
            return PartitionOffsets.unknown(Errors.UNKNOWN_SERVER_ERROR);
        }
        Errors error = Errors.forCode(earliest.errorCode() != 0 ? earliest.errorCode() : end.errorCode());
        return error == Errors.NONE
                ? new PartitionOffsets(earliest.offset(), end.offset(), Errors.NONE)
                : PartitionOffsets.unknown(error);
    }

    private CompletableFuture<Map<Integer, ListOffsetsPartitionResponse>> list(
            String topic, NodeAddress leader, List<Integer> partitions, long timestamp) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(ListOffsetsRequest.CONSUMER_REPLICA_ID)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(partitions.stream()
                                .map(p -> new ListOffsetsPartition()
                                        .setPartitionIndex(p)
                                        .setTimestamp(timestamp))
                                .toList())));
        return client.send(leader, request, ListOffsetsResponseData.class).thenApply(answer -> {
            Map<Integer, ListOffsetsPartitionResponse> byPartition = new HashMap<>();
            answer.topics().forEach(t -> t.partitions().forEach(p -> byPartition.put(p.partitionIndex(), p)));
            return byPartition;
        });
    }
}
