package io.naru.simulation;

import io.naru.admin.controller.Controller;
import io.naru.admin.controller.ControllerSettings;
import io.naru.admin.controller.ControllerState;
import io.naru.admin.controller.Decision;
import io.naru.admin.controller.LeaderBalanceSettings;
import io.naru.admin.controller.RefusedException;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.ControlPlaneError;
import io.naru.cluster.control.ControlPlaneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The real {@link Controller} in one run of an admin-service: decide, commit, publish, answer, while it holds the lease. Does what
 * admin-service's ControllerThread does, on simulated time.
 */
final class ControllerProcess implements Network.Callee {

    private static final long LEASE_MS = 3_000;
    private static final long RENEW_MS = 1_000;
    private static final long TICK_MS = 100;

    private static final ControllerSettings SETTINGS = new ControllerSettings(
            3_000,
            1,
            3,
            new ControllerSettings.OffsetsTopicSettings(1, 3),
            100,
            1_000,
            new LeaderBalanceSettings(true, 5_000, 10));

    private final SimulatedProcess process;
    private final MetadataDatabase database;
    private final Supplier<String> topicIds;
    private final Trace trace;
    private final List<Poll> polls = new ArrayList<>();
    private @Nullable Controller controller;
    private long renewAtMs;

    private record Poll(long version, int controllerEpoch, CompletableFuture<Optional<ClusterImage>> answer) {}

    ControllerProcess(SimulatedProcess process, MetadataDatabase database, Supplier<String> topicIds, Trace trace) {
        this.process = process;
        this.database = database;
        this.topicIds = topicIds;
        this.trace = trace;
        process.execute(this::tick);
    }

    @Override
    public SimulatedProcess process() {
        return process;
    }

    /** Whether it believes itself to be the active controller. */
    boolean active() {
        return controller != null;
    }

    private void tick() {
        Controller active = controller;
        if (active == null) {
            acquire();
        } else {
            keep(active);
        }
        process.afterMs(controller == null ? RENEW_MS : TICK_MS, this::tick);
    }

    private void acquire() {
        Optional<ControllerState> taken = database.acquire(process.name(), LEASE_MS);
        if (taken.isPresent()) {
            long nowMs = process.clock().nowMs();
            controller = new Controller(taken.get(), SETTINGS, topicIds, nowMs);
            renewAtMs = nowMs + RENEW_MS;
            trace.say(
                    process.name(),
                    "is the controller, epoch " + taken.get().image().controllerEpoch());
            publish(taken.get().image());
        }
    }

    private void keep(Controller active) {
        long nowMs = process.clock().nowMs();
        try {
            if (nowMs >= renewAtMs) {
                if (!database.renew(active.state().image().controllerEpoch(), LEASE_MS)) {
                    throw new MetadataDatabase.CommitFailed("the lease is lost");
                }
                renewAtMs = nowMs + RENEW_MS;
            }
            commit(active, active.expireSessions(nowMs));
            commit(active, active.balanceLeaders(nowMs));
        } catch (MetadataDatabase.CommitFailed failed) {
            stepDown(failed);
        }
    }

    private void commit(Controller active, Decision<?> decision) {
        if (!decision.changes().isEmpty()) {
            database.commit(active.state().image().controllerEpoch(), decision.changes());
        }
        long before = active.state().image().version();
        active.committed(decision);
        if (active.state().image().version() != before) {
            publish(active.state().image());
        }
    }

    private void stepDown(RuntimeException why) {
        controller = null;
        trace.say(process.name(), "steps down: " + why.getMessage());
        List<Poll> refused = List.copyOf(polls);
        polls.clear();
        refused.forEach(poll -> poll.answer.completeExceptionally(notActive()));
    }

    private void publish(ClusterImage image) {
        List<Poll> waiting = List.copyOf(polls);
        polls.clear();
        waiting.forEach(poll -> poll.answer.complete(Optional.of(image)));
    }

    private static ControlPlaneException notActive() {
        return new ControlPlaneException(503, new ControlPlaneError(Errors.NOT_CONTROLLER.code(), "not active"));
    }

    /** Handles an event of the controller. */
    <A> CompletableFuture<A> call(BiFunction<Controller, Long, Decision<A>> event) {
        Controller active = controller;
        if (active == null) {
            return CompletableFuture.failedFuture(notActive());
        }
        try {
            Decision<A> decision = event.apply(active, process.clock().nowMs());
            commit(active, decision);
            return CompletableFuture.completedFuture(decision.answer());
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(new ControlPlaneException(
                    409, new ControlPlaneError(refused.error().code(), String.valueOf(refused.getMessage()))));
        } catch (MetadataDatabase.CommitFailed failed) {
            stepDown(failed);
            return CompletableFuture.failedFuture(notActive());
        }
    }

    /** Waits for an image that is newer. */
    CompletableFuture<Optional<ClusterImage>> image(@Nullable ClusterImage known, long waitMs) {
        Controller active = controller;
        if (active == null) {
            return CompletableFuture.failedFuture(notActive());
        }
        ClusterImage now = active.state().image();
        if (known == null || now.isNewerThan(known)) {
            return CompletableFuture.completedFuture(Optional.of(now));
        }
        Poll poll = new Poll(known.version(), known.controllerEpoch(), new CompletableFuture<>());
        polls.add(poll);
        process.afterMs(waitMs, () -> {
            if (polls.remove(poll)) {
                poll.answer.complete(Optional.empty());
            }
        });
        return poll.answer;
    }
}
