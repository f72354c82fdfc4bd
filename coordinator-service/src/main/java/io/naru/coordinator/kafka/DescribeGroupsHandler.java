package io.naru.coordinator.kafka;

import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** DescribeGroups, versions 0–6: 6 says that a group is unknown instead of dead (KIP-1043). */
final class DescribeGroupsHandler implements RequestHandler<DescribeGroupsRequestData> {

    private final ShardTable shards;

    DescribeGroupsHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DescribeGroupsRequestData request, RequestContext context) {
        return Futures.all(request.groups().stream()
                        .map(group -> describe(group, context.apiVersion()))
                        .toList())
                .thenApply(groups -> new DescribeGroupsResponseData().setGroups(groups));
    }

    private CompletableFuture<DescribedGroup> describe(String groupId, short version) {
        return shards.submit(groupId, (groups, now) -> Outcome.answer(groups.describeClassic(groupId, version)))
                .exceptionally(error -> new DescribedGroup()
                        .setGroupId(groupId)
                        .setErrorCode(GroupErrors.of(error).code()));
    }
}
