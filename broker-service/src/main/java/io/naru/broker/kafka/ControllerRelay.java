package io.naru.broker.kafka;

import io.naru.cluster.control.Actor;
import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.ConfigResults;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.ImageHolder;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.PartitionResults;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import io.naru.cluster.control.Unregistered;
import io.naru.protocol.server.RequestContext;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;

/**
 * Hands to the controller what clients want changed, in their name, and answers once this broker's own image shows it, so that a client
 * which asks this broker next finds what it was told.
 */
final class ControllerRelay {

    private static final int BROKER_DEFAULT = -1;
    private static final long IMAGE_WAIT_MS = 10_000;

    private final ControlPlaneClient controlPlane;
    private final ImageHolder images;

    ControllerRelay(ControlPlaneClient controlPlane, ImageHolder images) {
        this.controlPlane = controlPlane;
        this.images = images;
    }

    CompletableFuture<TopicResults> create(CreateTopics request, RequestContext client) {
        return of(client).createTopics(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<TopicResults> delete(DeleteTopics request, RequestContext client) {
        return of(client).deleteTopics(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<TopicResults> createPartitions(CreatePartitions request, RequestContext client) {
        return of(client).createPartitions(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<ConfigResults> alterConfigs(AlterConfigs request, RequestContext client) {
        return of(client).alterConfigs(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<PartitionResults> elect(ElectLeaders request, RequestContext client) {
        return of(client).electLeaders(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<PartitionResults> reassign(AlterReassignments request, RequestContext client) {
        return of(client).alterReassignments(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<Unregistered> unregister(int brokerId, RequestContext client) {
        return of(client).unregisterBroker(brokerId).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    /** Creates topics with the cluster's defaults; the result names the error of each that could not be created. */
    CompletableFuture<Map<String, Errors>> autoCreate(List<String> names, RequestContext client) {
        List<NewTopic> topics = names.stream()
                .map(n -> new NewTopic(n, BROKER_DEFAULT, BROKER_DEFAULT, Map.of(), Map.of()))
                .toList();
        return create(new CreateTopics(topics, false), client).handle((answer, error) -> {
            Map<String, Errors> failed = new HashMap<>();
            if (error != null) {
                Errors unreachable = KafkaErrors.ofControlPlane(error);
                names.forEach(n -> failed.put(n, unreachable));
                return failed;
            }
            for (TopicResult result : answer.results()) {
                if (result.errorCode() != Errors.NONE.code() && result.name() != null) {
                    failed.put(result.name(), Errors.forCode(result.errorCode()));
                }
            }
            return failed;
        });
    }

    private ControlPlaneClient of(RequestContext client) {
        String address = client.remote() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : client.remote().toString();
        return controlPlane.onBehalfOf(Actor.anonymous(client.clientId(), address));
    }

    private <R> CompletableFuture<R> untilSeen(R answer, long imageVersion) {
        return images.atLeast(imageVersion)
                .thenApply(image -> answer)
                .completeOnTimeout(answer, IMAGE_WAIT_MS, TimeUnit.MILLISECONDS);
    }
}
