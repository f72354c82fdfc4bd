package io.naru.coordinator.kafka;

import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** SyncGroup, versions 0–5: 3 has static members (KIP-345), 5 says the protocol's type and name. */
final class SyncGroupHandler implements RequestHandler<SyncGroupRequestData> {

    private final ShardTable shards;

    SyncGroupHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public CompletionStage<ApiMessage> handle(SyncGroupRequestData request, RequestContext context) {
        return shards.<SyncGroupResponseData>submitWaiting(
                        request.groupId(), (groups, later, now) -> groups.sync(request, later, now))
                .handle((answer, error) -> error == null
                        ? answer
                        : new SyncGroupResponseData()
                                .setErrorCode(understood(GroupErrors.of(error)).code()));
    }

    /** Clients give up on 14 here. The rebalance is lost with the state that is being loaded: they are to join again. */
    private static Errors understood(Errors error) {
        return error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.REBALANCE_IN_PROGRESS : error;
    }
}
