package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives leaderships back to preferred replicas when too many have strayed: after a broker's return most partitions are led by others.
 * Every so often each broker is looked at; where more than so many percent of the partitions that prefer it are led elsewhere, those of
 * them move back that can ({@code auto.leader.rebalance.enable} and its companions).
 */
final class LeaderBalance {

    private final LeaderBalanceSettings settings;
    private long nextMs;

    LeaderBalance(LeaderBalanceSettings settings, long nowMs) {
        this.settings = settings;
        this.nextMs = nowMs + settings.intervalMs();
    }

    /** Whether it is time to look; true once an interval. */
    boolean isDue(long nowMs) {
        if (!settings.enabled() || nowMs < nextMs) {
            return false;
        }
        nextMs = nowMs + settings.intervalMs();
        return true;
    }

    /** The leaderships to move. */
    List<Change> changes(ClusterImage image, LiveReplicas live) {
        Map<Integer, Preferred> byBroker = new TreeMap<>();
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                int preferred = partition.replicas().get(0);
                Preferred of = byBroker.computeIfAbsent(preferred, id -> new Preferred());
                of.partitions++;
                if (partition.leader() != preferred) {
                    of.strayed++;
                    if (LeaderElections.mayPrefer(partition, live.of(topic, partition.partition()))) {
                        of.moves.add(new Change.PartitionChanged(
                                topic.name(),
                                new PartitionEdit(partition).leader(preferred).done()));
                    }
                }
            }
        }
        List<Change> changes = new ArrayList<>();
        for (Preferred of : byBroker.values()) {
            if (100L * of.strayed > (long) settings.percentage() * of.partitions) {
                changes.addAll(of.moves);
            }
        }
        return changes;
    }

    /** The partitions that prefer one broker. */
    private static final class Preferred {
        private int partitions;
        private int strayed;
        private final List<Change> moves = new ArrayList<>();
    }
}
