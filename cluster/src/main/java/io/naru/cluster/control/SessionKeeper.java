package io.naru.cluster.control;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service registered: registers, then sends a heartbeat at each interval, and registers again when the controller no longer
 * knows its epoch. Tries for ever: soon at first, so that a cluster that starts together is together soon, then at each interval. All state is confined to the scheduler's one thread, but for {@link #epoch()},
 * which anyone may read.
 */
public final class SessionKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SessionKeeper.class);
    private static final long FIRST_DELAY_MS = 20;

    /** Below the controller's session timeout of 3 s, so that doubt comes before another takes what is this service's. */
    private static final long CERTAIN_MS = 2_000;

    /** Failures in a row that are passed over in silence: when all services start together the controller is seldom first. */
    private static final int QUIET_FAILURES = 12;

    /** The same once there is a session, which a few more of them end. */
    private static final int QUIET_FAILURES_REGISTERED = 1;

    /** What a session does: the two calls, and what to do with their answers. */
    public interface Session {

        /** Registers with the controller. */
        CompletableFuture<Registered> register();

        /** Sends a sign of life. */
        CompletableFuture<HeartbeatAnswer> heartbeat(long epoch);

        /** Called after each registration, before the first heartbeat. */
        void registered(Registered registered);

        /** Called after each heartbeat that was answered. */
        default void heard(HeartbeatAnswer answer) {}

        /** Called when the controller refuses the registration for a reason that trying again will not mend. */
        default void refused(ControlPlaneException refusal) {}
    }

    private final Session session;
    private final ScheduledExecutorService scheduler;
    private final Duration interval;
    private final LongSupplier nowMs;
    private volatile long confirmedMs;
    private volatile long epoch = -1;
    private volatile boolean closed;
    private long delayMs = FIRST_DELAY_MS;
    private int failures;
    private @Nullable String lastFailure;

    /**
     * A keeper that has not started.
     *
     * @param session   what to call
     * @param scheduler one thread
     * @param interval  between heartbeats, well below the controller's session timeout
     * @param nowMs     a clock that only goes forward
     */
    public SessionKeeper(Session session, ScheduledExecutorService scheduler, Duration interval, LongSupplier nowMs) {
        this.session = session;
        this.scheduler = scheduler;
        this.interval = interval;
        this.nowMs = nowMs;
    }

    /** Starts registering. */
    public void start() {
        scheduler.execute(this::register);
    }

    /** The registered epoch, or empty while not registered. */
    public OptionalLong epoch() {
        long now = epoch;
        return now < 0 ? OptionalLong.empty() : OptionalLong.of(now);
    }

    /**
     * Whether the controller cannot have taken this service for dead yet: it has answered a heartbeat of less than two seconds ago. What
     * counts is when that was sent, for the controller's count begins later.
     */
    public boolean isCertain() {
        return epoch >= 0 && nowMs.getAsLong() - confirmedMs < CERTAIN_MS;
    }

    private void register() {
        long sentMs = nowMs.getAsLong();
        call(session::register, registered -> {
            confirmedMs = sentMs;
            epoch = registered.epoch();
            delayMs = FIRST_DELAY_MS;
            session.registered(registered);
            return this::heartbeat;
        });
    }

    private void heartbeat() {
        long sentMs = nowMs.getAsLong();
        call(() -> session.heartbeat(epoch), answer -> {
            confirmedMs = sentMs;
            session.heard(answer);
            if (!answer.fenced()) {
                delayMs = interval.toMillis();
            }
            return this::heartbeat;
        });
    }

    private <T> void call(Supplier<CompletableFuture<T>> request, Function<T, Runnable> answered) {
        if (closed) {
            return;
        }
        request.get()
                .whenCompleteAsync(
                        (answer, error) -> {
                            Runnable next = error == null ? succeeded(answered, answer) : failed(error);
                            if (!closed) {
                                scheduler.schedule(next, nextDelayMs(), TimeUnit.MILLISECONDS);
                            }
                        },
                        scheduler);
    }

    private long nextDelayMs() {
        long delay = Math.min(delayMs, interval.toMillis());
        delayMs = 2 * delay;
        return delay;
    }

    private <T> Runnable succeeded(Function<T, Runnable> answered, T answer) {
        lastFailure = null;
        failures = 0;
        try {
            return answered.apply(answer);
        } catch (RuntimeException broken) {
            log.atError().setCause(broken).log("Handling the controller's answer failed; registering again");
            return this::register;
        }
    }

    private Runnable failed(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        boolean refused = cause instanceof ControlPlaneException refusal && refusal.status() != 503;
        failures++;
        int quiet = epoch < 0 ? QUIET_FAILURES : QUIET_FAILURES_REGISTERED;
        if ((refused || failures > quiet) && !cause.toString().equals(lastFailure)) {
            lastFailure = cause.toString();
            log.atWarn()
                    .addKeyValue("cause", lastFailure)
                    .log("The controller did not accept this service's call; trying on");
        }
        if (refused) {
            if (epoch < 0) {
                session.refused((ControlPlaneException) cause);
            }
            epoch = -1;
            return this::register;
        }
        return epoch < 0 ? this::register : this::heartbeat;
    }

    /** Stops; the scheduler stays its owner's to shut down. */
    @Override
    public void close() {
        closed = true;
    }
}
