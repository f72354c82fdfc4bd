package io.naru.coordinator.kafka;

import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ConsumerGroupDescribe, versions 0–1 (KIP-848); 1 tells each member's type. */
final class ConsumerGroupDescribeHandler implements RequestHandler<ConsumerGroupDescribeRequestData> {

    private final ShardTable shards;

    ConsumerGroupDescribeHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public CompletionStage<ApiMessage> handle(ConsumerGroupDescribeRequestData request, RequestContext context) {
        return Futures.all(request.groupIds().stream().map(this::describe).toList())
                .thenApply(groups -> new ConsumerGroupDescribeResponseData().setGroups(groups));
    }

    private CompletableFuture<DescribedGroup> describe(String groupId) {
        return shards.submit(groupId, (groups, now) -> Outcome.answer(groups.describe(groupId)))
                .exceptionally(error -> new DescribedGroup()
                        .setGroupId(groupId)
                        .setMembers(List.of())
                        .setErrorCode(GroupErrors.of(error).code())
                        .setErrorMessage(GroupErrors.message(error)));
    }
}
