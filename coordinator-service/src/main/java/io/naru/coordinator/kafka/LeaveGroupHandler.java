package io.naru.coordinator.kafka;

import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** LeaveGroup, versions 0–5: 3 takes several members, and static ones by name (KIP-345), 5 has reasons (KIP-800). */
final class LeaveGroupHandler implements RequestHandler<LeaveGroupRequestData> {

    private static final short SEVERAL = 3;

    private final ShardTable shards;

    LeaveGroupHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public CompletionStage<ApiMessage> handle(LeaveGroupRequestData request, RequestContext context) {
        boolean one = context.apiVersion() < SEVERAL;
        return shards.submit(request.groupId(), (groups, now) -> groups.leave(request, one, now))
                .handle((answer, error) -> error == null
                        ? answer
                        : new LeaveGroupResponseData()
                                .setErrorCode(GroupErrors.of(error).code()));
    }
}
