package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.HeartbeatAnswer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShardsTest {

    private final ControllerFixture cluster = new ControllerFixture();

    @Test
    void offsetsTopicComesWithTheFirstBrokerAndCoordinator() {
        cluster.registerCoordinator(1, "c1");
        assertThat(cluster.image().topics()).isEmpty();
        cluster.register(1, "b1");
        assertThat(cluster.image().topics()).as("the broker is still fenced").isEmpty();
        cluster.heartbeat(1);
        TopicImage offsets = cluster.image().topic(TopicImage.CONSUMER_OFFSETS).orElseThrow();
        assertThat(offsets.partitions()).hasSize(50);
        assertThat(offsets.configs())
                .containsOnly(
                        Map.entry("cleanup.policy", "compact"),
                        Map.entry("segment.bytes", "104857600"),
                        Map.entry("compression.type", "producer"));
        assertThat(cluster.image().shards()).hasSize(50).allMatch(s -> s.coordinatorId() == 1 && s.epoch() == 0);
    }

    @Test
    void newcomerGetsItsShareAndNobodyElseMoves() {
        cluster.liveBroker(1);
        cluster.registerCoordinator(1, "c1");
        cluster.registerCoordinator(2, "c2");
        assertThat(owned()).isEqualTo(Map.of(1, 25L, 2, 25L));
        List<ShardImage> before = cluster.image().shards();
        cluster.registerCoordinator(3, "c3");
        assertThat(owned().values()).allMatch(n -> n == 16 || n == 17);
        for (ShardImage shard : cluster.image().shards()) {
            ShardImage was = before.get(shard.shard());
            if (shard.coordinatorId() != 3) {
                assertThat(shard).isEqualTo(was);
            } else {
                assertThat(shard.epoch()).isEqualTo(was.epoch() + 1);
            }
        }
    }

    @Test
    void silentCoordinatorLosesItsShardsAndGetsAShareAgainLater() {
        cluster.liveBroker(1);
        cluster.registerCoordinator(1, "c1");
        cluster.registerCoordinator(2, "c2");
        for (int i = 0; i < 30; i++) {
            cluster.pass(100);
            cluster.heartbeat(1);
            cluster.coordinatorHeartbeat(1);
        }
        assertThat(owned()).isEqualTo(Map.of(1, 50L));
        assertThat(cluster.coordinatorHeartbeat(2).fenced()).isFalse();
        assertThat(owned()).isEqualTo(Map.of(1, 25L, 2, 25L));
    }

    @Test
    void withoutACoordinatorShardsAreUnowned() {
        cluster.liveBroker(1);
        cluster.registerCoordinator(1, "c1");
        cluster.pass(3000);
        assertThat(owned()).isEqualTo(Map.of(ShardImage.UNOWNED, 50L));
        cluster.registerCoordinator(1, "c1");
        assertThat(cluster.image().shards()).allMatch(s -> s.coordinatorId() == 1 && s.epoch() == 2);
    }

    @Test
    void restartedCoordinatorIsAnotherOwnerThoughItsIdIsTheSame() {
        cluster.liveBroker(1);
        cluster.registerCoordinator(1, "c1");
        long epoch = cluster.image().coordinators().get(1).epoch();
        HeartbeatAnswer leaves = cluster.commit(cluster.controller.coordinatorHeartbeat(
                1, new Heartbeat(epoch, cluster.image().version(), true), cluster.nowMs));
        assertThat(leaves.mayShutDown()).isTrue();
        assertThat(owned()).isEqualTo(Map.of(ShardImage.UNOWNED, 50L));
        cluster.failOver();
        cluster.registerCoordinator(1, "c1 again");
        assertThat(cluster.image().shards()).allMatch(s -> s.coordinatorId() == 1 && s.epoch() == 2);
        cluster.failOver();
        cluster.registerCoordinator(1, "c1 a third time");
        assertThat(cluster.image().shards()).allMatch(s -> s.coordinatorId() == 1 && s.epoch() == 3);
    }

    @Test
    void secondCoordinatorUnderTheSameIdIsRefused() {
        cluster.registerCoordinator(1, "c1");
        assertThatThrownBy(() -> cluster.registerCoordinator(1, "other")).isInstanceOf(RefusedException.class);
        cluster.pass(3000);
        cluster.registerCoordinator(1, "other");
    }

    private Map<Integer, Long> owned() {
        return cluster.image().shards().stream()
                .collect(Collectors.groupingBy(ShardImage::coordinatorId, Collectors.counting()));
    }
}
