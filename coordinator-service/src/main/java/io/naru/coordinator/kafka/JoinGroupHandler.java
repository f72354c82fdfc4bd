package io.naru.coordinator.kafka;

import io.naru.coordinator.group.state.Client;
import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** JoinGroup, versions 0–9: 1 has the rebalance timeout, 4 ids to join again with (KIP-394), 5 static members (KIP-345), 7 says the
 * protocol's type and lets its name be missing, 8 has reasons (KIP-800), 9 can tell a leader not to assign (KIP-814). */
final class JoinGroupHandler implements RequestHandler<JoinGroupRequestData> {

    private static final short NAME_MAY_BE_MISSING = 7;

    private final ShardTable shards;

    JoinGroupHandler(ShardTable shards) {
        this.shards = shards;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public CompletionStage<ApiMessage> handle(JoinGroupRequestData request, RequestContext context) {
        Client client = Clients.of(context);
        return shards.<JoinGroupResponseData>submitWaiting(
                        request.groupId(),
                        (groups, later, now) -> groups.join(request, context.apiVersion(), client, later, now))
                .handle((answer, error) ->
                        complete(error == null ? answer : refused(request, error), context.apiVersion()));
    }

    private static JoinGroupResponseData refused(JoinGroupRequestData request, Throwable error) {
        return new JoinGroupResponseData()
                .setErrorCode(GroupErrors.of(error).code())
                .setMemberId(request.memberId())
                .setProtocolName(null);
    }

    private static ApiMessage complete(JoinGroupResponseData answer, short version) {
        @Nullable String name = answer.protocolName();
        return name == null && version < NAME_MAY_BE_MISSING ? answer.setProtocolName("") : answer;
    }
}
