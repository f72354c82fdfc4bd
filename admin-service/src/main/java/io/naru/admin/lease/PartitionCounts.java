package io.naru.admin.lease;

import io.naru.admin.controller.TopicPolicy;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.PartitionName;
import java.util.ArrayList;
import java.util.List;

/**
 * How the partitions of a cluster are.
 *
 * @param all             how many there are
 * @param leaderless      those without a leader
 * @param underReplicated how many have fewer replicas in sync than they should have; replicas that are being added do not count
 * @param underMinIsr     how many take no acks=all produce, for too few are in sync
 * @param reassigning     how many are being reassigned
 */
record PartitionCounts(int all, List<PartitionName> leaderless, int underReplicated, int underMinIsr, int reassigning) {

    /** Counts them. */
    static PartitionCounts of(ClusterImage image) {
        List<PartitionName> leaderless = new ArrayList<>();
        int all = 0;
        int underReplicated = 0;
        int underMinIsr = 0;
        int reassigning = 0;
        for (TopicImage topic : image.topics().values()) {
            int min = TopicPolicy.of(topic, image).minInSyncReplicas();
            for (PartitionImage partition : topic.partitions()) {
                all++;
                if (partition.leader() == PartitionImage.NO_LEADER) {
                    leaderless.add(new PartitionName(topic.name(), partition.partition()));
                }
                boolean led = partition.leader() != PartitionImage.NO_LEADER;
                int inSync = led ? partition.isr().size() : 0;
                underReplicated += inSync < partition.original().size() ? 1 : 0;
                underMinIsr += inSync < partition.minInSyncReplicas(min) ? 1 : 0;
                reassigning += partition.reassigning() ? 1 : 0;
            }
        }
        return new PartitionCounts(all, leaderless, underReplicated, underMinIsr, reassigning);
    }
}
