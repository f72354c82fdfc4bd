package io.naru.coordinator.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.GroupShards;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** FindCoordinator, versions 4–6, for groups: clients may ask a coordinator as well as a broker. */
final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequestData> {

    private static final byte GROUP = 0;

    private final Supplier<ClusterImage> image;

    FindCoordinatorHandler(Supplier<ClusterImage> image) {
        this.image = image;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public short versionMin() {
        return 4;
    }

    @Override
    public CompletionStage<ApiMessage> handle(FindCoordinatorRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(new FindCoordinatorResponseData()
                .setCoordinators(request.coordinatorKeys().stream()
                        .map(key -> find(request.keyType(), key))
                        .toList()));
    }

    private Coordinator find(byte keyType, String key) {
        ClusterImage now = image.get();
        Coordinator none = new Coordinator().setKey(key).setNodeId(-1).setPort(-1);
        if (keyType != GROUP) {
            return none.setErrorCode(Errors.INVALID_REQUEST.code())
                    .setErrorMessage("only groups have coordinators here");
        }
        if (now.shards().isEmpty()) {
            return none.setErrorCode(Errors.COORDINATOR_NOT_AVAILABLE.code());
        }
        return now.coordinatorOf(GroupShards.shardFor(key, now.shards().size()))
                .map(c -> new Coordinator()
                        .setKey(key)
                        .setNodeId(c.nodeId())
                        .setHost(c.kafka().host())
                        .setPort(c.kafka().port()))
                .orElseGet(() -> none.setErrorCode(Errors.COORDINATOR_NOT_AVAILABLE.code()));
    }
}
