package io.naru.coordinator.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.coordinator.shard.ShardTable;
import io.naru.protocol.server.KafkaServer;
import io.naru.protocol.server.RequestHandler;
import io.naru.protocol.server.ServerFeatures;
import io.naru.protocol.server.ServerLimits;
import io.naru.protocol.server.ServerMetrics;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiMessage;

/** The coordinator's Kafka listener. Handlers only hand on to shards, so they run on the event loops themselves. */
public final class CoordinatorListener implements AutoCloseable {

    private final KafkaServer server;

    private CoordinatorListener(KafkaServer server) {
        this.server = server;
    }

    /**
     * Binds the listener; port 0 takes a free one.
     *
     * @param brokers answers what needs no particular node
     */
    public static CoordinatorListener bind(
            InetSocketAddress address,
            ShardTable shards,
            Supplier<ClusterImage> image,
            Function<ApiMessage, ? extends CompletionStage<? extends ApiMessage>> brokers,
            ServerLimits limits,
            ServerMetrics metrics) {
        List<RequestHandler<?>> handlers = new ArrayList<>(BrokerRelay.all(brokers));
        handlers.addAll(CoordinatorHandlers.ofGroups(shards, image));
        return new CoordinatorListener(KafkaServer.bind(
                "coordinator",
                address,
                new KafkaServer.Served(handlers, features(image)),
                Runnable::run,
                limits,
                metrics));
    }

    /** The same as brokers tell: Kafka's admin client asks any node. */
    private static ServerFeatures features(Supplier<ClusterImage> image) {
        return new ServerFeatures(
                Map.of("group.version", (short) 1, "eligible.leader.replicas.version", (short) 1),
                () -> image.get().version());
    }

    /** The port listened on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
