package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.PartitionResult;
import io.naru.cluster.control.PartitionResults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Decides on one ElectLeaders request (KIP-183, KIP-460): each partition on its own. */
final class LeaderElections {

    private final ClusterImage image;
    private final LiveReplicas live;
    private final boolean unclean;
    private final List<Change> changes = new ArrayList<>();
    private final List<PartitionResult> results = new ArrayList<>();

    private LeaderElections(ClusterImage image, LiveReplicas live, boolean unclean) {
        this.image = image;
        this.live = live;
        this.unclean = unclean;
    }

    static Step<PartitionResults> elect(ClusterImage image, LiveReplicas live, ElectLeaders request) {
        LeaderElections elections = new LeaderElections(image, live, request.unclean());
        if (request.partitions() == null) {
            elections.electAll();
        } else {
            elections.elect(request.partitions());
        }
        return new Step<>(
                elections.changes,
                next -> new PartitionResults(elections.results, next.image().version()));
    }

    private void electAll() {
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (isNeeded(partition)) {
                    elect(topic, partition);
                }
            }
        }
    }

    private void elect(List<PartitionName> partitions) {
        Set<PartitionName> named = new HashSet<>();
        for (PartitionName name : partitions) {
            TopicImage topic = image.topics().get(name.topic());
            PartitionImage partition =
                    image.partition(name.topic(), name.partition()).orElse(null);
            if (!named.add(name)) {
                continue;
            }
            if (topic == null || partition == null) {
                result(name, Errors.UNKNOWN_TOPIC_OR_PARTITION, "There is no partition " + text(name) + ".");
            } else if (!isNeeded(partition)) {
                result(
                        name,
                        Errors.ELECTION_NOT_NEEDED,
                        "Partition " + text(name) + " is led by " + (unclean ? "" : "its preferred replica, ")
                                + partition.leader() + ".");
            } else {
                elect(topic, partition);
            }
        }
    }

    private boolean isNeeded(PartitionImage partition) {
        return unclean
                ? partition.leader() == PartitionImage.NO_LEADER
                : partition.leader() != partition.replicas().get(0);
    }

    private void elect(TopicImage topic, PartitionImage partition) {
        PartitionName name = new PartitionName(topic.name(), partition.partition());
        LiveReplicas.Of replicas = live.of(topic, partition.partition());
        PartitionEdit edit = new PartitionEdit(partition);
        if (unclean) {
            Election.unclean(partition, replicas, edit);
            if (edit.leader() == PartitionImage.NO_LEADER) {
                result(
                        name,
                        Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE,
                        "None of the replicas " + partition.replicas() + " of " + text(name) + " is alive.");
                return;
            }
        } else if (mayPrefer(partition, replicas)) {
            edit.leader(partition.replicas().get(0));
        } else {
            result(
                    name,
                    Errors.PREFERRED_LEADER_NOT_AVAILABLE,
                    "The preferred leader of " + text(name) + ", "
                            + partition.replicas().get(0) + ", is not both alive and in sync (ISR " + partition.isr()
                            + ").");
            return;
        }
        changes.add(new Change.PartitionChanged(topic.name(), edit.done()));
        results.add(new PartitionResult(name, Errors.NONE.code(), null));
    }

    /** Whether the first replica can take over as it is. */
    static boolean mayPrefer(PartitionImage partition, LiveReplicas.Of replicas) {
        int preferred = partition.replicas().get(0);
        return partition.isr().contains(preferred) && replicas.alive(preferred);
    }

    private void result(PartitionName name, Errors error, String message) {
        results.add(new PartitionResult(name, error.code(), message));
    }

    private static String text(PartitionName name) {
        return name.topic() + "-" + name.partition();
    }
}
