package io.naru.admin.controller;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** What holds of the replicas of new partitions, whoever chose them. */
final class ReplicaAssignment {

    private final Set<Integer> live;

    /** Over the brokers that can take replicas. */
    ReplicaAssignment(Set<Integer> live) {
        this.live = live;
    }

    /** Refuses brokers named by hand for a new partition when that cannot be, or are not {@code replicationFactor}. */
    void check(int partition, List<Integer> replicas, int replicationFactor) {
        String where = "Partition " + partition + " is assigned to " + replicas;
        if (replicas.isEmpty() || new HashSet<>(replicas).size() != replicas.size()) {
            throw new RefusedException(
                    Errors.INVALID_REPLICA_ASSIGNMENT, where + "; it needs at least one broker, and each once.");
        }
        if (replicas.size() != replicationFactor) {
            throw new RefusedException(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    where + ", but the topic's other partitions have " + replicationFactor
                            + " replicas; all must have as many.");
        }
        if (!live.containsAll(replicas)) {
            throw new RefusedException(
                    Errors.INVALID_REPLICA_ASSIGNMENT, where + ", but the live brokers are " + live + ".");
        }
    }

    /** Refuses a replication factor that is none, or for which there are too few brokers. */
    void checkFactor(int replicationFactor, int byDefault) {
        if (replicationFactor <= 0) {
            throw new RefusedException(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "Replication factor was " + replicationFactor + "; it must be at least 1, or -1 for the default of "
                            + byDefault + ".");
        }
        if (replicationFactor > live.size()) {
            throw new RefusedException(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "Replication factor " + replicationFactor + " is larger than the number of live brokers, which is "
                            + live.size() + ".");
        }
    }
}
