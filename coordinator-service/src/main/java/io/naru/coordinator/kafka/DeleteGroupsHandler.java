package io.naru.coordinator.kafka;

import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** DeleteGroups, versions 0–2 (KIP-229). */
final class DeleteGroupsHandler implements RequestHandler<DeleteGroupsRequestData> {

    private final ShardTable shards;

    DeleteGroupsHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DeleteGroupsRequestData request, RequestContext context) {
        return Futures.all(request.groupsNames().stream()
                        .distinct()
                        .map(this::delete)
                        .toList())
                .thenApply(results -> {
                    DeletableGroupResultCollection all = new DeletableGroupResultCollection(results.size());
                    results.forEach(all::add);
                    return new DeleteGroupsResponseData().setResults(all);
                });
    }

    private CompletableFuture<DeletableGroupResult> delete(String groupId) {
        return shards.submit(groupId, (groups, now) -> groups.deleteGroup(groupId))
                .exceptionally(GroupErrors::of)
                .thenApply(
                        error -> new DeletableGroupResult().setGroupId(groupId).setErrorCode(error.code()));
    }
}
