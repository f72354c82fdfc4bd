package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ShardImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.ReplicaName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** What holds after every event, whatever it was. */
final class ClusterInvariants {

    private ClusterInvariants() {}

    /**
     * Checks one step.
     *
     * @param told what brokers have told the controller
     */
    static void check(ClusterImage before, ClusterImage after, Told told) {
        for (TopicImage topic : after.topics().values()) {
            TopicImage was = before.topics().get(topic.name());
            boolean same = was != null && was.topicId().equals(topic.topicId());
            for (PartitionImage partition : topic.partitions()) {
                checkPartition(topic, partition, after, told);
                if (same && partition.partition() < was.partitions().size()) {
                    checkEpochs(was.partitions().get(partition.partition()), partition);
                }
            }
        }
        checkShards(before, after);
        after.brokers().forEach((id, broker) -> {
            BrokerImage was = before.brokers().get(id);
            assertThat(broker.epoch()).isGreaterThanOrEqualTo(was == null ? 0 : was.epoch());
        });
        assertThat(after.equals(before) || after.isNewerThan(before)).isTrue();
    }

    /**
     * What brokers have told the controller in heartbeats.
     *
     * @param stopping brokers that want to stop
     * @param offline  replicas that they cannot serve
     */
    record Told(Set<Integer> stopping, Map<Integer, List<ReplicaName>> offline) {

        boolean alive(ClusterImage image, TopicImage topic, PartitionImage partition, int id) {
            return serves(image, topic, partition, id) && !stopping.contains(id);
        }

        boolean serves(ClusterImage image, TopicImage topic, PartitionImage partition, int id) {
            BrokerImage broker = image.brokers().get(id);
            return broker != null
                    && !broker.fenced()
                    && !offline.getOrDefault(id, List.of())
                            .contains(new ReplicaName(topic.topicId(), partition.partition()));
        }
    }

    private static void checkPartition(TopicImage topic, PartitionImage partition, ClusterImage image, Told told) {
        Set<Integer> replicas = new HashSet<>(partition.replicas());
        holds("replicas are distinct", replicas.size() == partition.replicas().size(), partition);
        holds("ISR is among the replicas", replicas.containsAll(partition.isr()), partition);
        holds("ELR is among the replicas", replicas.containsAll(partition.elr()), partition);
        holds(
                "nobody is both in sync and eligible",
                partition.elr().stream().noneMatch(partition.isr()::contains),
                partition);
        TopicPolicy policy = TopicPolicy.of(topic, image);
        holds(
                "ELR is empty at the minimum",
                partition.elr().isEmpty()
                        || partition.isr().size() < partition.minInSyncReplicas(policy.minInSyncReplicas()),
                partition);
        IntPredicate alive = id -> told.alive(image, topic, partition, id);
        boolean somebodyCould = partition.isr().stream().anyMatch(alive::test)
                || partition.elr().stream().anyMatch(alive::test);
        if (partition.leader() == PartitionImage.NO_LEADER) {
            holds("somebody leads where somebody can", !somebodyCould, partition);
        } else {
            holds("the leader is in sync", partition.isr().contains(partition.leader()), partition);
            holds("the leader serves", told.serves(image, topic, partition, partition.leader()), partition);
            holds(
                    "who is shutting down leads nothing that another could",
                    alive.test(partition.leader()) || !somebodyCould,
                    partition);
            holds(
                    "who is in sync is alive",
                    !alive.test(partition.leader()) || partition.isr().stream().allMatch(alive::test),
                    partition);
        }
        holds("some replicas are not being added", !partition.original().isEmpty(), partition);
        holds("some replicas are not being removed", !partition.target().isEmpty(), partition);
    }

    private static void checkEpochs(PartitionImage was, PartitionImage is) {
        holds("leader epoch does not fall", is.leaderEpoch() >= was.leaderEpoch(), was, is);
        holds(
                "leader epoch grows with another leader",
                is.leader() == was.leader() || is.leaderEpoch() > was.leaderEpoch(),
                was,
                is);
        holds(
                "partition epoch grows with any change",
                (is.partitionEpoch() > was.partitionEpoch()) == !is.equals(was),
                was,
                is);
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
            assertThat(most - least).as("shards are spread evenly: %s", owned).isLessThanOrEqualTo(1);
        }
    }

    static void holds(String what, boolean holds, Object... about) {
        if (!holds) {
            throw new AssertionError("not so: " + what + ": " + List.of(about));
        }
    }
}
