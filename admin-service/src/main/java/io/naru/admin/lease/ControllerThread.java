package io.naru.admin.lease;

import io.naru.admin.controller.Controller;
import io.naru.admin.controller.ControllerSettings;
import io.naru.admin.controller.ControllerState;
import io.naru.admin.controller.Decision;
import io.naru.admin.controller.RefusedException;
import io.naru.admin.metadata.LeaseLostException;
import io.naru.admin.metadata.MetadataStore;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.control.Actor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the controller's state. While it holds the lease it runs events one at a time: decide, commit, publish,
 * answer, in that order, so that nobody ever sees an answer or an image that a crash could undo. Without the lease it asks for it
 * again and again and refuses every event.
 *
 * <p>When a commit fails in any way it is not known what the database holds. The controller then steps down and starts over from what
 * it finds there, under a new epoch.
 */
public final class ControllerThread implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ControllerThread.class);

    /** Events waiting; each is a request whose sender waits too. */
    private static final int MAX_QUEUED = 10_000;

    /** A third of the silence after which a broker is taken for dead. */
    private static final long SLOW_MS = 1_000;

    private final MetadataStore store;
    private final ControllerSettings settings;
    private final LeaseSettings lease;
    private final Supplier<String> topicIds;
    private final LongSupplier clockMs;
    private final ImagePublisher publisher;
    private final ControllerMetrics metrics;
    private final AtomicInteger queued = new AtomicInteger();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "controller");
        made.setDaemon(true);
        return made;
    });

    private volatile boolean closing;
    private @Nullable Controller controller;
    private long renewAtMs;
    private long leaseEndsMs;
    private @Nullable String lastFailure;

    /**
     * A controller that has not started.
     *
     * @param surroundings what it works with
     * @param settings     what the controller's decisions depend on
     * @param lease        how the lease is kept
     */
    public ControllerThread(Surroundings surroundings, ControllerSettings settings, LeaseSettings lease) {
        this.store = surroundings.store;
        this.topicIds = surroundings.topicIds;
        this.clockMs = surroundings.clockMs;
        this.publisher = surroundings.publisher;
        this.metrics = surroundings.metrics;
        this.settings = settings;
        this.lease = lease;
    }

    /**
     * What a controller works with.
     *
     * @param store     where metadata and lease live
     * @param topicIds  a new topic id at each call
     * @param clockMs   a monotonic clock
     * @param publisher where images go
     * @param metrics   where counts and times go
     */
    public record Surroundings(
            MetadataStore store,
            Supplier<String> topicIds,
            LongSupplier clockMs,
            ImagePublisher publisher,
            ControllerMetrics metrics) {}

    /**
     * Starts asking for the lease.
     *
     * @return done when it has asked once, whatever the answer
     */
    public CompletableFuture<Void> start() {
        return CompletableFuture.runAsync(this::tick, thread);
    }

    /**
     * Runs an event.
     *
     * @param name  for metrics
     * @param event decides, given the controller and the time
     * @return the answer, once committed; fails with {@link RefusedException} when the controller refused and nothing changed, with
     *     {@link NotActiveException} when this is not the active controller or stopped being it meanwhile
     */
    public <A> CompletableFuture<A> call(String name, BiFunction<Controller, Long, Decision<A>> event) {
        return submit(name, event, true);
    }

    /**
     * Runs an event that somebody asked for: what it changes stands in the change history, under their name and in the same transaction.
     *
     * @param actor who asked
     */
    public <A> CompletableFuture<A> call(String name, Actor actor, BiFunction<Controller, Long, Decision<A>> event) {
        return submit(
                name,
                (controller, nowMs) -> event.apply(controller, nowMs)
                        .notedFor(actor, controller.state().image()),
                true);
    }

    /**
     * What {@link #call} would answer now. Nothing is changed; only for events that change nothing by themselves before they are
     * committed.
     */
    public <A> CompletableFuture<A> preview(String name, BiFunction<Controller, Long, Decision<A>> event) {
        return submit(name, event, false);
    }

    private <A> CompletableFuture<A> submit(
            String name, BiFunction<Controller, Long, Decision<A>> event, boolean commits) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        if (queued.incrementAndGet() > MAX_QUEUED) {
            queued.decrementAndGet();
            answer.completeExceptionally(new NotActiveException("The controller has too much to do; try again later."));
            return answer;
        }
        try {
            thread.execute(() -> {
                queued.decrementAndGet();
                run(name, event, commits, answer);
            });
        } catch (RejectedExecutionException stopping) {
            answer.completeExceptionally(new NotActiveException("This admin-service is shutting down."));
        }
        return answer;
    }

    private <A> void run(
            String name,
            BiFunction<Controller, Long, Decision<A>> event,
            boolean commits,
            CompletableFuture<A> answer) {
        Controller active = controller;
        if (active == null) {
            answer.completeExceptionally(new NotActiveException("This admin-service is not the active controller."));
            return;
        }
        long begunMs = clockMs.getAsLong();
        try {
            Decision<A> decision = metrics.timed(name, () -> event.apply(active, clockMs.getAsLong()));
            if (commits) {
                commit(active, decision);
            }
            answer.complete(decision.answer());
        } catch (RefusedException refused) {
            answer.completeExceptionally(refused);
        } catch (NotActiveException steppedDown) {
            answer.completeExceptionally(steppedDown);
        } catch (RuntimeException broken) {
            log.atError().setCause(broken).addKeyValue("event", name).log("The controller failed on an event");
            answer.completeExceptionally(broken);
        }
        long tookMs = clockMs.getAsLong() - begunMs;
        if (tookMs >= SLOW_MS) {
            log.atWarn()
                    .addKeyValue("event", name)
                    .addKeyValue("ms", tookMs)
                    .addKeyValue("waiting", queued.get())
                    .log("The controller took long over one event, and all others waited");
        }
    }

    /** Makes a decision durable, then everyone's. */
    private void commit(Controller active, Decision<?> decision) {
        if (!decision.changes().isEmpty()) {
            try {
                metrics.timed("commit", () -> {
                    store.commit(decision.changes(), decision.next());
                    return true;
                });
            } catch (LeaseLostException lost) {
                stepDown(lost);
                throw new NotActiveException("Another admin-service has become the controller; nothing was changed.");
            } catch (RuntimeException unknown) {
                stepDown(unknown);
                throw NotActiveException.outcomeUnknown(
                        "The metadata database failed; it is not known whether the change was made.");
            }
        }
        ClusterImage before = active.state().image();
        active.committed(decision);
        ClusterImage now = active.state().image();
        if (now.version() != before.version()) {
            List<LeaderChange> leaders = LeaderChange.among(decision.changes(), before);
            metrics.image(now, decision.changes(), leaders);
            publisher.publish(now);
            ClusterLog.committed(decision.changes(), leaders);
        }
    }

    private void tick() {
        if (closing) {
            return;
        }
        try {
            Controller active = controller;
            if (active == null) {
                acquire();
            } else {
                keep(active);
            }
        } catch (NotActiveException steppedDown) {
            // Said when it happened; the next tick asks for the lease again.
        } catch (RuntimeException failure) {
            failed(failure);
        } finally {
            Duration next = controller == null ? lease.renewInterval() : lease.tickInterval();
            try {
                thread.schedule(this::tick, next.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopping) {
                log.atDebug().log("The controller thread stops");
            }
        }
    }

    private void acquire() {
        long nowMs = clockMs.getAsLong();
        Optional<ControllerState> taken = store.acquire(lease.holder(), lease.duration());
        if (taken.isEmpty()) {
            return;
        }
        ControllerState state = taken.get();
        Controller active = new Controller(state, settings, topicIds, nowMs);
        controller = active;
        renewed(nowMs);
        log.atInfo()
                .addKeyValue("clusterId", state.image().clusterId())
                .addKeyValue("controllerEpoch", state.image().controllerEpoch())
                .addKeyValue("imageVersion", state.image().version())
                .log("This admin-service is the active controller");
        metrics.image(state.image(), List.of(), List.of());
        publisher.publish(state.image());
    }

    private void keep(Controller active) {
        long nowMs = clockMs.getAsLong();
        if (nowMs >= renewAtMs) {
            renew(active, nowMs);
        }
        commit(active, active.expireSessions(nowMs));
        commit(active, active.balanceLeaders(nowMs));
    }

    private void renew(Controller active, long nowMs) {
        try {
            if (!store.renew(active.state().image().controllerEpoch(), lease.duration())) {
                throw new LeaseLostException(active.state().image().controllerEpoch());
            }
            renewed(nowMs);
        } catch (LeaseLostException lost) {
            stepDown(lost);
            throw new NotActiveException("lease lost");
        } catch (RuntimeException unreachable) {
            if (nowMs >= leaseEndsMs) {
                stepDown(unreachable);
                throw new NotActiveException("lease not renewed");
            }
            renewAtMs = nowMs + lease.renewInterval().toMillis();
            failed(unreachable);
        }
    }

    private void renewed(long nowMs) {
        lastFailure = null;
        renewAtMs = nowMs + lease.renewInterval().toMillis();
        leaseEndsMs = nowMs + lease.duration().toMillis();
    }

    private void stepDown(RuntimeException why) {
        controller = null;
        metrics.inactive();
        publisher.withdraw();
        log.atWarn()
                .addKeyValue("cause", why.toString())
                .log("No longer the active controller; will ask for the lease again");
    }

    private void failed(RuntimeException failure) {
        if (!failure.toString().equals(lastFailure)) {
            lastFailure = failure.toString();
            log.atWarn().setCause(failure).log("The metadata database cannot be reached; trying on");
        }
    }

    /** Stops: refuses what comes, ends every wait, and gives the lease back so that another need not wait for it to expire. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        try {
            thread.submit(this::leave).get(lease.duration().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException late) {
            log.atWarn().addKeyValue("cause", late.toString()).log("Could not give the controller lease back");
        }
        thread.shutdownNow();
    }

    private void leave() {
        Controller active = controller;
        controller = null;
        metrics.inactive();
        publisher.withdraw();
        if (active != null) {
            store.release(active.state().image().controllerEpoch());
        }
    }
}
