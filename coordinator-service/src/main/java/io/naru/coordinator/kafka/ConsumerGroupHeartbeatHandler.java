package io.naru.coordinator.kafka;

import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** ConsumerGroupHeartbeat, versions 0–1 (KIP-848); 1 has patterns and ids that members make themselves (KIP-1082). */
final class ConsumerGroupHeartbeatHandler implements RequestHandler<ConsumerGroupHeartbeatRequestData> {

    private final ShardTable shards;

    ConsumerGroupHeartbeatHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<ApiMessage> handle(ConsumerGroupHeartbeatRequestData request, RequestContext context) {
        Client client = Clients.of(context);
        return shards.submit(
                        request.groupId(),
                        (groups, now) -> groups.heartbeat(request, context.apiVersion(), client, now))
                .handle((answer, error) -> error == null
                        ? answer
                        : new ConsumerGroupHeartbeatResponseData()
                                .setErrorCode(GroupErrors.of(error).code())
                                .setErrorMessage(GroupErrors.message(error)));
    }
}
