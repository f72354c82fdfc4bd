package io.naru.simulation;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.control.CoordinatorRegistration;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.ImageHolder;
import io.naru.cluster.control.Registered;
import io.naru.cluster.control.SessionKeeper;
import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.group.GroupShard;
import io.naru.coordinator.group.state.ClassicSettings;
import io.naru.coordinator.group.state.GroupSettings;
import io.naru.coordinator.kafka.CoordinatorHandlers;
import io.naru.coordinator.shard.ShardTable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** One run of a coordinator: the real shards, groups and handlers, put together as CoordinatorLifecycle does, on simulated time. */
final class CoordinatorProcess implements KafkaNode {

    private static final GroupSettings SETTINGS =
            new GroupSettings(3_000, 500, 10, 4_096, 86_400_000, 600_000, ClassicSettings.defaults());

    private final Simulation world;
    private final int id;
    private final SimulatedProcess process;
    private final String incarnation;
    private final GroupLedger ledger;
    private final ImageHolder images = new ImageHolder();
    private final KafkaListener listener = new KafkaListener();
    private final ControlPlane controlPlane;
    private final ImagePolls imagePolls;

    CoordinatorProcess(
            Simulation world, int id, SimulatedProcess process, String incarnation, GroupLedger ledger, Random random) {
        this.world = world;
        this.id = id;
        this.process = process;
        this.incarnation = incarnation;
        this.ledger = ledger;
        this.controlPlane = new ControlPlane(world.network(), process, world.admins());
        this.imagePolls = new ImagePolls(process, controlPlane, images, () -> false);
        process.after(random.nextInt(300_000), () -> open(random));
    }

    private void open(Random random) {
        SimulatedScheduler scheduler = new SimulatedScheduler(process);
        SessionKeeper keeper =
                new SessionKeeper(new Session(), scheduler, Duration.ofMillis(500), process.clock()::nowMs);
        ShardTable shards = new ShardTable(
                id,
                new SimulatedPartitions(world, process, random),
                () -> new GroupShard(SETTINGS, Assignors.standard(), () -> {
                    throw new IllegalStateException("members choose their ids");
                }),
                process.clock(),
                List.of(scheduler),
                keeper::isCertain);
        images.onChange(shards::apply);
        listener.serve(
                CoordinatorHandlers.ofGroups(shards, () -> images.current().orElseThrow()));
        keeper.start();
    }

    @Override
    public SimulatedProcess process() {
        return process;
    }

    private final class Session implements SessionKeeper.Session {

        @Override
        public CompletableFuture<Registered> register() {
            CoordinatorRegistration wanted = new CoordinatorRegistration(
                    id,
                    incarnation,
                    new Endpoint(process.name(), 7_000 + id),
                    new Endpoint(process.name(), 6_000 + id));
            return controlPlane.call((controller, nowMs) -> controller.register(wanted, nowMs));
        }

        @Override
        public CompletableFuture<HeartbeatAnswer> heartbeat(long epoch) {
            Heartbeat heartbeat = new Heartbeat(
                    epoch, images.current().map(ClusterImage::version).orElse(0L), false);
            return controlPlane.heartbeat((controller, nowMs) -> controller.coordinatorHeartbeat(id, heartbeat, nowMs));
        }

        @Override
        public void registered(Registered registered) {
            world.trace().say(process.name(), "is registered in epoch " + registered.epoch());
            imagePolls.start();
        }
    }

    @Override
    public CompletionStage<? extends @Nullable ApiMessage> handle(
            ApiKeys api, short version, ApiMessage request, String clientId) {
        if (images.current().isEmpty()) {
            return CompletableFuture.failedFuture(new IOException("not up yet"));
        }
        return listener.handle(api, version, request, clientId).thenApply(answer -> {
            if (process.alive() && answer instanceof ConsumerGroupHeartbeatResponseData told) {
                ledger.told(process.name(), told);
            }
            return answer;
        });
    }

    @Override
    public void accepted(Connection connection) {
        listener.accepted(connection);
    }

    /** Is gone, and its machine says so to whoever was connected. */
    void die() {
        listener.resetConnections();
        process.end();
    }
}
