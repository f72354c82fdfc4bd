package io.naru.broker.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ListPartitionReassignments, version 0 (KIP-455), from this broker's own image. What is not being reassigned is left out. */
final class ListPartitionReassignmentsHandler implements RequestHandler<ListPartitionReassignmentsRequestData> {

    private final Supplier<ClusterImage> image;

    ListPartitionReassignmentsHandler(Supplier<ClusterImage> image) {
        this.image = image;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(ListPartitionReassignmentsRequestData request, RequestContext context) {
        ClusterImage now = image.get();
        List<OngoingTopicReassignment> topics = new ArrayList<>();
        if (request.topics() == null) {
            now.topics().values().forEach(topic -> add(topic, topic.partitions(), topics));
        } else {
            for (ListPartitionReassignmentsTopics wanted : request.topics()) {
                now.topic(wanted.name()).ifPresent(topic -> add(topic, some(topic, wanted), topics));
            }
        }
        return CompletableFuture.completedFuture(new ListPartitionReassignmentsResponseData()
                .setErrorMessage(null)
                .setTopics(topics));
    }

    private static List<PartitionImage> some(TopicImage topic, ListPartitionReassignmentsTopics wanted) {
        Set<Integer> indexes = Set.copyOf(wanted.partitionIndexes());
        return topic.partitions().stream()
                .filter(partition -> indexes.contains(partition.partition()))
                .toList();
    }

    private static void add(TopicImage topic, List<PartitionImage> partitions, List<OngoingTopicReassignment> topics) {
        List<OngoingPartitionReassignment> ongoing = partitions.stream()
                .filter(PartitionImage::reassigning)
                .map(partition -> new OngoingPartitionReassignment()
                        .setPartitionIndex(partition.partition())
                        .setReplicas(partition.replicas())
                        .setAddingReplicas(partition.adding())
                        .setRemovingReplicas(partition.removing()))
                .toList();
        if (!ongoing.isEmpty()) {
            topics.add(new OngoingTopicReassignment().setName(topic.name()).setPartitions(ongoing));
        }
    }
}
