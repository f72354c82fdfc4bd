package io.naru.admin.controller;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.PartitionResult;
import io.naru.cluster.control.PartitionResults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** Decides on one AlterPartitionReassignments request (KIP-455): each partition on its own. */
final class Reassignments {

    private final ClusterImage image;
    private final boolean factorMayChange;
    private final List<Change> changes = new ArrayList<>();

    private Reassignments(ClusterImage image, boolean factorMayChange) {
        this.image = image;
        this.factorMayChange = factorMayChange;
    }

    static Step<PartitionResults> alter(ClusterImage image, AlterReassignments request) {
        Reassignments decision = new Reassignments(image, request.allowReplicationFactorChange());
        Map<PartitionName, Integer> timesNamed = new HashMap<>();
        request.partitions().forEach(wanted -> timesNamed.merge(wanted.partition(), 1, Integer::sum));
        List<PartitionResult> results = new ArrayList<>();
        for (AlterReassignments.Reassignment wanted : request.partitions()) {
            try {
                if (timesNamed.getOrDefault(wanted.partition(), 0) > 1) {
                    throw new RefusedException(
                            Errors.INVALID_REQUEST, "The partition is named more than once in the request.");
                }
                decision.alter(wanted);
                results.add(new PartitionResult(wanted.partition(), Errors.NONE.code(), null));
            } catch (RefusedException refused) {
                results.add(
                        new PartitionResult(wanted.partition(), refused.error().code(), refused.getMessage()));
            }
        }
        return new Step<>(
                decision.changes,
                next -> new PartitionResults(results, next.image().version()));
    }

    private void alter(AlterReassignments.Reassignment wanted) {
        PartitionName name = wanted.partition();
        PartitionImage partition = image.partition(name.topic(), name.partition())
                .orElseThrow(
                        () -> new RefusedException(Errors.UNKNOWN_TOPIC_OR_PARTITION, "There is no such partition."));
        List<Integer> target = wanted.replicas();
        if (target != null) {
            checkTarget(partition, target);
        } else if (!partition.reassigning()) {
            throw new RefusedException(
                    Errors.NO_REASSIGNMENT_IN_PROGRESS, "No reassignment of this partition is under way.");
        }
        PartitionEdit edit = Reassignment.begin(partition, target == null ? partition.original() : target);
        if (edit.isr().isEmpty() && !partition.isr().isEmpty()) {
            throw new RefusedException(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "In sync is only " + partition.isr() + ", which the reassignment under way adds: without it every"
                            + " record would be lost. Wait until one of " + partition.original()
                            + " is in sync again.");
        }
        PartitionImage next = edit.done();
        if (!next.equals(partition)) {
            changes.add(new Change.PartitionChanged(name.topic(), next));
        }
    }

    private void checkTarget(PartitionImage partition, List<Integer> target) {
        if (target.isEmpty() || new HashSet<>(target).size() != target.size()) {
            throw new RefusedException(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "The target " + target + " must name at least one broker, and each once.");
        }
        for (int id : target) {
            if (!image.brokers().containsKey(id)) {
                throw new RefusedException(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "The target " + target + " names broker " + id + ", which is not registered.");
            }
        }
        int factor = partition.original().size();
        if (!factorMayChange && target.size() != factor) {
            throw new RefusedException(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "The target " + target + " changes the replication factor from " + factor + " to " + target.size()
                            + ", which the request does not allow.");
        }
    }
}
