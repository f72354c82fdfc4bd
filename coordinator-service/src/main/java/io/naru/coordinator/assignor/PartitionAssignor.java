package io.naru.coordinator.assignor;

import io.naru.coordinator.record.PartitionId;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A server-side assignor (KIP-848). Deterministic: the same input gives the same assignment on every coordinator.
 */
public interface PartitionAssignor {

    /** As members ask for it. */
    String name();

    /**
     * Assigns every partition of every topic that has a subscriber to exactly one of its subscribers.
     *
     * @return one entry per member, empty for those that get nothing
     */
    SortedMap<String, SortedSet<PartitionId>> assign(AssignmentInput input);
}
