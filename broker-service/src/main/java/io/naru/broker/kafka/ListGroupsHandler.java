package io.naru.broker.kafka;

import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * ListGroups, versions 0–5. Kafka's admin client asks every node and puts the answers together; groups live in coordinators, so a
 * broker has none to list.
 */
final class ListGroupsHandler implements RequestHandler<ListGroupsRequestData> {

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(ListGroupsRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(new ListGroupsResponseData());
    }
}
