package io.naru.coordinator.view;

import io.naru.cluster.ClusterImage;
import io.naru.protocol.client.NodeAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiMessage;

/** The cluster that groups read from. */
public interface ClusterView {

    /** The newest image; empty before the first. */
    Optional<ClusterImage> image();

    /** Asks a broker. */
    <R extends ApiMessage> CompletableFuture<R> send(NodeAddress broker, ApiMessage request, Class<R> response);
}
