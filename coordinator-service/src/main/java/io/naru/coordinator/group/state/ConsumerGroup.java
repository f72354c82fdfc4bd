package io.naru.coordinator.group.state;

import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupMetadata;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupRegularExpression;
import io.naru.coordinator.record.CoordinatorRecord.ConsumerGroupTargetAssignmentMetadata;
import io.naru.coordinator.record.CurrentAssignment;
import io.naru.coordinator.record.MemberState;
import io.naru.coordinator.record.MemberSubscription;
import io.naru.coordinator.record.PartitionId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group of the KIP-848 protocol. What changes it is called {@code replay…} and is called by {@link GroupTable#replay} alone.
 *
 * <p>Epochs: {@link #targetEpoch()} ≤ {@link #epoch()}, and every member's epoch ≤ the target's. A partition has one owner at most: the
 * member that has it assigned or pending revocation ({@link #owner}).
 */
public final class ConsumerGroup implements Group {

    public static final String STABLE = "Stable";

    private static final Logger log = LoggerFactory.getLogger(ConsumerGroup.class);

    private final String groupId;
    private int epoch;
    private long metadataHash;
    private int targetEpoch;
    private long targetTimestampMs;
    private final SortedMap<String, ConsumerGroupMember> members = new TreeMap<>();
    private final SortedMap<String, SortedSet<PartitionId>> targets = new TreeMap<>();
    private final SortedMap<String, ConsumerGroupRegularExpression.Resolved> regexes = new TreeMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final Map<PartitionId, String> owners = new HashMap<>();
    private final SortedMap<String, Integer> nameCounts = new TreeMap<>();
    private final SortedMap<String, Integer> regexCounts = new TreeMap<>();
    /** Not part of the durable state: when the group last looked at the topics. */
    private long catalogVersionSeen = Long.MIN_VALUE;

    public ConsumerGroup(String groupId) {
        this.groupId = groupId;
    }

    @Override
    public String groupId() {
        return groupId;
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    @Override
    public String type() {
        return "consumer";
    }

    @Override
    public String protocolType() {
        return "consumer";
    }

    @Override
    public String state() {
        if (members.isEmpty()) {
            return "Empty";
        }
        if (targetEpoch < epoch) {
            return "Assigning";
        }
        boolean settled = members.values().stream()
                .allMatch(member -> member.current().state() == MemberState.STABLE
                        && (member.epoch() == targetEpoch || member.isAway()));
        return settled ? STABLE : "Reconciling";
    }

    public int epoch() {
        return epoch;
    }

    /** See {@link TopicCatalog#hash}. */
    public long metadataHash() {
        return metadataHash;
    }

    /** Group epoch that the target assignment was made for. */
    public int targetEpoch() {
        return targetEpoch;
    }

    long targetTimestampMs() {
        return targetTimestampMs;
    }

    public Collection<ConsumerGroupMember> members() {
        return members.values();
    }

    public int size() {
        return members.size();
    }

    public Optional<ConsumerGroupMember> member(String memberId) {
        return Optional.ofNullable(members.get(memberId));
    }

    public Optional<ConsumerGroupMember> staticMember(String instanceId) {
        return Optional.ofNullable(staticMembers.get(instanceId)).flatMap(this::member);
    }

    /** What the target assignment gives the member. */
    public SortedSet<PartitionId> target(String memberId) {
        return targets.getOrDefault(memberId, Collections.emptySortedSet());
    }

    /** Members that have an entry in the target assignment. */
    public SortedMap<String, SortedSet<PartitionId>> targets() {
        return Collections.unmodifiableSortedMap(targets);
    }

    /** Who owns the partition, if anyone does. */
    @Nullable
    public String owner(PartitionId partition) {
        return owners.get(partition);
    }

    public SortedMap<String, ConsumerGroupRegularExpression.Resolved> regexes() {
        return Collections.unmodifiableSortedMap(regexes);
    }

    /** How many members subscribe to each name. */
    public SortedMap<String, Integer> nameCounts() {
        return Collections.unmodifiableSortedMap(nameCounts);
    }

    /** How many members subscribe by each pattern. */
    public SortedMap<String, Integer> regexCounts() {
        return Collections.unmodifiableSortedMap(regexCounts);
    }

    /** Whether any member reads the topic. */
    public boolean subscribesTo(String topic) {
        return nameCounts.containsKey(topic)
                || regexes.values().stream()
                        .anyMatch(resolved -> resolved.topics().contains(topic));
    }

    public boolean hasSeen(long catalogVersion) {
        return catalogVersionSeen == catalogVersion;
    }

    public void seen(long catalogVersion) {
        catalogVersionSeen = catalogVersion;
    }

    void replayEpoch(ConsumerGroupMetadata.Epoch value) {
        epoch = value.epoch();
        metadataHash = value.metadataHash();
    }

    void replayTarget(ConsumerGroupTargetAssignmentMetadata.@Nullable Target value) {
        targetEpoch = value == null ? 0 : value.assignmentEpoch();
        targetTimestampMs = value == null ? 0 : value.timestampMs();
    }

    void replayTargetMember(String memberId, @Nullable SortedSet<PartitionId> partitions) {
        if (partitions == null) {
            targets.remove(memberId);
        } else {
            targets.put(memberId, partitions);
        }
    }

    void replayRegex(String regex, ConsumerGroupRegularExpression.@Nullable Resolved value) {
        if (value == null) {
            regexes.remove(regex);
        } else {
            regexes.put(regex, value);
        }
    }

    void replaySubscription(String memberId, @Nullable MemberSubscription subscription) {
        ConsumerGroupMember before = members.get(memberId);
        if (before != null) {
            count(before.subscription(), -1);
            if (before.instanceId() != null) {
                staticMembers.remove(before.instanceId(), memberId);
            }
        }
        if (subscription == null) {
            if (before != null) {
                release(before);
                members.remove(memberId);
            }
            return;
        }
        count(subscription, 1);
        if (subscription.instanceId() != null) {
            staticMembers.put(subscription.instanceId(), memberId);
        }
        members.put(
                memberId,
                before == null
                        ? new ConsumerGroupMember(memberId, subscription, CurrentAssignment.NONE)
                        : before.with(subscription));
    }

    void replayCurrent(String memberId, @Nullable CurrentAssignment current) {
        ConsumerGroupMember before = members.get(memberId);
        if (before == null && current == null) {
            return;
        }
        ConsumerGroupMember base = before == null
                ? new ConsumerGroupMember(memberId, ConsumerGroupMember.UNTOLD, CurrentAssignment.NONE)
                : before;
        release(base);
        ConsumerGroupMember after = base.with(current == null ? CurrentAssignment.NONE : current);
        members.put(memberId, after);
        for (PartitionId partition : after.owned()) {
            String other = owners.put(partition, memberId);
            if (other != null) {
                log.atError()
                        .addKeyValue("groupId", groupId)
                        .addKeyValue("partition", partition)
                        .addKeyValue("memberId", memberId)
                        .addKeyValue("otherMemberId", other)
                        .log("A partition had two owners; the later one keeps it");
            }
        }
    }

    private void release(ConsumerGroupMember member) {
        for (PartitionId partition : member.owned()) {
            owners.remove(partition, member.memberId());
        }
    }

    private void count(MemberSubscription subscription, int delta) {
        subscription.topicNames().forEach(name -> add(nameCounts, name, delta));
        if (subscription.topicRegex() != null) {
            add(regexCounts, subscription.topicRegex(), delta);
        }
    }

    private static void add(SortedMap<String, Integer> counts, String key, int delta) {
        int now = counts.getOrDefault(key, 0) + delta;
        if (now == 0) {
            counts.remove(key);
        } else {
            counts.put(key, now);
        }
    }
}
