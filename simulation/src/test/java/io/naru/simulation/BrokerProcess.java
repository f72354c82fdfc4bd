package io.naru.simulation;

import io.naru.broker.kafka.BrokerHandlers;
import io.naru.broker.log.LogEnvironment;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogScrubber;
import io.naru.broker.log.LogSettings;
import io.naru.broker.log.checkpoint.MetaProperties;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.Throttle;
import io.naru.broker.partition.PartitionTable;
import io.naru.broker.partition.ReplicaSettings;
import io.naru.broker.replication.FetchSettings;
import io.naru.broker.replication.IsrChanges;
import io.naru.broker.replication.ReplicaFetchers;
import io.naru.broker.replication.ReplicaRepairs;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.ImageHolder;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.SessionKeeper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** One run of a broker: the real logs, partitions, fetchers and handlers, put together as BrokerLifecycle does, on simulated time. */
final class BrokerProcess implements KafkaNode {

    private static final long HOUSEKEEPING_MS = 500;
    private static final long HIGH_WATERMARKS_MS = 5_000;
    private static final long SCRUB_MS = 10_000;
    private static final long SCRUB_PAUSE_MS = 2_000;
    static final long LAG_MS_MAX = 4_000;

    private final Simulation world;
    private final BrokerMachine machine;
    private final SimulatedProcess process;
    private final String incarnation;
    private final ControlPlane controlPlane;
    private final ImageHolder images = new ImageHolder();
    private final ImagePolls imagePolls;
    private final KafkaListener listener = new KafkaListener();
    private final BrokerRuntime runtime;
    private @Nullable LogManager logs;
    private @Nullable PartitionTable partitions;
    private @Nullable ReplicaFetchers fetchers;
    private @Nullable SessionKeeper session;
    private long lastEpoch = BrokerRegistration.UNKNOWN_EPOCH;
    private boolean stopping;

    BrokerProcess(Simulation world, BrokerMachine machine, SimulatedProcess process, String incarnation) {
        this.world = world;
        this.machine = machine;
        this.process = process;
        this.incarnation = incarnation;
        this.controlPlane = new ControlPlane(world.network(), process, world.admins());
        this.imagePolls = new ImagePolls(process, controlPlane, images, () -> stopping && fetchers == null);
        this.runtime = new BrokerRuntime(world, process, controlPlane, () -> epoch().orElse(-1));
        process.doomedWhen(machine.disk()::dead, () -> machine.kill("dies in the middle of a write"));
        process.afterEach(() -> world.invariants().after(this));
    }

    @Override
    public SimulatedProcess process() {
        return process;
    }

    String incarnation() {
        return incarnation;
    }

    boolean stopping() {
        return stopping;
    }

    OptionalLong epoch() {
        SessionKeeper keeper = session;
        return keeper == null ? OptionalLong.empty() : keeper.epoch();
    }

    /** Its partitions, once the logs are open. */
    Optional<PartitionTable> partitions() {
        return Optional.ofNullable(partitions);
    }

    Optional<ClusterImage> image() {
        return images.current();
    }

    void start() {
        process.after(machine.random().nextInt(300_000), this::open);
    }

    private void open() {
        LogManager opened;
        try {
            opened = LogManager.open(
                    new LogSettings(
                            List.of(machine.directory()),
                            MetadataDatabase.CLUSTER_ID,
                            machine.id(),
                            new LogEnvironment(
                                    machine.disk(), new Random(machine.random().nextLong())),
                            topic -> world.logConfig(),
                            1,
                            (done, total) -> {}),
                    machine.clock().millis());
        } catch (IOException e) {
            if (process.alive()) {
                throw new Violation(process.name() + " cannot open its logs", e);
            }
            return;
        }
        logs = opened;
        BrokerLogSource source = new BrokerLogSource(opened, machine.clock(), world.logOverrides());
        IsrChanges isrChanges = new IsrChanges(machine.id(), runtime);
        PartitionTable table = new PartitionTable(new ReplicaSettings(machine.id(), LAG_MS_MAX), source, isrChanges);
        partitions = table;
        ReplicaFetchers replicas =
                new ReplicaFetchers(new FetchSettings(machine.id(), 2_000, 6_000, 500), table, runtime);
        fetchers = replicas;
        LogScrubber scrubber = new LogScrubber(opened::all, SCRUB_MS, Throttle.NONE);
        ReplicaRepairs repairs = new ReplicaRepairs(machine.id(), table, runtime, scrubber::scrubSoon);
        images.onChange(image -> {
            table.apply(image, runtime.nowMs());
            replicas.apply(image);
            repairs.apply(image);
        });
        Random random = new Random(machine.random().nextLong());
        BrokerHandlers.World surroundings = new BrokerHandlers.World(
                process, new SimulatedTimer(process), machine.clock(), runtime::nowMs, random::nextInt);
        listener.serve(BrokerHandlers.ofRecords(
                machine.id(), table, () -> images.current().orElseThrow(), surroundings));
        process.every(HIGH_WATERMARKS_MS, () -> opened.checkpointHighWatermarks(table.highWatermarks()));
        SessionKeeper keeper = new SessionKeeper(
                new Session(opened, table), new SimulatedScheduler(process), Duration.ofMillis(500), runtime::nowMs);
        session = keeper;
        process.every(HOUSEKEEPING_MS, () -> {
            opened.tick(machine.clock().millis());
            table.tick(keeper.isCertain(), runtime.nowMs());
            repairs.tick();
        });
        process.every(SCRUB_PAUSE_MS, () -> scrub(scrubber));
        keeper.start();
    }

    private void scrub(LogScrubber scrubber) {
        try {
            scrubber.scrubNext(runtime.nowMs());
        } catch (CleaningStoppedException e) {
            world.trace().say(process.name(), "looks through a log that has changed meanwhile");
        }
    }

    private final class Session implements SessionKeeper.Session {

        private final LogManager opened;
        private final PartitionTable table;

        Session(LogManager opened, PartitionTable table) {
            this.opened = opened;
            this.table = table;
        }

        @Override
        public CompletableFuture<Registered> register() {
            long previous =
                    lastEpoch >= 0 ? lastEpoch : opened.cleanShutdownEpoch().orElse(BrokerRegistration.UNKNOWN_EPOCH);
            BrokerRegistration wanted = new BrokerRegistration(
                    machine.id(),
                    incarnation,
                    MetadataDatabase.CLUSTER_ID,
                    new Endpoint(machine.name(), 9_000 + machine.id()),
                    new Endpoint(machine.name(), 8_000 + machine.id()),
                    null,
                    List.of(directoryId()),
                    previous);
            return controlPlane.call((controller, nowMs) -> controller.register(wanted, nowMs));
        }

        private String directoryId() {
            try {
                return MetaProperties.read(io.naru.broker.log.disk.Disk.local(), machine.directory())
                        .directoryId()
                        .toString();
            } catch (IOException e) {
                throw new Violation("a directory without an identity", e);
            }
        }

        @Override
        public CompletableFuture<HeartbeatAnswer> heartbeat(long epoch) {
            return beat(epoch, false);
        }

        CompletableFuture<HeartbeatAnswer> beat(long epoch, boolean wantShutDown) {
            long applied = images.current().map(ClusterImage::version).orElse(0L);
            Heartbeat heartbeat = new Heartbeat(epoch, applied, wantShutDown, table.offlineReplicas());
            return controlPlane.heartbeat(
                    (controller, nowMs) -> controller.brokerHeartbeat(machine.id(), heartbeat, nowMs));
        }

        @Override
        public void registered(Registered registered) {
            lastEpoch = registered.epoch();
            world.trace().say(process.name(), "is registered in epoch " + registered.epoch());
            machine.registered();
            imagePolls.start();
        }
    }

    @Override
    public CompletionStage<? extends @Nullable ApiMessage> handle(
            ApiKeys api, short version, ApiMessage request, String clientId) {
        if (images.current().isEmpty()) {
            return CompletableFuture.failedFuture(new IOException("not up yet"));
        }
        CompletionStage<? extends @Nullable ApiMessage> stage = listener.handle(api, version, request, clientId);
        if (request instanceof ProduceRequestData produced) {
            return stage.thenApply(answer -> {
                if (process.alive()) {
                    world.invariants().answered(this, produced, (ProduceResponseData) answer);
                }
                return answer;
            });
        }
        return stage;
    }

    @Override
    public void accepted(Connection connection) {
        listener.accepted(connection);
    }

    /** Breaks every connection to it. */
    void resetConnections() {
        listener.resetConnections();
    }

    /** Stops in good order: others lead, logs are closed. */
    void stop() {
        SessionKeeper keeper = session;
        if (stopping || keeper == null || epoch().isEmpty()) {
            return;
        }
        stopping = true;
        long epoch = epoch().getAsLong();
        keeper.close();
        world.trace().say(process.name(), "is to stop");
        Session sender = new Session(orElseThrow(logs), orElseThrow(partitions));
        askToStop(sender, epoch, machine.clock().nowMs() + 30_000);
    }

    private void askToStop(Session sender, long epoch, long latestMs) {
        if (machine.clock().nowMs() > latestMs) {
            close(epoch);
            return;
        }
        sender.beat(epoch, true).whenComplete((answer, error) -> {
            if (error != null || answer.mayShutDown()) {
                close(epoch);
            } else {
                process.afterMs(100, () -> askToStop(sender, epoch, latestMs));
            }
        });
    }

    private void close(long epoch) {
        orElseThrow(fetchers).close();
        fetchers = null;
        LogManager open = orElseThrow(logs);
        open.checkpointHighWatermarks(orElseThrow(partitions).highWatermarks());
        open.close(machine.clock().millis(), epoch);
        if (!process.alive()) {
            return; // in the middle of it
        }
        resetConnections();
        process.end();
        machine.stopped();
    }

    private static <T> T orElseThrow(@Nullable T value) {
        return Optional.ofNullable(value).orElseThrow();
    }

    /** Is gone, and lets go of its files. */
    void die(boolean othersHear) {
        if (othersHear) {
            resetConnections();
        }
        process.end();
        if (logs != null) {
            logs.abandon();
        }
    }

    Optional<LogManager> logs() {
        return Optional.ofNullable(logs);
    }

    int id() {
        return machine.id();
    }

    /** Whether the controller's latest registration of this broker is this run. */
    boolean isRegistered() {
        return ControllerView.isRegistered(world.database().state(), machine.id(), incarnation) && epoch().isPresent();
    }
}
