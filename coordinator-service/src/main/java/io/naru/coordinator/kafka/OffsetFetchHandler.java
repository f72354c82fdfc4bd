package io.naru.coordinator.kafka;

import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * OffsetFetch, versions 1–10: 2 has all partitions by null, 7 asks for stable offsets only (there are no others: nothing here is
 * transactional yet), 8 several groups (KIP-709), 9 member epochs (KIP-848), 10 topic ids.
 */
final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequestData> {

    private static final short GROUPS = 8;
    private static final short TOPIC_IDS = 10;

    private final ShardTable shards;

    OffsetFetchHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public CompletionStage<ApiMessage> handle(OffsetFetchRequestData request, RequestContext context) {
        boolean byTopicId = context.apiVersion() >= TOPIC_IDS;
        if (context.apiVersion() >= GROUPS) {
            return Futures.all(request.groups().stream()
                            .map(group -> fetch(group, byTopicId))
                            .toList())
                    .thenApply(groups -> new OffsetFetchResponseData().setGroups(groups));
        }
        return fetch(oneGroup(request), false).thenApply(OffsetFetchHandler::oneAnswer);
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup group, boolean byTopicId) {
        return shards.submit(group.groupId(), (groups, now) -> Outcome.answer(groups.fetch(group, byTopicId)))
                .exceptionally(error -> new OffsetFetchResponseGroup()
                        .setGroupId(group.groupId())
                        .setErrorCode(GroupErrors.of(error).code()));
    }

    private static OffsetFetchRequestGroup oneGroup(OffsetFetchRequestData request) {
        return new OffsetFetchRequestGroup()
                .setGroupId(request.groupId())
                .setTopics(
                        request.topics() == null
                                ? null
                                : request.topics().stream()
                                        .map(topic -> new OffsetFetchRequestTopics()
                                                .setName(topic.name())
                                                .setPartitionIndexes(topic.partitionIndexes()))
                                        .toList());
    }

    private static OffsetFetchResponseData oneAnswer(OffsetFetchResponseGroup group) {
        return new OffsetFetchResponseData()
                .setErrorCode(group.errorCode())
                .setTopics(group.topics().stream()
                        .map(topic -> new OffsetFetchResponseTopic()
                                .setName(topic.name())
                                .setPartitions(topic.partitions().stream()
                                        .map(partition -> new OffsetFetchResponsePartition()
                                                .setPartitionIndex(partition.partitionIndex())
                                                .setCommittedOffset(partition.committedOffset())
                                                .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                                                .setMetadata(partition.metadata())
                                                .setErrorCode(partition.errorCode()))
                                        .toList()))
                        .toList());
    }
}
