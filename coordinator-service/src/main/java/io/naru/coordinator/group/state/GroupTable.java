package io.naru.coordinator.group.state;

import io.naru.coordinator.record.ClassicGroupValue;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupCurrentMemberAssignment;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMemberMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupPartitionMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMember;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata;
import io.naru.coordinator.record.CoordinatorRecord.GroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of a shard: its groups and their offsets. {@link #replay} is the only thing that changes it, while loading and while
 * serving alike. A compacted log may bring records in another order than they were written in, but each as the last of its key, so
 * replay takes parts of a group in any order.
 */
public final class GroupTable {

    private final SortedMap<String, Group> groups = new TreeMap<>();
    private final OffsetTable offsets = new OffsetTable();

    public OffsetTable offsets() {
        return offsets;
    }

    public Collection<Group> groups() {
        return groups.values();
    }

    public Optional<Group> find(String groupId) {
        return Optional.ofNullable(groups.get(groupId));
    }

    /** The consumer group of that id, if it is one. */
    public Optional<ConsumerGroup> findConsumerGroup(String groupId) {
        return groups.get(groupId) instanceof ConsumerGroup group ? Optional.of(group) : Optional.empty();
    }

    /** The classic group of that id, if it is one. */
    public Optional<ClassicGroup> findClassicGroup(String groupId) {
        return groups.get(groupId) instanceof ClassicGroup group ? Optional.of(group) : Optional.empty();
    }

    /** The consumer group of that id. */
    public ConsumerGroup consumerGroup(String groupId) {
        return findConsumerGroup(groupId)
                .orElseThrow(() -> Errors.GROUP_ID_NOT_FOUND.exception("there is no consumer group " + groupId));
    }

    public void replay(CoordinatorRecord record) {
        if (record instanceof OffsetCommit commit) {
            offsets.replay(commit);
        } else if (record instanceof GroupMetadata metadata) {
            replayClassic(metadata);
        } else if (record instanceof ConsumerGroupPartitionMetadata) {
            // Of no use since groups carry a hash of their topics.
            return;
        } else if (record instanceof ConsumerGroupMetadata metadata) {
            ConsumerGroupMetadata.Epoch value = metadata.value();
            if (value == null) {
                groups.computeIfPresent(record.groupId(), (id, group) -> group instanceof ConsumerGroup ? null : group);
            } else {
                made(record).replayEpoch(value);
            }
        } else {
            ConsumerGroup group = record.value() == null ? existing(record) : made(record);
            if (group != null) {
                replayPart(group, record);
            }
        }
    }

    private void replayClassic(GroupMetadata metadata) {
        String groupId = metadata.groupId();
        ClassicGroupValue value = metadata.value();
        if (value != null) {
            ClassicGroup group = findClassicGroup(groupId).orElseGet(() -> new ClassicGroup(groupId));
            group.replay(value);
            groups.put(groupId, group);
        } else if (groups.get(groupId) instanceof ClassicGroup) {
            groups.remove(groupId);
        }
    }

    /** Makes a classic group known that has nothing to write down yet. */
    public void add(ClassicGroup group) {
        groups.putIfAbsent(group.groupId(), group);
    }

    /** Drops a classic group of which nothing was ever written down. */
    public void forget(ClassicGroup group) {
        if (group.written() != null) {
            throw new IllegalStateException("group " + group.groupId() + " is in the log");
        }
        groups.remove(group.groupId(), group);
    }

    private static void replayPart(ConsumerGroup group, CoordinatorRecord record) {
        if (record instanceof ConsumerGroupMemberMetadata member) {
            group.replaySubscription(member.memberId(), member.value());
        } else if (record instanceof ConsumerGroupTargetAssignmentMetadata target) {
            group.replayTarget(target.value());
        } else if (record instanceof ConsumerGroupTargetAssignmentMember target) {
            group.replayTargetMember(target.memberId(), target.value());
        } else if (record instanceof ConsumerGroupCurrentMemberAssignment current) {
            group.replayCurrent(current.memberId(), current.value());
        } else if (record instanceof ConsumerGroupRegularExpression regex) {
            group.replayRegex(regex.regex(), regex.value());
        } else {
            throw new IllegalStateException("no replay for " + record.getClass());
        }
    }

    private ConsumerGroup made(CoordinatorRecord record) {
        ConsumerGroup group = existing(record);
        if (group == null) {
            group = new ConsumerGroup(record.groupId());
            groups.put(record.groupId(), group);
        }
        return group;
    }

    private @Nullable ConsumerGroup existing(CoordinatorRecord record) {
        return findConsumerGroup(record.groupId()).orElse(null);
    }

    /** The state as the shortest log that gives it. */
    public List<CoordinatorRecord> snapshot() {
        List<CoordinatorRecord> snapshot = new ArrayList<>();
        for (Group group : groups.values()) {
            if (group instanceof ConsumerGroup consumerGroup) {
                snapshot(consumerGroup, snapshot);
            } else if (group instanceof ClassicGroup classic && classic.written() != null) {
                snapshot.add(new GroupMetadata(classic.groupId(), classic.written()));
            }
        }
        offsets.snapshot(snapshot);
        return snapshot;
    }

    private static void snapshot(ConsumerGroup group, List<CoordinatorRecord> snapshot) {
        String id = group.groupId();
        snapshot.add(
                new ConsumerGroupMetadata(id, new ConsumerGroupMetadata.Epoch(group.epoch(), group.metadataHash())));
        group.regexes().forEach((regex, value) -> snapshot.add(new ConsumerGroupRegularExpression(id, regex, value)));
        for (ConsumerGroupMember member : group.members()) {
            snapshot.add(new ConsumerGroupMemberMetadata(id, member.memberId(), member.subscription()));
        }
        group.targets()
                .forEach((member, target) -> snapshot.add(new ConsumerGroupTargetAssignmentMember(id, member, target)));
        snapshot.add(new ConsumerGroupTargetAssignmentMetadata(
                id, new ConsumerGroupTargetAssignmentMetadata.Target(group.targetEpoch(), group.targetTimestampMs())));
        for (ConsumerGroupMember member : group.members()) {
            snapshot.add(new ConsumerGroupCurrentMemberAssignment(id, member.memberId(), member.current()));
        }
    }
}
