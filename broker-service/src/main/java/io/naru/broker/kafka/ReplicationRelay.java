package io.naru.broker.kafka;

import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.ImageHolder;
import io.naru.cluster.control.PartitionResults;
import io.naru.cluster.control.TopicResults;
import io.naru.cluster.control.Unregistered;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Hands to the controller what clients want done with replicas, and answers once this broker's own image shows it. */
final class ReplicationRelay {

    private static final long IMAGE_WAIT_MS = 10_000;

    private final ControlPlaneClient controlPlane;
    private final ImageHolder images;

    ReplicationRelay(ControlPlaneClient controlPlane, ImageHolder images) {
        this.controlPlane = controlPlane;
        this.images = images;
    }

    CompletableFuture<PartitionResults> elect(ElectLeaders request) {
        return controlPlane.electLeaders(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<PartitionResults> reassign(AlterReassignments request) {
        return controlPlane.alterReassignments(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<TopicResults> createPartitions(CreatePartitions request) {
        return controlPlane.createPartitions(request).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    CompletableFuture<Unregistered> unregister(int brokerId) {
        return controlPlane.unregisterBroker(brokerId).thenCompose(r -> untilSeen(r, r.imageVersion()));
    }

    private <R> CompletableFuture<R> untilSeen(R answer, long imageVersion) {
        return images.atLeast(imageVersion)
                .thenApply(image -> answer)
                .completeOnTimeout(answer, IMAGE_WAIT_MS, TimeUnit.MILLISECONDS);
    }
}
