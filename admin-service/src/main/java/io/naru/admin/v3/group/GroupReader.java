package io.naru.admin.v3.group;

import io.naru.admin.kafka.ClusterAdmin;
import io.naru.admin.v3.Futures;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.springframework.stereotype.Component;

/** Asks coordinators for groups and, for their lags, leaders for the ends of partitions. */
@Component
class GroupReader {

    private final ClusterAdmin admin;

    GroupReader(ClusterAdmin admin) {
        this.admin = admin;
    }

    /** All groups of consumers. Fails if one coordinator cannot be asked, for the list would lack its groups. */
    CompletableFuture<Collection<GroupListing>> list(ClusterImage image) {
        return admin.ask(
                image,
                client ->
                        client.listGroups(ListGroupsOptions.forConsumerGroups()).all());
    }

    /** One group; fails with {@link GroupIdNotFoundException}. */
    CompletableFuture<ConsumerGroupDescription> describe(ClusterImage image, String groupId) {
        return admin.ask(
                image,
                client -> client.describeConsumerGroups(List.of(groupId))
                        .describedGroups()
                        .get(groupId));
    }

    /** Several groups; those that have gone meanwhile are not in the answer. */
    CompletableFuture<Map<String, ConsumerGroupDescription>> describe(ClusterImage image, List<String> groupIds) {
        if (groupIds.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        Map<String, CompletableFuture<List<ConsumerGroupDescription>>> found = new HashMap<>();
        admin.<String, ConsumerGroupDescription>askEach(
                        image, client -> client.describeConsumerGroups(groupIds).describedGroups())
                .forEach((groupId, group) -> found.put(
                        groupId,
                        group.thenApply(List::of)
                                .exceptionallyCompose(
                                        failure -> Futures.cause(failure) instanceof GroupIdNotFoundException
                                                ? CompletableFuture.completedFuture(List.of())
                                                : CompletableFuture.failedFuture(failure))));
        return Futures.all(found)
                .thenApply(groups -> groups.values().stream()
                        .flatMap(List::stream)
                        .collect(Collectors.toMap(ConsumerGroupDescription::groupId, Function.identity())));
    }

    /** What the group has committed, in partitions that still exist. */
    CompletableFuture<SortedMap<TopicPartition, Long>> committed(ClusterImage image, String groupId) {
        return admin.ask(
                        image,
                        client -> client.listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata(groupId))
                .thenApply(offsets -> {
                    SortedMap<TopicPartition, Long> committed = sorted();
                    offsets.forEach((partition, offset) -> {
                        if (offset != null
                                && image.partition(partition.topic(), partition.partition())
                                        .isPresent()) {
                            committed.put(partition, offset.offset());
                        }
                    });
                    return committed;
                });
    }

    /** Offsets that {@code spec} stands for, each asked of the partition's leader. */
    CompletableFuture<Map<TopicPartition, Long>> offsets(
            ClusterImage image, Collection<TopicPartition> partitions, OffsetSpec spec) {
        if (partitions.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        Map<TopicPartition, OffsetSpec> question =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec));
        Map<TopicPartition, CompletableFuture<ListOffsetsResultInfo>> answers = admin.askEach(image, client -> {
            var result = client.listOffsets(question);
            Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> each = new HashMap<>();
            question.keySet().forEach(partition -> each.put(partition, result.partitionResult(partition)));
            return each;
        });
        return Futures.all(answers)
                .thenApply(found -> found.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().offset())));
    }

    /**
     * How far a group is behind in each partition that it has committed an offset for. Partitions without a leader are left out: nobody
     * knows their end.
     */
    CompletableFuture<List<PartitionLag>> lags(ClusterImage image, String groupId) {
        return describe(image, groupId)
                .thenCombine(committed(image, groupId), (group, committed) -> {
                    List<TopicPartition> led = committed.keySet().stream()
                            .filter(partition -> isLed(image, partition))
                            .toList();
                    return offsets(image, led, OffsetSpec.latest())
                            .thenApply(ends -> lags(led, committed, ends, readers(group)));
                })
                .thenCompose(Function.identity());
    }

    static boolean isLed(ClusterImage image, TopicPartition partition) {
        return image.partition(partition.topic(), partition.partition())
                .filter(known -> known.leader() != PartitionImage.NO_LEADER)
                .isPresent();
    }

    private static List<PartitionLag> lags(
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> committed,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, MemberDescription> readers) {
        List<PartitionLag> lags = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Long offset = committed.get(partition);
            Long end = ends.get(partition);
            if (offset != null && end != null) {
                lags.add(new PartitionLag(partition, offset, end, readers.get(partition)));
            }
        }
        return lags;
    }

    private static Map<TopicPartition, MemberDescription> readers(ConsumerGroupDescription group) {
        Map<TopicPartition, MemberDescription> readers = new HashMap<>();
        group.members()
                .forEach(member ->
                        member.assignment().topicPartitions().forEach(partition -> readers.put(partition, member)));
        return readers;
    }

    static <V> SortedMap<TopicPartition, V> sorted() {
        return new TreeMap<>((a, b) -> PartitionLag.key(a).compareTo(PartitionLag.key(b)));
    }
}
