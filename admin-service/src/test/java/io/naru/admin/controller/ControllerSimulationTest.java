package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.Heartbeat;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.ProducerIdRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a cluster: brokers and coordinators register, fall silent, come back, restart and leave, topics come and go, the
 * controller fails over. After every event the invariants of {@link Settlement} hold, and epochs have only grown. A failing seed is
 * named and can be run again with {@code -Dnaru.seed=}.
 */
class ControllerSimulationTest {

    private static final int MEMBERS = 5;
    private static final int EVENTS = 600;

    @Test
    void invariantsHoldWhateverHappens() {
        Long only = Long.getLong("naru.seed");
        long first = only != null ? only : 1;
        long last = only != null ? only : 100;
        for (long seed = first; seed <= last; seed++) {
            try {
                new Life(seed).live();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    private static final class Life {

        private final Random random;
        private final ControllerFixture cluster = new ControllerFixture(ControllerFixture.settings(7, 3));
        private final Set<Long> producerIds = new HashSet<>();
        private int incarnations;

        Life(long seed) {
            random = new Random(seed);
        }

        void live() {
            int leaders = 0;
            for (int event = 0; event < EVENTS; event++) {
                ClusterImage before = cluster.image();
                step();
                check(before, cluster.image());
                leaders += cluster.image().topics().values().stream()
                        .mapToInt(t -> t.partitions().size())
                        .sum();
            }
            assertThat(leaders)
                    .as("a life in which nothing happens proves nothing")
                    .isPositive();
        }

        private void step() {
            int id = random.nextInt(MEMBERS);
            switch (random.nextInt(15)) {
                case 0 -> attempt(() -> cluster.register(id, "b" + incarnations++));
                case 1 -> attempt(() -> cluster.registerCoordinator(id, "c" + incarnations++));
                case 2, 3, 4 -> attempt(() -> brokerHeartbeat(id, false));
                case 5, 6 -> attempt(() -> coordinatorHeartbeat(id, false));
                case 7 -> cluster.pass(random.nextInt(1500));
                case 8 -> attempt(() -> brokerHeartbeat(id, true));
                case 9 -> attempt(() -> coordinatorHeartbeat(id, true));
                case 10, 11 -> cluster.create(ControllerFixture.topic("t" + random.nextInt(9), 1 + random.nextInt(4)));
                case 12 -> cluster.delete("t" + random.nextInt(9));
                case 13 -> createReplicated("r" + random.nextInt(3));
                default -> {
                    attempt(() -> takeProducerIds(id));
                    if (random.nextInt(10) == 0) {
                        cluster.failOver();
                    }
                }
            }
        }

        private void brokerHeartbeat(int id, boolean wantShutDown) {
            cluster.commit(cluster.controller.brokerHeartbeat(
                    id, new Heartbeat(brokerEpoch(id), cluster.image().version(), wantShutDown), cluster.nowMs));
        }

        private void coordinatorHeartbeat(int id, boolean wantShutDown) {
            CoordinatorImage coordinator = cluster.image().coordinators().get(id);
            long epoch = coordinator == null ? -1 : coordinator.epoch();
            cluster.commit(cluster.controller.coordinatorHeartbeat(
                    id, new Heartbeat(epoch, cluster.image().version(), wantShutDown), cluster.nowMs));
        }

        private long brokerEpoch(int id) {
            BrokerImage broker = cluster.image().brokers().get(id);
            return broker == null ? -1 : broker.epoch();
        }

        private void createReplicated(String name) {
            cluster.create(new NewTopic(name, 2, 1 + random.nextInt(3), Map.of(), Map.of()));
        }

        private void takeProducerIds(int id) {
            long first = cluster.commit(cluster.controller.producerIds(new ProducerIdRequest(id, brokerEpoch(id))))
                    .first();
            assertThat(producerIds.add(first))
                    .as("producer ids from %d are new", first)
                    .isTrue();
        }

        /** Refusals are part of life: ids that are taken, members that are not registered. */
        private static void attempt(Runnable event) {
            try {
                event.run();
            } catch (RefusedException notThisTime) {
                assertThat(notThisTime.getMessage()).isNotBlank();
            }
        }

        private static void check(ClusterImage before, ClusterImage after) {
            Set<Integer> live =
                    after.liveBrokers().stream().map(BrokerImage::id).collect(Collectors.toSet());
            for (TopicImage topic : after.topics().values()) {
                for (PartitionImage partition : topic.partitions()) {
                    checkPartition(topic, partition, live);
                    checkEpochs(before.topics().get(topic.name()), topic, partition);
                }
            }
            checkShards(before, after);
            after.brokers().forEach((id, broker) -> {
                BrokerImage was = before.brokers().get(id);
                assertThat(broker.epoch()).isGreaterThanOrEqualTo(was == null ? 0 : was.epoch());
            });
            assertThat(after.equals(before) || after.isNewerThan(before)).isTrue();
        }

        private static void checkPartition(TopicImage topic, PartitionImage partition, Set<Integer> live) {
            boolean sound = !partition.isr().isEmpty() && partition.replicas().containsAll(partition.isr());
            if (partition.leader() == PartitionImage.NO_LEADER) {
                holds(sound && partition.isr().stream().noneMatch(live::contains), topic, partition, live);
            } else {
                holds(partition.isr().contains(partition.leader()), topic, partition, live);
                holds(sound && live.containsAll(partition.isr()), topic, partition, live);
            }
        }

        private static void checkEpochs(TopicImage topicBefore, TopicImage topic, PartitionImage partition) {
            if (topicBefore == null || !topicBefore.topicId().equals(topic.topicId())) {
                return;
            }
            PartitionImage was = topicBefore.partitions().get(partition.partition());
            holds(partition.leaderEpoch() >= was.leaderEpoch(), was, partition);
            holds(
                    (partition.leaderEpoch() > was.leaderEpoch()) == (partition.leader() != was.leader()),
                    was,
                    partition);
            holds((partition.partitionEpoch() > was.partitionEpoch()) == !partition.equals(was), was, partition);
        }

        private static void checkShards(ClusterImage before, ClusterImage after) {
            Set<Integer> live = after.coordinators().values().stream()
                    .filter(CoordinatorImage::alive)
                    .map(CoordinatorImage::id)
                    .collect(Collectors.toSet());
            int count = after.topic(TopicImage.CONSUMER_OFFSETS)
                    .map(t -> t.partitions().size())
                    .orElse(0);
            assertThat(after.shards()).hasSize(count);
            for (ShardImage shard : after.shards()) {
                assertThat(
                                live.isEmpty()
                                        ? shard.coordinatorId() == ShardImage.UNOWNED
                                        : live.contains(shard.coordinatorId()))
                        .as("%s is owned by one of %s", shard, live)
                        .isTrue();
                if (shard.shard() < before.shards().size()) {
                    ShardImage was = before.shards().get(shard.shard());
                    assertThat(shard.epoch()).isGreaterThanOrEqualTo(was.epoch());
                    assertThat(shard.epoch() > was.epoch() || shard.coordinatorId() == was.coordinatorId())
                            .isTrue();
                }
            }
            Map<Integer, Long> owned = after.shards().stream()
                    .collect(Collectors.groupingBy(ShardImage::coordinatorId, Collectors.counting()));
            if (!owned.isEmpty() && !live.isEmpty()) {
                long most = owned.values().stream().mapToLong(n -> n).max().orElse(0);
                long least = live.stream()
                        .mapToLong(id -> owned.getOrDefault(id, 0L))
                        .min()
                        .orElse(0);
                assertThat(most - least)
                        .as("shards are spread evenly: %s", owned)
                        .isLessThanOrEqualTo(1);
            }
        }

        private static void holds(boolean invariant, Object... about) {
            if (!invariant) {
                throw new AssertionError("an invariant does not hold: " + List.of(about));
            }
        }
    }
}
