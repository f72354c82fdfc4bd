package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import org.apache.kafka.common.protocol.Errors;

/** How many partitions there may be, in a topic and in all. */
final class PartitionQuota {

    private final ControllerSettings settings;
    private int inCluster;

    PartitionQuota(ControllerSettings settings, ClusterImage image) {
        this.settings = settings;
        for (TopicImage topic : image.topics().values()) {
            inCluster += topic.partitions().size();
        }
    }

    /** Refuses {@code more} partitions for a topic that has {@code already} so many, when that is too many. */
    void check(int already, int more) {
        if (more > settings.maxPartitionsPerTopic() - already) {
            throw new RefusedException(
                    Errors.POLICY_VIOLATION,
                    "A topic may have " + settings.maxPartitionsPerTopic() + " partitions at most, not "
                            + ((long) already + more) + " (naru.admin.max-partitions-per-topic).");
        }
        if (more > settings.maxPartitions() - inCluster) {
            throw new RefusedException(
                    Errors.POLICY_VIOLATION,
                    "The cluster has " + inCluster + " partitions and may have " + settings.maxPartitions()
                            + " at most; " + more + " more are too many (naru.admin.max-partitions).");
        }
    }

    /** They have been decided on. */
    void take(int more) {
        inCluster += more;
    }
}
