package io.naru.coordinator.kafka;

import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** OffsetCommit, versions 2–10: 7 has static members, 9 member epochs (KIP-848), 10 topic ids. */
final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequestData> {

    private final ShardTable shards;

    OffsetCommitHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<ApiMessage> handle(OffsetCommitRequestData request, RequestContext context) {
        return shards.submit(request.groupId(), (groups, now) -> groups.commit(request, context.apiVersion(), now))
                .handle((answer, error) -> error == null ? answer : refused(request, GroupErrors.of(error)));
    }

    private static OffsetCommitResponseData refused(OffsetCommitRequestData request, Errors error) {
        return new OffsetCommitResponseData()
                .setTopics(request.topics().stream()
                        .map(topic -> new OffsetCommitResponseTopic()
                                .setName(topic.name())
                                .setTopicId(topic.topicId())
                                .setPartitions(topic.partitions().stream()
                                        .map(partition -> new OffsetCommitResponsePartition()
                                                .setPartitionIndex(partition.partitionIndex())
                                                .setErrorCode(error.code()))
                                        .toList()))
                        .toList());
    }
}
