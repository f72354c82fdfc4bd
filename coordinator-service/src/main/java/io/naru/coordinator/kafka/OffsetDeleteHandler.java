package io.naru.coordinator.kafka;

import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** OffsetDelete, version 0 (KIP-496). */
final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequestData> {

    private final ShardTable shards;

    OffsetDeleteHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public CompletionStage<ApiMessage> handle(OffsetDeleteRequestData request, RequestContext context) {
        return shards.submit(request.groupId(), (groups, now) -> groups.deleteOffsets(request))
                .handle((answer, error) -> error == null
                        ? answer
                        : new OffsetDeleteResponseData()
                                .setErrorCode(GroupErrors.of(error).code()));
    }
}
