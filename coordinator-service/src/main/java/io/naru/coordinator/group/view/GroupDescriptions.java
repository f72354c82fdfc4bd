package io.naru.coordinator.group.view;

import io.naru.coordinator.group.consumer.TargetAssignmentBuilder;
import io.naru.coordinator.group.state.ClassicGroup;
import io.naru.coordinator.group.state.ClassicPhase;
import io.naru.coordinator.group.state.ConsumerGroup;
import io.naru.coordinator.group.state.ConsumerGroupMember;
import io.naru.coordinator.group.state.Group;
import io.naru.coordinator.group.state.GroupTable;
import io.naru.coordinator.group.state.TopicCatalog;
import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.TopicPartitions;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;

/** ListGroups, ConsumerGroupDescribe and DescribeGroups. */
public final class GroupDescriptions {

    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;
    private static final short SAYS_NOT_FOUND = 6;

    private final GroupTable table;
    private final TargetAssignmentBuilder targets;

    public GroupDescriptions(GroupTable table, TargetAssignmentBuilder targets) {
        this.table = table;
        this.targets = targets;
    }

    /**
     * Groups in one of these states and of one of these types, in any letter case; an empty filter lets all through.
     */
    public List<ListedGroup> list(Collection<String> states, Collection<String> types) {
        List<ListedGroup> listed = new ArrayList<>();
        SortedSet<String> ids = new TreeSet<>(table.offsets().groupIds());
        table.groups().forEach(group -> ids.add(group.groupId()));
        for (String id : ids) {
            ListedGroup group = table.find(id)
                    .map(g -> new ListedGroup()
                            .setGroupState(g.state())
                            .setGroupType(g.type())
                            .setProtocolType(g.protocolType()))
                    .orElseGet(() -> new ListedGroup()
                            .setGroupState("Empty")
                            .setGroupType("classic")
                            .setProtocolType(""));
            if (passes(group.groupState(), states) && passes(group.groupType(), types)) {
                listed.add(group.setGroupId(id));
            }
        }
        return listed;
    }

    private static boolean passes(String value, Collection<String> filter) {
        return filter.isEmpty()
                || filter.stream().anyMatch(f -> f.toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT)));
    }

    public ConsumerGroupDescribeResponseData.DescribedGroup describe(String groupId, TopicCatalog catalog) {
        ConsumerGroup group = table.findConsumerGroup(groupId).orElse(null);
        if (group == null) {
            return new ConsumerGroupDescribeResponseData.DescribedGroup()
                    .setGroupId(groupId)
                    .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                    .setErrorMessage("there is no consumer group " + groupId);
        }
        return new ConsumerGroupDescribeResponseData.DescribedGroup()
                .setGroupId(groupId)
                .setGroupState(group.state())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.targetEpoch())
                .setAssignorName(targets.assignor(group).name())
                .setMembers(group.members().stream()
                        .map(member -> describe(group, member, catalog))
                        .toList());
    }

    private static ConsumerGroupDescribeResponseData.Member describe(
            ConsumerGroup group, ConsumerGroupMember member, TopicCatalog catalog) {
        var subscription = member.subscription();
        return new ConsumerGroupDescribeResponseData.Member()
                .setMemberId(member.memberId())
                .setInstanceId(subscription.instanceId())
                .setRackId(subscription.rackId())
                .setMemberEpoch(member.epoch())
                .setClientId(subscription.clientId())
                .setClientHost(subscription.clientHost())
                .setSubscribedTopicNames(List.copyOf(subscription.topicNames()))
                .setSubscribedTopicRegex(subscription.topicRegex())
                .setAssignment(assignment(member.current().assigned().keySet(), catalog))
                .setTargetAssignment(assignment(group.target(member.memberId()), catalog))
                .setMemberType(subscription.classic() == null ? CONSUMER_MEMBER : CLASSIC_MEMBER);
    }

    private static Assignment assignment(Collection<PartitionId> partitions, TopicCatalog catalog) {
        SortedMap<Uuid, List<Integer>> topics = new TreeMap<>();
        partitions.forEach(
                p -> topics.computeIfAbsent(p.topicId(), t -> new ArrayList<>()).add(p.partition()));
        List<TopicPartitions> list = new ArrayList<>();
        topics.forEach((topicId, indexes) -> catalog.find(topicId)
                .ifPresent(topic -> list.add(new TopicPartitions()
                        .setTopicId(topicId)
                        .setTopicName(topic.name())
                        .setPartitions(indexes))));
        return new Assignment().setTopicPartitions(list);
    }

    /** DescribeGroups is for classic groups; what is none is not found, which versions before 6 call dead. */
    public DescribeGroupsResponseData.DescribedGroup describeClassic(String groupId, short version) {
        DescribeGroupsResponseData.DescribedGroup described =
                new DescribeGroupsResponseData.DescribedGroup().setGroupId(groupId);
        Group group = table.find(groupId).orElse(null);
        if (group instanceof ClassicGroup classic) {
            return describe(classic, described);
        }
        if (group == null && table.offsets().has(groupId)) {
            return described.setGroupState("Empty");
        }
        described.setGroupState("Dead");
        if (version >= SAYS_NOT_FOUND) {
            described
                    .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                    .setErrorMessage(
                            group == null
                                    ? "there is no group " + groupId
                                    : "group " + groupId + " is not a classic group");
        }
        return described;
    }

    /** Subscriptions and assignments are told of a group at rest; else there is no protocol that they would be in. */
    private static DescribeGroupsResponseData.DescribedGroup describe(
            ClassicGroup group, DescribeGroupsResponseData.DescribedGroup described) {
        boolean stable = group.phase() instanceof ClassicPhase.Stable;
        String protocol = stable ? group.protocol() : null;
        return described
                .setGroupState(group.state())
                .setProtocolType(group.protocolType())
                .setProtocolData(protocol == null ? "" : protocol)
                .setMembers(group.members().stream()
                        .map(member -> new DescribeGroupsResponseData.DescribedGroupMember()
                                .setMemberId(member.memberId())
                                .setGroupInstanceId(member.groupInstanceId())
                                .setClientId(member.client().clientId())
                                .setClientHost(member.client().clientHost())
                                .setMemberMetadata(member.metadata(protocol).toArray())
                                .setMemberAssignment(
                                        stable ? member.assignment().toArray() : new byte[0]))
                        .toList());
    }
}
