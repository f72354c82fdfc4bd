package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows when a broker comes back and may not have all that it had. One whose disk was replaced is in no ISR and no ELR any more,
 * whoever else is. One that merely did not stop cleanly may lack what was not flushed: it leaves where somebody else has every committed
 * record, and where it was the last it is in sync, for nobody has more.
 */
final class LostReplicas {

    private LostReplicas() {}

    /** The changes for broker {@code brokerId}. */
    static List<Change> of(ClusterImage image, int brokerId, boolean diskReplaced) {
        List<Change> changes = new ArrayList<>();
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                PartitionImage next = afterLoss(partition, brokerId, diskReplaced);
                if (next != null) {
                    changes.add(new Change.PartitionChanged(topic.name(), next));
                }
            }
        }
        return changes;
    }

    /** Why the cluster cannot do without broker {@code brokerId}; null when it can. */
    static @Nullable String neededOf(ClusterImage image, int brokerId) {
        int last = 0;
        String example = "";
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                String name = topic.name() + "-" + partition.partition();
                if (partition.adding().contains(brokerId)) {
                    return "A reassignment adds a replica of " + name + " to broker " + brokerId
                            + ". Cancel it or give it another target first.";
                }
                if (isLast(partition, brokerId)) {
                    last++;
                    example = name;
                }
            }
        }
        return last == 0
                ? null
                : "Nobody but broker " + brokerId + " has all records of " + last + " partition(s), " + example
                        + " among them. Start it and move them away by reassignment, or delete their topics, or give"
                        + " up what is lost by an unclean election.";
    }

    /** Whether nobody else has every committed record, as far as is known. */
    private static boolean isLast(PartitionImage partition, int brokerId) {
        boolean has = partition.isr().contains(brokerId) || partition.elr().contains(brokerId);
        return has && partition.isr().size() + partition.elr().size() == 1;
    }

    private static @Nullable PartitionImage afterLoss(PartitionImage partition, int brokerId, boolean diskReplaced) {
        boolean inSync = partition.isr().contains(brokerId);
        if (!inSync && !partition.elr().contains(brokerId)) {
            return null;
        }
        if (diskReplaced || !isLast(partition, brokerId)) {
            return new PartitionEdit(partition).without(brokerId).done();
        }
        return inSync ? null : new PartitionEdit(partition).only(brokerId).done();
    }
}
