package io.naru.coordinator.assignor;

import io.naru.coordinator.record.PartitionId;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * {@code uniform}: as even as the subscriptions allow, and with as few moves from the last target as that takes. When all members
 * subscribe to the same topics, numbers differ by one at most; else no single move could make them more even.
 */
public final class UniformAssignor implements PartitionAssignor {

    /** Its name. */
    public static final String NAME = "uniform";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SortedMap<String, SortedSet<PartitionId>> assign(AssignmentInput input) {
        boolean alike = input.members().values().stream()
                        .map(AssignmentInput.Member::topics)
                        .distinct()
                        .limit(2)
                        .count()
                <= 1;
        return alike ? new EvenAssignment(input).assign() : new BalancedAssignment(input).assign();
    }
}
