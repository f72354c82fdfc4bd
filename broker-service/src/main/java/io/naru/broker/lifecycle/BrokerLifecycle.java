package io.naru.broker.lifecycle;

import io.naru.broker.kafka.BrokerListener;
import io.naru.broker.kafka.LogDirectoriesView;
import io.naru.broker.log.LogDamage;
import io.naru.broker.log.cleaner.CleanerStats;
import io.naru.broker.partition.PartitionTable;
import io.naru.broker.partition.ReplicaSettings;
import io.naru.broker.replication.FetchSettings;
import io.naru.broker.replication.ReplicaFetchers;
import io.naru.broker.replication.ReplicaRepairs;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.config.ConfigLayers;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.ControlPlaneClient;
import io.naru.cluster.control.ControlPlaneException;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.ImageFollower;
import io.naru.cluster.control.ImageHolder;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.SessionKeeper;
import io.naru.protocol.server.ServerLimits;
import io.naru.protocol.server.ServerMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker from start to stop: open the logs, listen, register, follow the image; on the way out say so to the controller, stop
 * listening, close the logs.
 *
 * <p>Two threads of its own: {@code session} sends heartbeats and must never wait for a disk; {@code image} applies images and runs
 * the logs' housekeeping.
 */
final class BrokerLifecycle implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BrokerLifecycle.class);
    private static final long HOUSEKEEPING_MS = 500;
    private static final long HIGH_WATERMARKS_MS = 5_000;
    private static final long CONTROLLER_RETRY_MS = 100;

    private final BrokerProperties properties;
    private final ControlPlaneClient controlPlane;
    private final ImageHolder images = new ImageHolder();
    private final ScheduledExecutorService sessionThread = thread("broker-session");
    private final ScheduledExecutorService imageThread = thread("broker-image");
    private final BrokerLogs logs;
    private final BrokerReplication replication;
    private final PartitionTable partitions;
    private final ReplicaFetchers fetchers;
    private final ReplicaRepairs repairs;
    private final BrokerListener listener;
    private final ControllerSession controllerSession = new ControllerSession();
    private final SessionKeeper session;
    private final ImageFollower follower;
    private volatile Map<String, String> fixedConfigs;
    private volatile int httpPort;
    private volatile @Nullable String failure;
    private final Runnable onFailure;

    /**
     * Binds the listener; nothing is served until {@link #start} has opened the logs and an image has arrived.
     *
     * @param onFailure called when the broker cannot go on; must only hand on
     */
    BrokerLifecycle(BrokerProperties properties, ServerMetrics metrics, Runnable onFailure) {
        this.properties = properties;
        this.fixedConfigs = FixedConfigs.of(properties);
        this.onFailure = onFailure;
        this.controlPlane = new ControlPlaneClient(properties.controlPlane().urls());
        this.logs =
                new BrokerLogs(properties.logDirs(), properties.broker().id(), properties.broker(), Clock.systemUTC());
        this.session = new SessionKeeper(
                controllerSession,
                sessionThread,
                properties.session().heartbeatInterval(),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        int brokerId = properties.broker().id();
        this.replication = new BrokerReplication(
                brokerId, controlPlane, () -> session().epoch().orElse(-1), Clock.systemUTC());
        this.partitions = new PartitionTable(
                new ReplicaSettings(
                        brokerId, properties.broker().replicaLagTimeMax().toMillis(), fixedConfigs),
                logs,
                replication.isrListener());
        this.fetchers = replication.fetchers(fetchSettings(), partitions);
        this.repairs = replication.repairs(brokerId, partitions, logs::scrubSoon);
        this.follower = new ImageFollower(controlPlane, images, imageThread);
        try {
            this.listener = listen(metrics);
            images.onChange(this::apply);
        } catch (RuntimeException e) {
            replication.close();
            sessionThread.shutdownNow();
            imageThread.shutdownNow();
            throw e;
        }
    }

    private FetchSettings fetchSettings() {
        BrokerProperties.ReplicaFetch fetch = properties.broker().replicaFetch();
        return new FetchSettings(
                properties.broker().id(),
                (int) fetch.max().toBytes(),
                (int) fetch.responseMax().toBytes(),
                (int) fetch.waitMax().toMillis());
    }

    private void apply(ClusterImage image) {
        partitions.apply(image, replication.nowMs());
        fetchers.apply(image);
        ConfigLayers layers = layers();
        logs.configure(layers);
        listener.configure(layers);
        repairs.apply(image);
    }

    private BrokerListener listen(ServerMetrics metrics) {
        BrokerProperties.Broker broker = properties.broker();
        ServerLimits defaults = ServerLimits.defaults();
        ServerLimits limits = new ServerLimits(
                (int) Math.min(Integer.MAX_VALUE, broker.requestBytesMax().toBytes()),
                defaults.requestBytesMax(),
                defaults.frameDeadlineMs(),
                defaults.inFlightMax(),
                broker.maxConnections(),
                broker.maxConnectionsPerIp(),
                broker.connectionsMaxIdle().toMillis(),
                defaults.writeDeadlineMs(),
                defaults.sendBufferBytes());
        return BrokerListener.bind(
                new BrokerListener.Settings(
                        broker.id(),
                        new InetSocketAddress(
                                properties.bindAddress(), broker.kafka().port()),
                        broker.workerThreads(),
                        broker.autoCreateTopics(),
                        this::layers,
                        new LogDirectoriesView(logs.directories(), logs::offlineDirectories),
                        limits),
                partitions,
                images,
                controlPlane,
                () -> session().epoch().orElse(-1),
                metrics);
    }

    private SessionKeeper session() {
        return session;
    }

    /** What is set on this broker now; what the controller was told at its start is known once it has registered the broker. */
    private ConfigLayers layers() {
        return ConfigLayers.of(
                images.current().orElseGet(() -> ClusterImage.empty("", 0)),
                properties.broker().id(),
                fixedConfigs);
    }

    /** Opens the logs, which may take a while after an unclean stop, then registers and follows the image. */
    void start(int boundHttpPort) {
        httpPort = boundHttpPort;
        imageThread.execute(this::findClusterAndOpenLogs);
    }

    /** On the image thread. A new data directory has to wait for the controller to say which cluster this is. */
    private void findClusterAndOpenLogs() {
        Optional<String> known = logs.clusterId();
        if (known.isPresent()) {
            openLogs(known.get());
            return;
        }
        controlPlane
                .image(null, Duration.ZERO)
                .whenCompleteAsync(
                        (image, error) -> {
                            if (error == null && image.isPresent()) {
                                openLogs(image.get().clusterId());
                            } else {
                                imageThread.schedule(
                                        this::findClusterAndOpenLogs, CONTROLLER_RETRY_MS, TimeUnit.MILLISECONDS);
                            }
                        },
                        imageThread);
    }

    private void openLogs(String clusterId) {
        try {
            logs.open(clusterId);
        } catch (IOException | RuntimeException e) {
            failure = e.getMessage();
            log.atError().setCause(e).log("Cannot open the data directory; this broker will not serve");
            return;
        }
        every(HOUSEKEEPING_MS, this::housekeeping);
        every(HIGH_WATERMARKS_MS, () -> logs.checkpointHighWatermarks(partitions.highWatermarks()));
        session.start();
    }

    private void every(long ms, Runnable task) {
        imageThread.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        log.atError().setCause(e).log("Housekeeping failed; it is tried again");
                    }
                },
                ms,
                ms,
                TimeUnit.MILLISECONDS);
    }

    private void housekeeping() {
        logs.housekeeping();
        partitions.tick(session.isCertain(), replication.nowMs());
        repairs.tick();
        if (failure == null && logs.allDirectoriesFailed()) {
            failure = "no data directory is left: " + logs.offlineDirectories() + " failed";
            log.atError()
                    .addKeyValue("directories", logs.offlineDirectories())
                    .log(
                            "Every data directory has failed; this broker stops. Mend or replace the disks and start it again");
            onFailure.run();
        }
    }

    /** Kafka port that was bound. */
    int kafkaPort() {
        return listener.port();
    }

    /** The newest image. */
    Optional<ClusterImage> image() {
        return images.current();
    }

    /** Data directories that are out of use. */
    Set<Path> offlineDirectories() {
        return logs.offlineDirectories();
    }

    /** Damage that is known in the logs. */
    List<LogDamage> damage() {
        return logs.damage();
    }

    /** How far compaction has come. */
    CleanerStats cleanerStats() {
        return logs.cleanerStats().orElse(CleanerStats.NONE);
    }

    PartitionTable partitions() {
        return partitions;
    }

    ReplicaRepairs repairs() {
        return repairs;
    }

    ReplicaFetchers fetchers() {
        return fetchers;
    }

    /** Why this broker cannot serve yet; empty when it can. */
    Optional<String> notReady() {
        Optional<String> notOpen = Optional.ofNullable(failure).or(logs::notOpen);
        if (notOpen.isPresent()) {
            return notOpen;
        }
        if (session.epoch().isEmpty()) {
            return Optional.of("not registered with the controller at "
                    + properties.controlPlane().urls());
        }
        Optional<ClusterImage> image = images.current();
        if (image.isEmpty()) {
            return Optional.of("no cluster image yet");
        }
        BrokerImage self = image.get().brokers().get(properties.broker().id());
        if (self == null || self.epoch() != session.epoch().getAsLong()) {
            return Optional.of("the cluster image does not show this registration yet");
        }
        return self.fenced() ? Optional.of("fenced by the controller") : Optional.empty();
    }

    private final class ControllerSession implements SessionKeeper.Session {

        private final String incarnationId = UUID.randomUUID().toString();
        private boolean following;
        private long lastEpoch = BrokerRegistration.UNKNOWN_EPOCH;

        @Override
        public CompletableFuture<Registered> register() {
            int advertised = Optional.ofNullable(properties.broker().kafka().advertisedPort())
                    .orElseGet(listener::port);
            return controlPlane.register(new BrokerRegistration(
                    properties.broker().id(),
                    incarnationId,
                    logs.clusterId().orElseThrow(),
                    new Endpoint(properties.advertisedHost(), advertised),
                    new Endpoint(properties.advertisedHost(), httpPort),
                    properties.broker().rack(),
                    logs.directoryIds().stream().map(Uuid::toString).toList(),
                    lastEpoch >= 0 ? lastEpoch : logs.previousEpoch()));
        }

        @Override
        public CompletableFuture<HeartbeatAnswer> heartbeat(long epoch) {
            return send(epoch, false);
        }

        CompletableFuture<HeartbeatAnswer> send(long epoch, boolean wantShutDown) {
            long applied = images.current().map(ClusterImage::version).orElse(0L);
            return controlPlane.brokerHeartbeat(
                    properties.broker().id(),
                    new Heartbeat(epoch, applied, wantShutDown, partitions.offlineReplicas()));
        }

        @Override
        public void registered(Registered registered) {
            Map<String, String> fixed = new HashMap<>(registered.configs());
            fixed.putAll(FixedConfigs.of(properties));
            fixedConfigs = Map.copyOf(fixed);
            lastEpoch = registered.epoch(); // nothing is lost while the process lives
            log.atInfo()
                    .addKeyValue("brokerId", properties.broker().id())
                    .addKeyValue("brokerEpoch", registered.epoch())
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
                    .log("The controller refuses this broker: {}", refusal.getMessage());
        }
    }

    /** Stops in the order that loses nothing; the logs are closed clean. */
    @Override
    public void close() {
        long brokerEpoch = session.epoch().orElse(-1);
        session.close();
        if (brokerEpoch >= 0) {
            new ControlledShutdown(
                            () -> controllerSession.send(brokerEpoch, true),
                            properties.broker().controlledShutdownMax())
                    .await();
        }
        listener.close();
        follower.close();
        sessionThread.shutdown();
        imageThread.shutdown();
        try {
            if (!imageThread.awaitTermination(10, TimeUnit.SECONDS)) {
                imageThread.shutdownNow();
            }
        } catch (InterruptedException e) {
            imageThread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        fetchers.close();
        replication.close();
        logs.checkpointHighWatermarks(partitions.highWatermarks());
        logs.close(brokerEpoch);
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
