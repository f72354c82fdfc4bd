package io.naru.coordinator.group.deletion;

import io.naru.coordinator.group.history.GroupEvents;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicPhase;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.record.CommittedOffset;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Takes away offsets that nobody has needed for {@code offsets.retention.minutes}, and groups that nothing is left of (KIP-211). How old
 * an offset is depends on who may still come for it:
 *
 * <ul>
 *   <li>a classic group without members: since the last one left, or since the commit if that was later;
 *   <li>a group with members: since the commit, for topics that none of them reads; those that one reads stay;
 *   <li>a classic group that is being rebalanced, or whose members are no consumers: they stay;
 *   <li>no group at all, readers that assign partitions themselves: since the commit.
 * </ul>
 */
public final class OffsetExpiry {

    /** One sweep writes no more records than this. */
    private static final int SWEEP_MAX = 10_000;

    private final GroupTable table;
    private final GroupDeletions deletions;
    private final long retentionMs;
    private final GroupEvents events;

    public OffsetExpiry(GroupTable table, GroupDeletions deletions, long retentionMs, GroupEvents events) {
        this.table = table;
        this.deletions = deletions;
        this.retentionMs = retentionMs;
        this.events = events;
    }

    /** Whether that was all; if not, sweep again soon. */
    public boolean sweep(Changes changes, long nowMs) {
        SortedSet<String> groupIds = new TreeSet<>(table.offsets().groupIds());
        table.groups().forEach(group -> groupIds.add(group.groupId()));
        int budget = SWEEP_MAX;
        for (String groupId : groupIds) {
            List<OffsetCommit> lapsed = lapsed(groupId, nowMs);
            if (lapsed.size() > budget) {
                lapsed.subList(0, budget).forEach(changes::emit);
                events.expired(SWEEP_MAX);
                return false;
            }
            lapsed.forEach(changes::emit);
            budget -= lapsed.size();
            table.find(groupId)
                    .filter(group -> group.isEmpty() && !table.offsets().has(groupId))
                    .ifPresent(group -> removeUnlessExpected(group, changes));
        }
        if (budget < SWEEP_MAX) {
            events.expired(SWEEP_MAX - budget);
        }
        return true;
    }

    private void removeUnlessExpected(Group group, Changes changes) {
        if (!(group instanceof ClassicGroup classic && !classic.pending().isEmpty())) {
            deletions.delete(group, changes);
        }
    }

    private List<OffsetCommit> lapsed(String groupId, long nowMs) {
        Group group = table.find(groupId).orElse(null);
        Predicate<String> kept = topic -> false;
        long countedFromMs = Long.MIN_VALUE;
        if (group instanceof ConsumerGroup consumerGroup) {
            kept = consumerGroup::subscribesTo;
        } else if (group instanceof ClassicGroup classic && classic.isEmpty()) {
            countedFromMs = classic.phaseSinceMs();
        } else if (group instanceof ClassicGroup classic) {
            kept = classic.phase() instanceof ClassicPhase.Stable
                    ? classic.subscribedTopics()
                            .<Predicate<String>>map(topics -> topics::contains)
                            .orElse(topic -> true)
                    : topic -> true;
        }
        List<OffsetCommit> lapsed = new ArrayList<>();
        for (var topic : table.offsets().of(groupId).entrySet()) {
            if (!kept.test(topic.getKey())) {
                for (var partition : topic.getValue().entrySet()) {
                    if (hasLapsed(partition.getValue(), countedFromMs, nowMs)) {
                        lapsed.add(new OffsetCommit(groupId, topic.getKey(), partition.getKey(), null));
                    }
                }
            }
        }
        return lapsed;
    }

    private boolean hasLapsed(CommittedOffset committed, long countedFromMs, long nowMs) {
        if (committed.expireTimestampMs() != CommittedOffset.NO_EXPIRY) {
            return nowMs >= committed.expireTimestampMs();
        }
        return nowMs - Math.max(committed.commitTimestampMs(), countedFromMs) >= retentionMs;
    }
}
