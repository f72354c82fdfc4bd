package io.naru.broker.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.GroupShards;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** FindCoordinator, versions 0–6: 1 adds key types, 4 batches (KIP-699). Groups live in coordinator-service, named by the image. */
final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequestData> {

    private static final byte GROUP = 0;
    private static final short BATCHES = 4;

    private final Supplier<ClusterImage> image;

    FindCoordinatorHandler(Supplier<ClusterImage> image) {
        this.image = image;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<ApiMessage> handle(FindCoordinatorRequestData request, RequestContext context) {
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        if (context.apiVersion() >= BATCHES) {
            List<Coordinator> found = request.coordinatorKeys().stream()
                    .map(key -> find(request.keyType(), key))
                    .toList();
            answer.setCoordinators(found);
        } else {
            Coordinator found = find(request.keyType(), request.key());
            answer.setErrorCode(found.errorCode())
                    .setErrorMessage(found.errorMessage())
                    .setNodeId(found.nodeId())
                    .setHost(found.host())
                    .setPort(found.port());
        }
        return CompletableFuture.completedFuture(answer);
    }

    private Coordinator find(byte keyType, String key) {
        if (keyType != GROUP) {
            return failed(
                    key, Errors.INVALID_REQUEST, "only groups have coordinators here; transactions are not served");
        }
        ClusterImage now = image.get();
        if (now.shards().isEmpty()) {
            return failed(key, Errors.COORDINATOR_NOT_AVAILABLE, "no coordinator-service has registered yet");
        }
        int shard = GroupShards.shardFor(key, now.shards().size());
        Optional<CoordinatorImage> owner = now.coordinatorOf(shard);
        return owner.map(c -> new Coordinator()
                        .setKey(key)
                        .setNodeId(c.nodeId())
                        .setHost(c.kafka().host())
                        .setPort(c.kafka().port()))
                .orElseGet(() ->
                        failed(key, Errors.COORDINATOR_NOT_AVAILABLE, "shard " + shard + " has no live coordinator"));
    }

    private static Coordinator failed(String key, Errors error, String message) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(-1)
                .setPort(-1)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
