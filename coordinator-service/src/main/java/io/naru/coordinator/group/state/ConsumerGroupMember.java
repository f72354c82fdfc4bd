package io.naru.coordinator.group.state;

import io.naru.coordinator.record.CurrentAssignment;
import io.naru.coordinator.record.MemberState;
import io.naru.coordinator.record.MemberSubscription;
import io.naru.coordinator.record.PartitionId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A member of a consumer group: what it said about itself and what it owns. */
public record ConsumerGroupMember(String memberId, MemberSubscription subscription, CurrentAssignment current) {

    /** Member epoch of one who joins. */
    public static final int JOIN_EPOCH = 0;

    /** Member epoch of one who leaves. */
    public static final int LEAVE_EPOCH = -1;

    /** Member epoch of a static member that goes away and means to come back. */
    public static final int LEAVE_STATIC_EPOCH = -2;

    /** Stands in until the member's own words are replayed: compaction may have left them behind what builds on them. */
    public static final MemberSubscription UNTOLD =
            new MemberSubscription(null, null, "", "", Collections.emptySortedSet(), null, -1, null, null);

    public int epoch() {
        return current.memberEpoch();
    }

    @Nullable
    public String instanceId() {
        return subscription.instanceId();
    }

    public boolean isAway() {
        return epoch() == LEAVE_STATIC_EPOCH;
    }

    public boolean mustRevoke() {
        return current.state() == MemberState.UNREVOKED_PARTITIONS;
    }

    /** Everything nobody else may have: what it may read and what it has not given up. */
    public SortedSet<PartitionId> owned() {
        SortedSet<PartitionId> owned = new TreeSet<>(current.assigned().keySet());
        owned.addAll(current.pendingRevocation().keySet());
        return owned;
    }

    ConsumerGroupMember with(MemberSubscription newSubscription) {
        return new ConsumerGroupMember(memberId, newSubscription, current);
    }

    ConsumerGroupMember with(CurrentAssignment newCurrent) {
        return new ConsumerGroupMember(memberId, subscription, newCurrent);
    }
}
