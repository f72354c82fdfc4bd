package io.naru.coordinator.assignor;

import io.naru.coordinator.record.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * One uniform assignment for members that all subscribe to the same topics. With P partitions and n members each keeps up to ⌊P/n⌋ of
 * what it had, P mod n of those that had more keep one more, and the rest goes round to whoever is below its quota. Time O(P log P).
 */
final class EvenAssignment {

    private final AssignmentInput input;
    private final SortedMap<String, SortedSet<PartitionId>> assignment = new TreeMap<>();
    private final Set<PartitionId> taken = new HashSet<>();

    EvenAssignment(AssignmentInput input) {
        this.input = input;
        input.members().keySet().forEach(memberId -> assignment.put(memberId, new TreeSet<>()));
    }

    SortedMap<String, SortedSet<PartitionId>> assign() {
        if (input.members().isEmpty()) {
            return assignment;
        }
        List<PartitionId> all = all();
        int each = all.size() / input.members().size();
        int more = all.size() % input.members().size();
        for (String memberId : assignment.keySet()) {
            more -= keep(memberId, each, more > 0) ? 1 : 0;
        }
        Deque<PartitionId> free = new ArrayDeque<>();
        all.stream().filter(partition -> !taken.contains(partition)).forEach(free::add);
        deal(free, each);
        deal(free, each + 1);
        return assignment;
    }

    /** All partitions, topic by topic, so that dealing them round spreads each topic. */
    private List<PartitionId> all() {
        List<PartitionId> all = new ArrayList<>();
        Set<Uuid> topics = input.members().values().iterator().next().topics();
        for (Uuid topic : topics) {
            for (int partition = 0; partition < input.topics().getOrDefault(topic, 0); partition++) {
                all.add(new PartitionId(topic, partition));
            }
        }
        return all;
    }

    /** Whether it kept one more than {@code each}. */
    private boolean keep(String memberId, int each, boolean oneMore) {
        AssignmentInput.Member member = input.members().get(memberId);
        SortedSet<PartitionId> kept = assignment.get(memberId);
        if (member == null || kept == null) {
            return false;
        }
        int quota = oneMore ? each + 1 : each;
        for (PartitionId partition : member.target()) {
            if (kept.size() == quota) {
                break;
            }
            if (input.exists(partition) && member.topics().contains(partition.topicId()) && taken.add(partition)) {
                kept.add(partition);
            }
        }
        return kept.size() > each;
    }

    /** Deals partitions round among members that have fewer than {@code quota}. */
    private void deal(Deque<PartitionId> free, int quota) {
        Deque<SortedSet<PartitionId>> below = new ArrayDeque<>();
        for (Map.Entry<String, SortedSet<PartitionId>> member : assignment.entrySet()) {
            if (member.getValue().size() < quota) {
                below.add(member.getValue());
            }
        }
        while (!free.isEmpty() && !below.isEmpty()) {
            SortedSet<PartitionId> next = below.remove();
            next.add(free.remove());
            if (next.size() < quota) {
                below.add(next);
            }
        }
    }
}
