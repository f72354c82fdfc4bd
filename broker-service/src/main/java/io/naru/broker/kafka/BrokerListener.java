package io.naru.broker.kafka;

import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.config.ConfigLayers;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.ImageHolder;
import io.naru.protocol.server.KafkaServer;
import io.naru.protocol.server.RequestHandler;
import io.naru.protocol.server.ServerFeatures;
import io.naru.protocol.server.ServerLimits;
import io.naru.protocol.server.ServerMetrics;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The broker's Kafka listener with all its handlers, its workers and its timer. */
public final class BrokerListener implements AutoCloseable {

    /** No wait here needs to end on time, and each tick costs an idle broker as much as a request. */
    private static final long TICK_MS = 25;

    private final KafkaServer server;
    private final ThreadPoolExecutor workers;
    private final HashedWheelTimer timer;

    private BrokerListener(KafkaServer server, ThreadPoolExecutor workers, HashedWheelTimer timer) {
        this.server = server;
        this.workers = workers;
        this.timer = timer;
    }

    /**
     * What the listener is told at start.
     *
     * @param brokerId      node id
     * @param address       where to listen; port 0 takes a free one
     * @param workerThreads threads that run handlers; they block while a disk does
     * @param autoCreate    {@code auto.create.topics.enable}
     * @param configs       what is set on this broker now
     * @param directories   its data directories
     * @param limits        what a stranger can make it hold
     */
    public record Settings(
            int brokerId,
            InetSocketAddress address,
            int workerThreads,
            boolean autoCreate,
            Supplier<ConfigLayers> configs,
            LogDirectoriesView directories,
            ServerLimits limits) {}

    /**
     * Binds the listener.
     *
     * @param brokerEpoch this broker's epoch, for producer id blocks; −1 while it is not registered
     */
    public static BrokerListener bind(
            Settings settings,
            PartitionTable partitions,
            ImageHolder images,
            ControlPlaneClient controlPlane,
            LongSupplier brokerEpoch,
            ServerMetrics metrics) {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                settings.workerThreads(),
                settings.workerThreads(),
                60,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("broker-worker", true));
        HashedWheelTimer timer =
                new HashedWheelTimer(new DefaultThreadFactory("broker-timer", true), TICK_MS, TimeUnit.MILLISECONDS);
        ClusterImage none = ClusterImage.empty("", 0);
        Supplier<ClusterImage> image = () -> images.current().orElse(none);
        BrokerHandlers.World world = new BrokerHandlers.World(
                workers,
                timer,
                Clock.systemUTC(),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                () -> ThreadLocalRandom.current().nextInt());
        List<RequestHandler<?>> handlers =
                new ArrayList<>(BrokerHandlers.ofRecords(settings.brokerId(), partitions, image, world));
        handlers.addAll(BrokerHandlers.ofDirectories(partitions, settings.directories()));
        handlers.addAll(WithoutSecurity.handlers());
        handlers.addAll(BrokerHandlers.ofCluster(settings, images, image, controlPlane, brokerEpoch));
        handlers.replaceAll(handler -> new OnceStarted<>(handler, partitions::hasImage));
        try {
            KafkaServer server = KafkaServer.bind(
                    "broker",
                    settings.address(),
                    new KafkaServer.Served(handlers, features(images)),
                    workers,
                    settings.limits(),
                    metrics);
            return new BrokerListener(server, workers, timer);
        } catch (RuntimeException e) {
            workers.shutdownNow();
            timer.stop();
            throw e;
        }
    }

    /** KIP-848 groups and KIP-966 ELRs are always on. */
    private static ServerFeatures features(ImageHolder images) {
        return new ServerFeatures(
                Map.of("group.version", (short) 1, "eligible.leader.replicas.version", (short) 1),
                () -> images.current().map(ClusterImage::version).orElse(-1L));
    }

    /** Puts in force what is set on the broker while it runs. */
    public void configure(ConfigLayers layers) {
        int threads = (int) layers.number("num.io.threads");
        if (threads > workers.getMaximumPoolSize()) {
            workers.setMaximumPoolSize(threads);
            workers.setCorePoolSize(threads);
        } else if (threads != workers.getCorePoolSize()) {
            workers.setCorePoolSize(threads);
            workers.setMaximumPoolSize(threads);
        }
        server.limitConnections((int) layers.number("max.connections"), (int) layers.number("max.connections.per.ip"));
    }

    /** The port listened on. */
    public int port() {
        return server.port();
    }

    /** Closes connections, then lets handlers finish what they have begun. */
    @Override
    public void close() {
        server.close();
        timer.stop();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
