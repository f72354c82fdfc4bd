package io.naru.coordinator.kafka;

import io.naru.coordinator.group.state.Outcome;
import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ListGroups, versions 0–5: 4 filters by state (KIP-518), 5 by type (KIP-848). Lists the groups of the shards owned here. */
final class ListGroupsHandler implements RequestHandler<ListGroupsRequestData> {

    private final ShardTable shards;

    ListGroupsHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(ListGroupsRequestData request, RequestContext context) {
        return Futures.all(shards.submitToAll(
                        (groups, now) -> Outcome.answer(groups.list(request.statesFilter(), request.typesFilter()))))
                .handle((lists, error) -> error == null
                        ? new ListGroupsResponseData()
                                .setGroups(lists.stream().flatMap(List::stream).toList())
                        : new ListGroupsResponseData()
                                .setErrorCode(GroupErrors.of(error).code()));
    }
}
