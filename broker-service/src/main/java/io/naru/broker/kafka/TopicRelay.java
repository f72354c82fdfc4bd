package io.naru.broker.kafka;

import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.ImageHolder;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.TopicResult;
import io.naru.cluster.control.TopicResults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;

/**
 * Hands topic changes to the controller, and answers once this broker's own image shows them, so that a client which asks this
 * broker next finds what it was told.
 */
final class TopicRelay {

    private static final int BROKER_DEFAULT = -1;
    private static final long IMAGE_WAIT_MS = 10_000;

    private final ControlPlaneClient controlPlane;
    private final ImageHolder images;

    TopicRelay(ControlPlaneClient controlPlane, ImageHolder images) {
        this.controlPlane = controlPlane;
        this.images = images;
    }

    CompletableFuture<TopicResults> create(CreateTopics request) {
        return controlPlane.createTopics(request).thenCompose(this::untilSeen);
    }

    CompletableFuture<TopicResults> delete(DeleteTopics request) {
        return controlPlane.deleteTopics(request).thenCompose(this::untilSeen);
    }

    /** Creates topics with the cluster's defaults; the result names the error of each that could not be created. */
    CompletableFuture<Map<String, Errors>> autoCreate(List<String> names) {
        List<NewTopic> topics = names.stream()
                .map(n -> new NewTopic(n, BROKER_DEFAULT, BROKER_DEFAULT, Map.of(), Map.of()))
                .toList();
        return create(new CreateTopics(topics, false)).handle((answer, error) -> {
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

    private CompletableFuture<TopicResults> untilSeen(TopicResults results) {
        return images.atLeast(results.imageVersion())
                .thenApply(image -> results)
                .completeOnTimeout(results, IMAGE_WAIT_MS, TimeUnit.MILLISECONDS);
    }
}
