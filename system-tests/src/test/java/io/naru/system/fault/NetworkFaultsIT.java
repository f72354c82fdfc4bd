package io.naru.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.testkit.FreePorts;
import io.naru.testkit.NaruCluster;
import io.naru.testkit.NaruNode;
import io.naru.testkit.NaruService;
import io.naru.testkit.TcpProxy;
import io.naru.testkit.TcpProxy.Way;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Links that carry nothing, without a word: each broker is told to others, and sees the controller, through a proxy of its own. What is held
 * flows on when the link heals, as it does after a partition. A follower is known by the client id in the first bytes that it sends.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class NetworkFaultsIT {

    private final Map<Integer, TcpProxy> listeners = new HashMap<>();
    private final Map<Integer, TcpProxy> controllers = new HashMap<>();
    private FaultCluster cluster;

    @BeforeAll
    void startCluster() {
        int adminPort = FreePorts.pick();
        NaruCluster.Builder builder = FaultCluster.builder()
                .property(NaruNode.of(NaruService.ADMIN), "naru.admin.port", Integer.toString(adminPort));
        for (int id = 1; id <= 3; id++) {
            int port = FreePorts.pick();
            listeners.put(id, TcpProxy.to(port));
            controllers.put(id, TcpProxy.to(adminPort));
            NaruNode broker = NaruNode.broker(id);
            builder.kafkaPort(broker, port)
                    .property(
                            broker,
                            "naru.broker.kafka.advertised-port",
                            Integer.toString(listeners.get(id).port()))
                    .property(
                            broker,
                            "naru.control-plane.urls",
                            "http://127.0.0.1:" + controllers.get(id).port());
        }
        cluster = new FaultCluster(builder);
    }

    @AfterAll
    void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
        listeners.values().forEach(TcpProxy::close);
        controllers.values().forEach(TcpProxy::close);
    }

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        cluster.begin(test.getTestMethod().orElseThrow().getName(), Map.of());
    }

    @AfterEach
    void check(TestInfo test) throws Exception {
        heal();
        cluster.healAndCheck(test.getDisplayName());
    }

    private void heal() {
        listeners.values().forEach(TcpProxy::restore);
        controllers.values().forEach(TcpProxy::restore);
    }

    private static boolean isFollower(byte[] firstBytes) {
        return new String(firstBytes, StandardCharsets.ISO_8859_1).contains("naru-broker-");
    }

    private static boolean isFollower(byte[] firstBytes, int id) {
        return new String(firstBytes, StandardCharsets.ISO_8859_1).contains("naru-broker-" + id);
    }

    /** Cuts a broker off from the other brokers, both as their leader and as their follower, and from the controller. */
    private void cutOff(int id) {
        controllers.get(id).silence();
        listeners.forEach((other, proxy) ->
                proxy.hold(Way.BOTH, other == id ? NetworkFaultsIT::isFollower : first -> isFollower(first, id)));
    }

    /** F8, where it hurts: clients still reach the leader, who reaches nobody. They must find the other. */
    @Test
    void aLeaderThatOnlyClientsReach() {
        NaruNode leader = cluster.leader();
        cutOff(leader.number());
        cluster.awaitInSync(2);
        cluster.awaitAcks(300);
        assertThat(cluster.leader()).isNotEqualTo(leader);
        heal();
        cluster.awaitInSync(3);
    }

    /** F8. */
    @Test
    void aLeaderThatNobodyReaches() {
        NaruNode leader = cluster.leader();
        controllers.get(leader.number()).silence();
        listeners.get(leader.number()).silence();
        listeners.forEach((other, proxy) -> proxy.hold(Way.BOTH, first -> isFollower(first, leader.number())));
        cluster.awaitInSync(2);
        cluster.awaitAcks(300);
        heal();
        cluster.awaitInSync(3);
    }

    /** F8. */
    @Test
    void aFollowerThatNobodyReaches() {
        cutOff(cluster.aFollower().number());
        cluster.awaitInSync(2);
        cluster.awaitAcks(300);
        heal();
        cluster.awaitInSync(3);
    }

    /** F8: without a controller that anyone reaches nothing moves; in the end everyone is fenced at once, and let in again. */
    @Test
    void aControllerThatNobodyReaches() {
        controllers.values().forEach(TcpProxy::silence);
        cluster.awaitAcks(300);
        heal();
        cluster.awaitAcks(300);
    }

    /** F9: followers ask and the leader answers, and one of the two never arrives. */
    @Test
    void linksThatCarryOneWayOnly() {
        for (Way lost : List.of(Way.REQUESTS, Way.REPLIES)) {
            int follower = cluster.aFollower().number();
            listeners.forEach((other, proxy) -> proxy.hold(lost, first -> isFollower(first, follower)));
            cluster.awaitOutOfSync(follower);
            cluster.awaitAcks(300);
            heal();
            cluster.awaitInSync(3);
        }
        assertThat(cluster.workload().longestSilence()).isLessThan(Duration.ofMinutes(1));
    }

    /** F9: heartbeats arrive and their answers do not, so the controller knows a leader that knows nothing of it. */
    @Test
    void aLeaderWhomTheControllerHearsInVain() {
        controllers.get(cluster.leader().number()).hold(Way.REPLIES, first -> true);
        cluster.awaitAcks(300);
        heal();
        cluster.awaitAcks(300);
    }
}
