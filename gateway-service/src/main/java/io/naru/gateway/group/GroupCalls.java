package io.naru.gateway.group;

import io.naru.protocol.client.CoordinatorCache;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What is said to a group's coordinator. Finds it, and forgets it when it cannot be reached; errors in answers are the caller's, who
 * calls {@link #forgetCoordinator} for those that mean that it has moved. Thread-safe and non-blocking.
 */
final class GroupCalls {

    private static final long COORDINATOR_SECONDS = 10;

    private final KafkaClient client;
    private final CoordinatorCache coordinators;
    private final int connections;

    GroupCalls(KafkaClient client, CoordinatorCache coordinators, int connections) {
        this.client = client;
        this.coordinators = coordinators;
        this.connections = connections;
    }

    CompletableFuture<ConsumerGroupHeartbeatResponseData> heartbeat(ConsumerGroupHeartbeatRequestData request) {
        return call(request.groupId(), request, ConsumerGroupHeartbeatResponseData.class);
    }

    /** Takes a member out of its group, whichever gateway serves it. */
    CompletableFuture<Errors> leave(MemberKey key) {
        return heartbeat(HeartbeatRequests.leave(key)).thenApply(answer -> Errors.forCode(answer.errorCode()));
    }

    /** Asks the coordinator for the group; the answer may be an error in it. */
    CompletableFuture<DescribedGroup> describe(String groupId) {
        return call(
                        groupId,
                        new ConsumerGroupDescribeRequestData().setGroupIds(List.of(groupId)),
                        ConsumerGroupDescribeResponseData.class)
                .thenApply(answer -> answer.groups().isEmpty()
                        ? new DescribedGroup().setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                        : answer.groups().get(0));
    }

    /** Asks the coordinator for a group of the classic protocol; the answer may be an error in it. */
    CompletableFuture<DescribeGroupsResponseData.DescribedGroup> describeClassic(String groupId) {
        return call(
                        groupId,
                        new DescribeGroupsRequestData().setGroups(List.of(groupId)),
                        DescribeGroupsResponseData.class)
                .thenApply(answer -> answer.groups().get(0));
    }

    /**
     * Commits offsets as a member.
     *
     * @param offsets what to commit, by partition
     */
    CompletableFuture<OffsetCommitResponseData> commit(
            MemberKey member, int memberEpoch, Map<MemberPartition, OffsetCommit> offsets) {
        Map<String, OffsetCommitRequestTopic> topics = new LinkedHashMap<>();
        offsets.forEach((partition, commit) -> topics.computeIfAbsent(
                        partition.partition().topic(),
                        name -> new OffsetCommitRequestTopic().setName(name).setTopicId(partition.topicId()))
                .partitions()
                .add(new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition.partition().partition())
                        .setCommittedOffset(commit.offset())
                        .setCommittedMetadata(commit.metadata())));
        return call(
                member.group(),
                new OffsetCommitRequestData()
                        .setGroupId(member.group())
                        .setMemberId(member.memberId())
                        .setGenerationIdOrMemberEpoch(memberEpoch)
                        .setTopics(new ArrayList<>(topics.values())),
                OffsetCommitResponseData.class);
    }

    /**
     * Asks for committed offsets.
     *
     * @param member      who asks; without a member id, an onlooker
     * @param partitions  of which; null for all that there are
     */
    CompletableFuture<OffsetFetchResponseGroup> committed(
            MemberKey member, int memberEpoch, @Nullable Collection<MemberPartition> partitions) {
        String groupId = member.group();
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(groupId);
        if (!member.memberId().isEmpty()) {
            group.setMemberId(member.memberId()).setMemberEpoch(memberEpoch);
        }
        if (partitions == null) {
            group.setTopics(null);
        } else {
            Map<String, OffsetFetchRequestTopics> topics = new LinkedHashMap<>();
            for (MemberPartition partition : partitions) {
                topics.computeIfAbsent(
                                partition.partition().topic(),
                                name -> new OffsetFetchRequestTopics()
                                        .setName(name)
                                        .setTopicId(partition.topicId()))
                        .partitionIndexes()
                        .add(partition.partition().partition());
            }
            group.setTopics(new ArrayList<>(topics.values()));
        }
        return call(
                        groupId,
                        new OffsetFetchRequestData().setRequireStable(true).setGroups(List.of(group)),
                        OffsetFetchResponseData.class)
                .thenApply(answer -> answer.groups().get(0));
    }

    /** What a future has failed with. */
    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** An answer said that the coordinator is another one by now. */
    void forgetCoordinator(String groupId) {
        coordinators.invalidate(groupId);
    }

    /** Whether an error says that the coordinator has moved, is loading, or the like: ask again, perhaps elsewhere. */
    static boolean passes(Errors error) {
        return error != Errors.NONE
                && error != Errors.UNKNOWN_TOPIC_OR_PARTITION
                && error.exception() instanceof RetriableException;
    }

    private <R extends ApiMessage> CompletableFuture<R> call(String groupId, ApiMessage request, Class<R> response) {
        Lane lane = new Lane("group", Math.floorMod(groupId.hashCode(), connections));
        return coordinators
                .coordinator(groupId)
                .copy()
                .orTimeout(COORDINATOR_SECONDS, TimeUnit.SECONDS)
                .thenCompose(node -> client.send(node, lane, request, 0, response))
                .whenComplete((answer, error) -> {
                    if (error != null) {
                        coordinators.invalidate(groupId);
                    }
                });
    }
}
