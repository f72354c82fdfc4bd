package io.naru.gateway.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a member holds, led towards what the coordinator assigns (KIP-848). What is assigned is held at once. What is
 * assigned no more is given up at once if its client owes nothing; else it is kept, {@link HeldPartition#isRevoking() revoking}, so that
 * the client can still acknowledge, until {@link #release}. A pure state machine: no clock, no I/O. Belongs to the member's mailbox.
 */
final class Holdings {

    private final NavigableMap<TopicPartition, HeldPartition> held =
            new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));

    private int losses;

    /** Begins with partitions that the member held at an earlier time, without a break. */
    void restore(MemberPartition partition, int gainedEpoch, long deliveredUpTo) {
        HeldPartition restored = new HeldPartition(partition, gainedEpoch);
        restored.delivered(deliveredUpTo);
        held.put(partition.partition(), restored);
    }

    /**
     * The coordinator's assignment.
     *
     * @param epoch the member's epoch that it comes with
     * @return whether partitions are now to be given up that their client owes an acknowledgement for
     */
    boolean assign(Collection<MemberPartition> assigned, int epoch) {
        Set<MemberPartition> target = new HashSet<>(assigned);
        boolean owing = false;
        for (HeldPartition partition : new ArrayList<>(held.values())) {
            if (target.contains(partition.id())) {
                partition.revoking(false);
            } else if (partition.isUnacked()) {
                owing |= !partition.isRevoking();
                partition.revoking(true);
            } else {
                held.remove(partition.id().partition());
                losses++;
            }
        }
        for (MemberPartition partition : assigned) {
            HeldPartition known = held.get(partition.partition());
            if (known == null || !known.id().equals(partition)) {
                held.put(partition.partition(), new HeldPartition(partition, epoch));
            }
        }
        return owing;
    }

    /**
     * The member was found to have moved on without us: keeps only what it still has, and trusts nothing of the time before.
     *
     * @param epoch the member's epoch now
     */
    void restart(Collection<MemberPartition> assigned, int epoch) {
        List<HeldPartition> before = new ArrayList<>(held.values());
        held.clear();
        losses++;
        for (HeldPartition partition : before) {
            if (assigned.contains(partition.id())) {
                held.put(partition.id().partition(), new HeldPartition(partition.id(), epoch));
            }
        }
    }

    /** Gives up partitions that the group wants back; returns whether there were any. */
    boolean release(Predicate<HeldPartition> which) {
        boolean any = held.values().removeIf(partition -> partition.isRevoking() && which.test(partition));
        if (any) {
            losses++;
        }
        return any;
    }

    /** Changes whenever something was lost: what was known before of where to read may be another member's business since then. */
    int losses() {
        return losses;
    }

    /** An answer to the client says what is wanted back. */
    void told() {
        held.values().forEach(HeldPartition::told);
    }

    /** What is committed may be known to another gateway only. */
    void doubt() {
        held.values().forEach(HeldPartition::doubt);
    }

    /** All partitions held, those to be given up included: what the coordinator is told. In order. */
    List<MemberPartition> owned() {
        return held.values().stream().map(HeldPartition::id).toList();
    }

    /** All partitions held. In order. */
    Collection<HeldPartition> all() {
        return held.values();
    }

    @Nullable
    HeldPartition find(TopicPartition partition) {
        return held.get(partition);
    }

    /** The partition, unless the member holds another topic's of that name. */
    @Nullable
    HeldPartition find(MemberPartition id) {
        HeldPartition partition = held.get(id.partition());
        return partition != null && partition.id().equals(id) ? partition : null;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    boolean anyRevoking() {
        return held.values().stream().anyMatch(HeldPartition::isRevoking);
    }
}
