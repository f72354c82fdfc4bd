package io.naru.coordinator.group.consumer;

import io.naru.coordinator.assignor.AssignmentInput;
import io.naru.coordinator.assignor.Assignors;
import io.naru.coordinator.assignor.PartitionAssignor;
import io.naru.coordinator.group.state.Changes;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata;
import io.naru.coordinator.record.MemberSubscription;
import io.naru.coordinator.record.PartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/** Makes a group's target assignment for its current epoch, with the assignor that most of its members ask for. */
public final class TargetAssignmentBuilder {

    private final Assignors assignors;

    /** Chooses among these assignors. */
    public TargetAssignmentBuilder(Assignors assignors) {
        this.assignors = assignors;
    }

    /** Emits the entries that differ from the last target, then the epoch: a target is complete when its epoch is written. */
    void assign(ConsumerGroup group, TopicCatalog catalog, Changes changes, long nowMs) {
        SortedMap<String, SortedSet<PartitionId>> assignment = assignor(group).assign(input(group, catalog));
        for (String gone : List.copyOf(group.targets().keySet())) {
            if (!assignment.containsKey(gone)) {
                changes.emit(new ConsumerGroupTargetAssignmentMember(group.groupId(), gone, null));
            }
        }
        assignment.forEach((memberId, partitions) -> {
            if (!partitions.equals(group.targets().get(memberId))) {
                changes.emit(new ConsumerGroupTargetAssignmentMember(group.groupId(), memberId, partitions));
            }
        });
        changes.emit(new ConsumerGroupTargetAssignmentMetadata(
                group.groupId(), new ConsumerGroupTargetAssignmentMetadata.Target(group.epoch(), nowMs)));
    }

    /** The assignor most members ask for; among equals the one first by name; the default when nobody asks. */
    public PartitionAssignor assignor(ConsumerGroup group) {
        SortedMap<String, Integer> votes = new TreeMap<>();
        for (ConsumerGroupMember member : group.members()) {
            String wanted = member.subscription().serverAssignor();
            if (wanted != null && assignors.find(wanted).isPresent()) {
                votes.merge(wanted, 1, Integer::sum);
            }
        }
        Optional<String> winner = votes.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(
                                Map.Entry.<String, Integer>comparingByKey().reversed()))
                .map(Map.Entry::getKey);
        return winner.flatMap(assignors::find).orElseGet(assignors::preferred);
    }

    private static AssignmentInput input(ConsumerGroup group, TopicCatalog catalog) {
        SortedMap<Uuid, Integer> topics = new TreeMap<>();
        // Members mostly subscribe alike: they then share one set, and comparing them costs nothing.
        Map<Object, SortedSet<Uuid>> bySubscription = new HashMap<>();
        SortedMap<String, AssignmentInput.Member> members = new TreeMap<>();
        for (ConsumerGroupMember member : group.members()) {
            MemberSubscription subscription = member.subscription();
            String regex = subscription.topicRegex();
            SortedSet<Uuid> topicIds = bySubscription.computeIfAbsent(
                    List.of(subscription.topicNames(), Optional.ofNullable(regex)),
                    key -> topicIds(group, subscription, catalog, topics));
            members.put(
                    member.memberId(),
                    new AssignmentInput.Member(member.instanceId(), topicIds, group.target(member.memberId())));
        }
        return new AssignmentInput(members, topics);
    }

    private static SortedSet<Uuid> topicIds(
            ConsumerGroup group, MemberSubscription subscription, TopicCatalog catalog, SortedMap<Uuid, Integer> all) {
        SortedSet<String> names = new TreeSet<>(subscription.topicNames());
        String regex = subscription.topicRegex();
        if (regex != null) {
            var resolved = group.regexes().get(regex);
            if (resolved != null) {
                names.addAll(resolved.topics());
            }
        }
        SortedSet<Uuid> topicIds = new TreeSet<>();
        for (String name : names) {
            catalog.find(name).ifPresent(topic -> {
                topicIds.add(topic.id());
                all.put(topic.id(), topic.partitions());
            });
        }
        return topicIds;
    }
}
