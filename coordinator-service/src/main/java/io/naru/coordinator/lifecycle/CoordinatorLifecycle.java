package io.naru.coordinator.lifecycle;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.GroupShards;
import io.naru.cluster.ShardImage;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.ControlPlaneException;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.ImageFollower;
import io.naru.cluster.control.ImageHolder;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.SessionKeeper;
import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.GroupShard;
import io.naru.coordinator.group.history.GroupEvents;
import io.naru.coordinator.kafka.CoordinatorListener;
import io.naru.coordinator.shard.KafkaShardPartitions;
import io.naru.coordinator.shard.ShardTable;
import io.naru.coordinator.view.ClusterView;
import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.server.ServerLimits;
import io.naru.protocol.server.ServerMetrics;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator from start to stop: listen, register, follow the image, load the shards it names.
 *
 * <p>Brokers are known from the first image on; the client that reaches them is made then. Two threads of its own: {@code session} sends
 * heartbeats, {@code image} applies images.
 */
final class CoordinatorLifecycle implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CoordinatorLifecycle.class);
    private static final long METADATA_AGE_MS = 30_000;

    private final CoordinatorProperties properties;
    private final ControlPlaneClient controlPlane;
    private final ImageHolder images = new ImageHolder();
    private final ScheduledExecutorService sessionThread = thread("coordinator-session");
    private final ScheduledExecutorService imageThread = thread("coordinator-image");
    private final KafkaClient client =
            new KafkaClient(new ClientOptions(GroupShards.WRITER_CLIENT_ID, 3_000, 15_000, 64 * 1024 * 1024), 1);
    private final BrokersOfImage brokers = new BrokersOfImage();
    private final ShardTable shards;
    private final CoordinatorListener listener;
    private final SessionKeeper session;
    private final ImageFollower follower;
    private volatile int httpPort;

    CoordinatorLifecycle(CoordinatorProperties properties, ServerMetrics metrics, GroupEvents events) {
        this.properties = properties;
        this.controlPlane = new ControlPlaneClient(properties.controlPlane().urls());
        this.shards = new ShardTable(
                properties.coordinator().id(),
                new KafkaShardPartitions(client, brokers::metadata),
                () -> new GroupShard(
                        properties.coordinator().group().settings(),
                        Assignors.standard(),
                        () -> Uuid.randomUuid().toString(),
                        events),
                new SteadyClock(Clock.systemUTC(), System::nanoTime),
                ShardTable.threads(properties.coordinator().threads()),
                () -> session().isCertain());
        this.session = new SessionKeeper(
                new ControllerSession(),
                sessionThread,
                properties.session().heartbeatInterval(),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        this.follower = new ImageFollower(controlPlane, images, imageThread);
        images.onChange(brokers::apply);
        images.onChange(shards::apply);
        ClusterImage none = ClusterImage.empty("", 0);
        this.listener = CoordinatorListener.bind(
                new InetSocketAddress(
                        properties.bindAddress(),
                        properties.coordinator().kafka().port()),
                shards,
                () -> images.current().orElse(none),
                this::askAnyBroker,
                ServerLimits.defaults(),
                metrics);
    }

    private SessionKeeper session() {
        return session;
    }

    private CompletableFuture<? extends ApiMessage> askAnyBroker(ApiMessage request) {
        return brokers.metadata()
                .map(metadata -> client.send(
                        metadata.anyNode(),
                        request,
                        ApiKeys.forId(request.apiKey())
                                .messageType
                                .newResponse()
                                .getClass()))
                .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no broker is known yet")));
    }

    /** The metadata cache, made when the first image names brokers to ask. */
    private final class BrokersOfImage {

        private @Nullable MetadataCache metadata;
        private List<NodeAddress> known = List.of();

        synchronized void apply(ClusterImage image) {
            List<NodeAddress> now = image.brokers().values().stream()
                    .map(b -> new NodeAddress(b.kafka().host(), b.kafka().port()))
                    .toList();
            if (!now.isEmpty() && !now.equals(known)) {
                known = now;
                metadata = new MetadataCache(client, now, METADATA_AGE_MS);
            }
        }

        synchronized Optional<MetadataCache> metadata() {
            return Optional.ofNullable(metadata);
        }
    }

    /** Starts registering; the image is followed from the first registration on. */
    void start(int boundHttpPort) {
        httpPort = boundHttpPort;
        session.start();
    }

    int kafkaPort() {
        return listener.port();
    }

    ShardTable shards() {
        return shards;
    }

    /** The cluster as this coordinator sees it. */
    ClusterView cluster() {
        return new ClusterView() {
            @Override
            public Optional<ClusterImage> image() {
                return images.current();
            }

            @Override
            public <R extends ApiMessage> CompletableFuture<R> send(
                    NodeAddress broker, ApiMessage request, Class<R> response) {
                return client.send(broker, request, response);
            }
        };
    }

    /** Shards that no coordinator owns, here or elsewhere: their groups cannot be served. */
    List<Integer> unowned() {
        return images.current()
                .map(image -> image.shards().stream()
                        .filter(shard -> shard.coordinatorId() == ShardImage.UNOWNED)
                        .map(ShardImage::shard)
                        .toList())
                .orElse(List.of());
    }

    /** Why this coordinator cannot serve yet; empty when it can. */
    Optional<String> notReady() {
        if (session.epoch().isEmpty()) {
            return Optional.of("not registered with the controller at "
                    + properties.controlPlane().urls());
        }
        Optional<ClusterImage> image = images.current();
        if (image.isEmpty()) {
            return Optional.of("no cluster image yet");
        }
        CoordinatorImage self =
                image.get().coordinators().get(properties.coordinator().id());
        if (self == null || self.epoch() != session.epoch().getAsLong() || !self.alive()) {
            return Optional.of("the cluster image does not show this registration yet");
        }
        if (image.get().shards().isEmpty()) {
            return Optional.of("the cluster has no group shards yet: no broker is up");
        }
        Collection<Integer> loading = shards.loading();
        return loading.isEmpty() ? Optional.empty() : Optional.of("loading shards " + loading);
    }

    private final class ControllerSession implements SessionKeeper.Session {

        private final String incarnationId = UUID.randomUUID().toString();
        private boolean following;

        @Override
        public CompletableFuture<Registered> register() {
            int advertised = Optional.ofNullable(
                            properties.coordinator().kafka().advertisedPort())
                    .orElseGet(listener::port);
            return controlPlane.register(new CoordinatorRegistration(
                    properties.coordinator().id(),
                    incarnationId,
                    new Endpoint(properties.advertisedHost(), advertised),
                    new Endpoint(properties.advertisedHost(), httpPort)));
        }

        @Override
        public CompletableFuture<HeartbeatAnswer> heartbeat(long epoch) {
            long applied = images.current().map(ClusterImage::version).orElse(0L);
            return controlPlane.coordinatorHeartbeat(
                    properties.coordinator().id(), new Heartbeat(epoch, applied, false));
        }

        @Override
        public void registered(Registered registered) {
            log.atInfo()
                    .addKeyValue("coordinatorId", properties.coordinator().id())
                    .addKeyValue("coordinatorEpoch", registered.epoch())
                    .log("Registered with the controller");
            if (!following) {
                following = true;
                follower.start();
            }
        }

        @Override
        public void refused(ControlPlaneException refusal) {
            log.atError()
                    .addKeyValue("errorCode", refusal.errorCode())
                    .log("The controller refuses this coordinator: {}", refusal.getMessage());
        }
    }

    /** Hands its shards back first, so that another coordinator need not wait for the session to lapse. */
    @Override
    public void close() {
        long epoch = session.epoch().orElse(-1);
        session.close();
        shards.close();
        listener.close();
        if (epoch >= 0) {
            leave(epoch);
        }
        follower.close();
        sessionThread.shutdownNow();
        imageThread.shutdownNow();
        client.close();
    }

    private void leave(long epoch) {
        try {
            controlPlane
                    .coordinatorHeartbeat(properties.coordinator().id(), new Heartbeat(epoch, 0, true))
                    .get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.atInfo().addKeyValue("cause", e.toString()).log("Could not tell the controller about the stop");
        }
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
