package io.naru.admin.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.naru.admin.controller.ControllerSettings;
import io.naru.admin.controller.ControllerSettings.OffsetsTopicSettings;
import io.naru.admin.controller.Decision;
import io.naru.admin.controller.LeaderBalanceSettings;
import io.naru.admin.controller.RefusedException;
import io.naru.admin.lease.ImagePublisher.Published;
import io.naru.admin.lease.ImagePublisher.Waiter;
import io.naru.admin.metadata.InMemoryMetadata;
import io.naru.admin.metadata.InMemoryMetadata.Failure;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.Registered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllerThreadTest {

    private static final Duration LEASE = Duration.ofSeconds(1);

    private final AtomicLong clockMs = new AtomicLong(1_000_000);
    private final InMemoryMetadata database = new InMemoryMetadata(clockMs::get);
    private final List<Node> nodes = new ArrayList<>();

    /** One admin-service. Its ticks follow each other at once, so that only the clock above decides what is due. */
    private final class Node {

        final ImagePublisher images = new ImagePublisher();
        final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        final ControllerThread thread;

        Node(String name) {
            thread = new ControllerThread(
                    new ControllerThread.Surroundings(
                            database.store("/"),
                            () -> UUID.randomUUID().toString(),
                            clockMs::get,
                            images,
                            new ControllerMetrics(registry)),
                    new ControllerSettings(
                            3000, 1, 1, new OffsetsTopicSettings(4, 3), 100, 100, LeaderBalanceSettings.DEFAULT),
                    new LeaseSettings(name, LEASE, Duration.ofMillis(1), Duration.ofMillis(1)));
            nodes.add(this);
        }

        Node started() throws Exception {
            thread.start().get(10, TimeUnit.SECONDS);
            return this;
        }

        Registered register(int id, String incarnation) throws Exception {
            BrokerRegistration broker = new BrokerRegistration(
                    id, incarnation, null, new Endpoint("h", 1), new Endpoint("h", 2), null, List.of());
            return get(thread.call("register", (c, nowMs) -> c.register(broker, nowMs)));
        }

        ClusterImage image() {
            return images.current().orElseThrow().image();
        }

        ClusterImage awaitImage(long after, int epoch) throws Exception {
            return get(images.newerThan(after, epoch).image()).orElseThrow().image();
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> node.thread.close());
    }

    @Test
    void answerComesOnceTheImageThatShowsItIsPublished() throws Exception {
        Node node = new Node("a").started();
        Registered registered = node.register(1, "b");
        assertThat(node.image().version()).isEqualTo(registered.imageVersion());
        assertThat(node.image().brokers()).containsKey(1);
    }

    @Test
    void refusalsReachTheCallerAndChangeNothing() throws Exception {
        Node node = new Node("a").started();
        node.register(1, "b");
        long version = node.image().version();
        assertThatThrownBy(() -> node.register(1, "another")).cause().isInstanceOf(RefusedException.class);
        assertThat(node.image().version()).isEqualTo(version);
    }

    @Test
    void onlyOneIsActiveAndTheOtherTakesOverWhenItsLeaseRunsOut() throws Exception {
        Node first = new Node("a").started();
        first.register(1, "b");
        Node second = new Node("b").started();
        notActive(() -> second.register(2, "x"));
        assertThat(second.images.current()).isEmpty();

        CountDownLatch stalls = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        CompletableFuture<Integer> stalled = first.thread.call("stall", (c, nowMs) -> {
            stalls.countDown();
            await(resume);
            return c.expireSessions(nowMs);
        });
        await(stalls);
        clockMs.addAndGet(LEASE.toMillis() + 1);
        awaitActive(second);
        assertThat(second.image().brokers())
                .as("what the first one had committed")
                .containsKey(1);
        assertThat(second.image().isNewerThan(first.image())).isTrue();
        resume.countDown();
        get(stalled);
        notActive(() -> first.register(3, "y"));
        assertThat(first.images.current()).isEmpty();
        assertThat(second.register(4, "z").epoch()).isPositive();
    }

    @Test
    void commitThatFailedIsNeitherAnsweredNorPublished() throws Exception {
        Node node = new Node("a").started();
        int epoch = node.image().controllerEpoch();
        long version = node.image().version();
        database.failNextCommit(Failure.NOT_COMMITTED);
        notActive(() -> node.register(1, "b"));
        awaitActive(node);
        assertThat(node.awaitImage(-1, -1).controllerEpoch()).isGreaterThan(epoch);
        assertThat(node.image().version()).isEqualTo(version);
        assertThat(node.image().brokers()).isEmpty();
    }

    @Test
    void commitWhoseOutcomeIsUnknownIsLookedUp() throws Exception {
        Node node = new Node("a").started();
        database.failNextCommit(Failure.COMMITTED);
        notActive(() -> node.register(1, "b"));
        awaitActive(node);
        assertThat(node.image().brokers()).as("it had been committed after all").containsKey(1);
        assertThat(node.register(1, "b").epoch())
                .isEqualTo(node.image().brokers().get(1).epoch());
    }

    @Test
    void whoeverWaitsForAnImageGetsTheNextOneOrHearsThatThisIsNoControllerAnyMore() throws Exception {
        Node node = new Node("a").started();
        ClusterImage now = node.image();
        Waiter given = node.images.newerThan(now.version(), now.controllerEpoch());
        Waiter givenUp = node.images.newerThan(now.version(), now.controllerEpoch());
        node.images.giveUp(givenUp);
        assertThat(get(givenUp.image())).isEmpty();
        node.register(1, "b");
        assertThat(get(given.image()).map(Published::image).map(ClusterImage::version))
                .hasValue(now.version() + 1);
        assertThat(node.images.newerThan(99, now.controllerEpoch() - 1).image())
                .as("of an earlier controller, whatever its version")
                .isCompleted();
        Waiter last = node.images.newerThan(now.version() + 1, now.controllerEpoch());
        node.thread.close();
        notActive(() -> get(last.image()));
        notActive(() -> get(node.images.newerThan(-1, -1).image()));
        notActive(() -> node.register(2, "x"));
    }

    @Test
    void leaseIsGivenBackOnClose() throws Exception {
        Node first = new Node("a").started();
        first.thread.close();
        Node second = new Node("b").started();
        assertThat(second.image().controllerEpoch()).isGreaterThan(1);
    }

    @Test
    void silentBrokerIsFencedByTheTicksAlone() throws Exception {
        Node node = new Node("a").started();
        Registered broker = node.register(1, "b");
        get(node.thread.call(
                "heartbeat", (c, nowMs) -> c.brokerHeartbeat(1, new Heartbeat(broker.epoch(), 99, false), nowMs)));
        assertThat(node.image().liveBrokers()).hasSize(1);
        ClusterImage live = node.image();
        Waiter next = node.images.newerThan(live.version(), live.controllerEpoch());
        for (int i = 0; i < 31; i++) {
            clockMs.addAndGet(100);
            get(node.thread.call("tick", (c, nowMs) -> c.expireSessions(nowMs)));
        }
        assertThat(get(next.image()).orElseThrow().image().liveBrokers()).isEmpty();
        assertThat(node.registry.get("naru.controller.brokers.fenced").gauge().value())
                .isEqualTo(1);
        assertThat(node.registry
                        .get("naru.controller.changes")
                        .tag("kind", "BrokerFenced")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    /** Waits until {@code node} takes events; it asks for the lease by itself. */
    private static void awaitActive(Node node) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                get(node.thread.call("nothing", (c, nowMs) -> new Decision<>(List.of(), c.state(), true)));
                return;
            } catch (ExecutionException notYet) {
                assertThat(notYet).hasCauseInstanceOf(NotActiveException.class);
                assertThat(System.nanoTime()).isLessThan(giveUp);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static void notActive(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ExecutionException.class).cause().isInstanceOf(NotActiveException.class);
    }
}
