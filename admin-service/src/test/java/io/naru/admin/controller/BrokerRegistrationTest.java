package io.naru.admin.controller;

import static io.naru.admin.controller.ControllerFixture.registration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.BrokerRegistration;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import io.naru.cluster.control.ProducerIdRequest;
import io.naru.cluster.control.Registered;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BrokerRegistrationTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @Test
    void brokerIsFencedUntilItHasSeenItsOwnRegistration() {
        Registered registered = cluster.register(1, "a");
        assertThat(registered.clusterId()).isEqualTo(ControllerFixture.CLUSTER_ID);
        assertThat(registered.imageVersion()).isEqualTo(cluster.image().version());
        assertThat(cluster.broker(1).fenced()).isTrue();

        HeartbeatAnswer tooEarly = cluster.commit(cluster.controller.brokerHeartbeat(
                1, new Heartbeat(registered.epoch(), registered.imageVersion() - 1, false), cluster.nowMs));
        assertThat(tooEarly.fenced()).isTrue();
        assertThat(cluster.broker(1).fenced()).isTrue();

        assertThat(cluster.heartbeat(1).fenced()).isFalse();
        assertThat(cluster.broker(1).fenced()).isFalse();
    }

    @Test
    void secondProcessIsRefusedWhileTheFirstOneLives() {
        cluster.liveBroker(1);
        refused(Errors.DUPLICATE_BROKER_REGISTRATION, () -> cluster.register(1, "other"));
        cluster.pass(2900);
        refused(Errors.DUPLICATE_BROKER_REGISTRATION, () -> cluster.register(1, "other"));
        cluster.pass(100);
        assertThat(cluster.register(1, "other").epoch()).isGreaterThan(1);
    }

    @Test
    void sameProcessMayRegisterAgainAndKeepsItsEpoch() {
        cluster.liveBroker(1);
        long epoch = cluster.broker(1).epoch();
        assertThat(cluster.register(1, "incarnation-of-1").epoch()).isEqualTo(epoch);
        assertThat(cluster.broker(1).fenced()).isFalse();
        Registered moved = cluster.commit(cluster.controller.register(
                new BrokerRegistration(
                        1,
                        "incarnation-of-1",
                        null,
                        new Endpoint("elsewhere", 9092),
                        new Endpoint("b1", 8083),
                        null,
                        List.of()),
                cluster.nowMs));
        assertThat(moved.epoch()).isGreaterThan(epoch);
    }

    @Test
    void staleEpochIsRefused() {
        cluster.liveBroker(1);
        Heartbeat stale = new Heartbeat(cluster.broker(1).epoch() - 1, 99, false);
        refused(Errors.STALE_BROKER_EPOCH, () -> cluster.controller.brokerHeartbeat(1, stale, cluster.nowMs));
        refused(Errors.STALE_BROKER_EPOCH, () -> cluster.controller.brokerHeartbeat(2, stale, cluster.nowMs));
        refused(
                Errors.STALE_BROKER_EPOCH,
                () -> cluster.controller.producerIds(new ProducerIdRequest(1, stale.epoch())));
    }

    @Test
    void foreignClusterAndImpossibleIdsAreRefused() {
        refused(
                Errors.INCONSISTENT_CLUSTER_ID,
                () -> cluster.controller.register(
                        new BrokerRegistration(
                                1, "a", "another-cluster", new Endpoint("h", 1), new Endpoint("h", 2), null, List.of()),
                        cluster.nowMs));
        refused(Errors.INVALID_REQUEST, () -> cluster.controller.register(registration(-1, "a"), cluster.nowMs));
        refused(Errors.INVALID_REQUEST, () -> cluster.controller.register(registration(1_000_000, "a"), cluster.nowMs));
        refused(Errors.INVALID_REQUEST, () -> cluster.controller.register(registration(1, " "), cluster.nowMs));
        assertThat(cluster.image().version()).isZero();
    }

    @Test
    void silentBrokerIsFencedAndLeadsNothingUntilItIsHeardAgain() {
        cluster.liveBroker(1);
        cluster.create(ControllerFixture.topic("t", 2));
        PartitionImage before = cluster.partition("t", 0);
        assertThat(before.leader()).isEqualTo(1);
        cluster.pass(2900);
        assertThat(cluster.broker(1).fenced()).isFalse();
        cluster.pass(100);
        assertThat(cluster.broker(1).fenced()).isTrue();
        assertThat(cluster.partition("t", 1))
                .isEqualTo(new PartitionImage(
                        1, List.of(1), List.of(1), PartitionImage.NO_LEADER, before.leaderEpoch() + 1, 1));
        assertThat(cluster.heartbeat(1).fenced()).isFalse();
        assertThat(cluster.partition("t", 1))
                .as("the only replica is still in sync, and leads again in a later epoch")
                .isEqualTo(new PartitionImage(1, List.of(1), List.of(1), 1, before.leaderEpoch() + 2, 2));
    }

    @Test
    void brokerThatShutsDownLeavesAtOnce() {
        cluster.liveBroker(1);
        cluster.create(ControllerFixture.topic("t", 1));
        long epoch = cluster.broker(1).epoch();
        HeartbeatAnswer answer = cluster.commit(cluster.controller.brokerHeartbeat(
                1, new Heartbeat(epoch, cluster.image().version(), true), cluster.nowMs));
        assertThat(answer.mayShutDown()).isTrue();
        assertThat(cluster.partition("t", 0).leader()).isEqualTo(PartitionImage.NO_LEADER);
        cluster.register(1, "its successor");
        assertThat(cluster.broker(1).epoch()).isGreaterThan(epoch);
    }

    @Test
    void newControllerWaitsOneTimeoutBeforeItTakesAnyoneForDead() {
        cluster.liveBroker(1);
        cluster.pass(2900);
        cluster.failOver();
        cluster.pass(2900);
        assertThat(cluster.broker(1).fenced()).isFalse();
        cluster.pass(100);
        assertThat(cluster.broker(1).fenced()).isTrue();
    }

    @Test
    void afterFailOverARestartedBrokerNeedNotWaitForASessionNobodyHasSeen() {
        cluster.liveBroker(1);
        cluster.failOver();
        assertThat(cluster.register(1, "restarted").epoch())
                .isEqualTo(cluster.image().version());
    }

    @Test
    void pauseOfTheControllerKillsNobody() {
        cluster.liveBroker(1);
        cluster.nowMs += 60_000;
        cluster.commit(cluster.controller.expireSessions(cluster.nowMs));
        assertThat(cluster.broker(1).fenced()).isFalse();
        cluster.pass(3000);
        assertThat(cluster.broker(1).fenced()).isTrue();
    }

    @Test
    void producerIdsAreNeverRepeated() {
        cluster.liveBroker(1);
        ProducerIdRequest request = new ProducerIdRequest(1, cluster.broker(1).epoch());
        long version = cluster.image().version();
        assertThat(cluster.commit(cluster.controller.producerIds(request)).first())
                .isZero();
        assertThat(cluster.commit(cluster.controller.producerIds(request)).first())
                .isEqualTo(1000);
        cluster.failOver();
        assertThat(cluster.commit(cluster.controller.producerIds(request)).first())
                .isEqualTo(2000);
        assertThat(cluster.image().version()).as("not news to anyone").isEqualTo(version);
    }

    private static void refused(Errors error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.error()).isEqualTo(error));
    }
}
