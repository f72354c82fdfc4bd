package io.naru.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionKeeperTest {

    /** So long that a test which waits for it fails. */
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long nowMs;

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void registersSoonAfterTheControllerIsThere() throws Exception {
        keep(new Script(3, 0));
        assertThat(calls).containsExactly("register", "register", "register", "register", "heartbeat 7");
    }

    @Test
    void sendsHeartbeatsSoonUntilItMayServe() throws Exception {
        keep(new Script(0, 3));
        assertThat(calls).containsExactly("register", "heartbeat 7", "heartbeat 7", "heartbeat 7", "heartbeat 7");
    }

    @Test
    void heartbeatsAreTheIntervalApart() throws Exception {
        Duration interval = Duration.ofMillis(170);
        Delays delays = new Delays();
        try (SessionKeeper keeper = new SessionKeeper(new Script(0, 1), delays, interval, () -> nowMs)) {
            keeper.start();
            assertThat(delays.enough.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(delays.ms).as("soon until it may serve").containsExactly(20L, 40L, 170L, 170L, 170L);
        } finally {
            delays.shutdownNow();
        }
    }

    @Test
    void isCertainForTwoSecondsAfterItSentWhatWasAnswered() throws Exception {
        try (SessionKeeper keeper = new SessionKeeper(new Script(0, 0), scheduler, INTERVAL, () -> nowMs)) {
            assertThat(keeper.isCertain()).as("not registered").isFalse();
            nowMs = 10_000;
            keeper.start();
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            nowMs = 11_999;
            assertThat(keeper.isCertain()).isTrue();
            nowMs = 12_000;
            assertThat(keeper.isCertain()).isFalse();
        }
    }

    private void keep(Script script) throws InterruptedException {
        try (SessionKeeper keeper = new SessionKeeper(script, scheduler, INTERVAL, () -> nowMs)) {
            assertThat(keeper.epoch()).isEmpty();
            keeper.start();
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(keeper.epoch()).hasValue(7);
        }
    }

    /** Notes what it is told to wait, and does not wait; after five times it does nothing more. */
    private static final class Delays extends ScheduledThreadPoolExecutor {
        private final List<Long> ms = new CopyOnWriteArrayList<>();
        private final CountDownLatch enough = new CountDownLatch(5);

        Delays() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            if (delay == 0) {
                return super.schedule(task, 0, unit);
            }
            ms.add(unit.toMillis(delay));
            enough.countDown();
            return super.schedule(task, enough.getCount() == 0 ? unit.convert(INTERVAL) : 0, unit);
        }
    }

    /** A controller that is away for some calls, then keeps the caller fenced for some heartbeats. */
    private final class Script implements SessionKeeper.Session {
        private int away;
        private int fenced;

        Script(int away, int fenced) {
            this.away = away;
            this.fenced = fenced;
        }

        @Override
        public CompletableFuture<Registered> register() {
            calls.add("register");
            return away-- > 0
                    ? CompletableFuture.failedFuture(new ConnectException("refused"))
                    : CompletableFuture.completedFuture(new Registered(7, "cluster", 1));
        }

        @Override
        public CompletableFuture<HeartbeatAnswer> heartbeat(long epoch) {
            calls.add("heartbeat " + epoch);
            boolean stays = fenced-- > 0;
            if (!stays) {
                done.countDown();
            }
            return CompletableFuture.completedFuture(new HeartbeatAnswer(stays, false, 1));
        }

        @Override
        public void registered(Registered registered) {}
    }
}
