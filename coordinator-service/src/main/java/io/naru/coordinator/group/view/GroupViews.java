package io.naru.coordinator.group.view;

import io.naru.coordinator.group.consumer.TargetAssignmentBuilder;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicMember;
import io.naru.coordinator.group.state.ClassicPhase;
import io.naru.coordinator.group.state.ClassicSubscriptions;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.Bytes;
import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Groups as people look at them. */
public final class GroupViews {

    private static final String SIMPLE_STATE = "Empty";

    private final GroupTable table;
    private final TargetAssignmentBuilder targets;

    public GroupViews(GroupTable table, TargetAssignmentBuilder targets) {
        this.table = table;
        this.targets = targets;
    }

    public List<GroupView> all(TopicCatalog catalog) {
        SortedSet<String> ids = new TreeSet<>(table.offsets().groupIds());
        table.groups().forEach(group -> ids.add(group.groupId()));
        List<GroupView> all = new ArrayList<>(ids.size());
        ids.forEach(id -> find(id, catalog).map(GroupView::summary).ifPresent(all::add));
        return all;
    }

    public Optional<GroupView> find(String groupId, TopicCatalog catalog) {
        Group group = table.find(groupId).orElse(null);
        if (group instanceof ConsumerGroup consumer) {
            return Optional.of(view(consumer, catalog));
        }
        if (group instanceof ClassicGroup classic) {
            return Optional.of(view(classic));
        }
        return table.offsets().has(groupId)
                ? Optional.of(new GroupView(groupId, "classic", "", SIMPLE_STATE, 0, null, null, 0, List.of()))
                : Optional.empty();
    }

    private GroupView view(ConsumerGroup group, TopicCatalog catalog) {
        return new GroupView(
                group.groupId(),
                group.type(),
                group.protocolType(),
                group.state(),
                group.epoch(),
                targets.assignor(group).name(),
                null,
                group.size(),
                group.members().stream().map(m -> view(group, m, catalog)).toList());
    }

    private static GroupView.Member view(ConsumerGroup group, ConsumerGroupMember member, TopicCatalog catalog) {
        var subscription = member.subscription();
        return new GroupView.Member(
                member.memberId(),
                subscription.instanceId(),
                subscription.clientId(),
                subscription.clientHost(),
                member.epoch(),
                List.copyOf(subscription.topicNames()),
                subscription.topicRegex(),
                partitions(member.current().assigned().keySet(), catalog),
                partitions(group.target(member.memberId()), catalog));
    }

    private static List<GroupView.Partitions> partitions(Collection<PartitionId> ids, TopicCatalog catalog) {
        SortedMap<String, List<Integer>> byTopic = new TreeMap<>();
        ids.forEach(id -> catalog.find(id.topicId())
                .ifPresent(topic -> byTopic.computeIfAbsent(topic.name(), t -> new ArrayList<>())
                        .add(id.partition())));
        return partitions(byTopic);
    }

    private static List<GroupView.Partitions> partitions(SortedMap<String, List<Integer>> byTopic) {
        List<GroupView.Partitions> list = new ArrayList<>();
        byTopic.forEach((topic, indexes) -> list.add(
                new GroupView.Partitions(topic, indexes.stream().sorted().toList())));
        return list;
    }

    private static GroupView view(ClassicGroup group) {
        return new GroupView(
                group.groupId(),
                group.type(),
                group.protocolType(),
                group.state(),
                group.generation(),
                group.protocol(),
                group.leader(),
                group.size(),
                group.members().stream().map(m -> view(group, m)).toList());
    }

    private static GroupView.Member view(ClassicGroup group, ClassicMember member) {
        boolean stable = group.phase() instanceof ClassicPhase.Stable;
        boolean consumers = group.protocolType().equals(ClassicGroup.CONSUMER);
        List<GroupView.Partitions> assignment =
                stable && consumers ? partitions(assigned(member.assignment())) : List.of();
        return new GroupView.Member(
                member.memberId(),
                member.groupInstanceId(),
                member.client().clientId(),
                member.client().clientHost(),
                group.generation(),
                consumers
                        ? ClassicSubscriptions.topics(member)
                                .map(topics -> topics.stream().sorted().toList())
                                .orElse(List.of())
                        : List.of(),
                null,
                assignment,
                assignment);
    }

    private static SortedMap<String, List<Integer>> assigned(Bytes assignment) {
        SortedMap<String, List<Integer>> byTopic = new TreeMap<>();
        ClassicSubscriptions.readAssignment(assignment)
                .ifPresent(read ->
                        read.assignedPartitions().forEach(topic -> byTopic.put(topic.topic(), topic.partitions())));
        return byTopic;
    }

    /** What the group has committed, with who reads each partition. */
    public List<GroupView.Offset> offsets(String groupId, TopicCatalog catalog) {
        Map<String, Map<Integer, String>> readers = new HashMap<>();
        find(groupId, catalog)
                .ifPresent(group -> group.members()
                        .forEach(member -> member.assignment()
                                .forEach(topic -> topic.partitions()
                                        .forEach(index -> readers.computeIfAbsent(topic.topic(), t -> new HashMap<>())
                                                .put(index, member.memberId())))));
        List<GroupView.Offset> offsets = new ArrayList<>();
        table.offsets()
                .of(groupId)
                .forEach((topic, partitions) ->
                        partitions.forEach((index, committed) -> offsets.add(new GroupView.Offset(
                                topic,
                                index,
                                committed.offset(),
                                committed.leaderEpoch(),
                                committed.metadata(),
                                committed.commitTimestampMs(),
                                readers.getOrDefault(topic, Map.of()).get(index)))));
        return offsets;
    }
}
