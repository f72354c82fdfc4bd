package io.naru.coordinator.assignor;

import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * One uniform assignment for members whose subscriptions differ. Members keep what they had, free partitions go to the least loaded
 * subscriber (topics with few subscribers first), then partitions move from a member to one that has at least two fewer, until none
 * can. Every move makes the sum of squared loads smaller, so that ends. Time O(P · subscribers) per round, few rounds.
 */
final class BalancedAssignment {

    private final AssignmentInput input;
    private final SortedMap<Uuid, List<String>> subscribers;
    private final SortedMap<PartitionId, String> owners = new TreeMap<>();
    private final Map<String, Integer> loads = new HashMap<>();

    BalancedAssignment(AssignmentInput input) {
        this.input = input;
        this.subscribers = input.subscribers();
        input.members().keySet().forEach(memberId -> loads.put(memberId, 0));
    }

    SortedMap<String, SortedSet<PartitionId>> assign() {
        keep();
        assignFree();
        boolean moved = true;
        while (moved) {
            moved = balance();
        }
        SortedMap<String, SortedSet<PartitionId>> assignment = new TreeMap<>();
        input.members().keySet().forEach(memberId -> assignment.put(memberId, new TreeSet<>()));
        owners.forEach((partition, owner) ->
                assignment.computeIfAbsent(owner, o -> new TreeSet<>()).add(partition));
        return assignment;
    }

    private void keep() {
        input.members().forEach((memberId, member) -> {
            for (PartitionId partition : member.target()) {
                if (input.exists(partition)
                        && member.topics().contains(partition.topicId())
                        && owners.putIfAbsent(partition, memberId) == null) {
                    loads.merge(memberId, 1, Integer::sum);
                }
            }
        });
    }

    private void assignFree() {
        List<Map.Entry<Uuid, List<String>>> topics = new ArrayList<>(subscribers.entrySet());
        topics.sort(Comparator.comparingInt(topic -> topic.getValue().size()));
        for (Map.Entry<Uuid, List<String>> topic : topics) {
            for (int i = 0; i < input.topics().getOrDefault(topic.getKey(), 0); i++) {
                PartitionId partition = new PartitionId(topic.getKey(), i);
                if (!owners.containsKey(partition)) {
                    String member = leastLoaded(topic.getValue());
                    owners.put(partition, member);
                    loads.merge(member, 1, Integer::sum);
                }
            }
        }
    }

    private boolean balance() {
        boolean moved = false;
        for (Map.Entry<PartitionId, String> partition : owners.entrySet()) {
            List<String> candidates =
                    subscribers.getOrDefault(partition.getKey().topicId(), List.of());
            String to = leastLoaded(candidates);
            String from = partition.getValue();
            if (load(to) + 1 < load(from)) {
                partition.setValue(to);
                loads.merge(from, -1, Integer::sum);
                loads.merge(to, 1, Integer::sum);
                moved = true;
            }
        }
        return moved;
    }

    private String leastLoaded(List<String> members) {
        String least = members.get(0);
        for (String member : members) {
            if (load(member) < load(least)) {
                least = member;
            }
        }
        return least;
    }

    private int load(String member) {
        return loads.getOrDefault(member, 0);
    }
}
