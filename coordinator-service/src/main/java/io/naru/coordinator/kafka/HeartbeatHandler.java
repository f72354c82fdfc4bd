package io.naru.coordinator.kafka;

import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Heartbeat, versions 0–4: 3 has static members (KIP-345). */
final class HeartbeatHandler implements RequestHandler<HeartbeatRequestData> {

    private final ShardTable shards;

    HeartbeatHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public CompletionStage<ApiMessage> handle(HeartbeatRequestData request, RequestContext context) {
        return shards.submit(request.groupId(), (groups, now) -> groups.classicHeartbeat(request, now))
                .handle((answer, error) -> error == null
                        ? answer
                        : new HeartbeatResponseData()
                                .setErrorCode(understood(GroupErrors.of(error)).code()));
    }

    /** Clients give up on 14 here. They need not know: when the shard is loaded sessions start anew. */
    private static Errors understood(Errors error) {
        return error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.NONE : error;
    }
}
