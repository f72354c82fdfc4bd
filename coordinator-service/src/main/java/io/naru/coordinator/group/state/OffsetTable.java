package io.naru.coordinator.group.state;

import io.naru.coordinator.record.CommittedOffset;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.CoordinatorRecord.OffsetCommit;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Committed offsets by group, topic and partition. Changed by {@link GroupTable#replay} alone. */
public final class OffsetTable {

    private final Map<String, SortedMap<String, SortedMap<Integer, CommittedOffset>>> groups = new HashMap<>();

    /** Groups that have committed anything. */
    public Set<String> groupIds() {
        return Collections.unmodifiableSet(groups.keySet());
    }

    public boolean has(String groupId) {
        return groups.containsKey(groupId);
    }

    /** What the group has committed, by topic and partition. */
    public SortedMap<String, SortedMap<Integer, CommittedOffset>> of(String groupId) {
        return groups.getOrDefault(groupId, Collections.emptySortedMap());
    }

    @Nullable
    public CommittedOffset get(String groupId, String topic, int partition) {
        return of(groupId).getOrDefault(topic, Collections.emptySortedMap()).get(partition);
    }

    void replay(OffsetCommit commit) {
        CommittedOffset value = commit.value();
        if (value != null) {
            groups.computeIfAbsent(commit.groupId(), g -> new TreeMap<>())
                    .computeIfAbsent(commit.topic(), t -> new TreeMap<>())
                    .put(commit.partition(), value);
            return;
        }
        SortedMap<String, SortedMap<Integer, CommittedOffset>> topics = groups.get(commit.groupId());
        SortedMap<Integer, CommittedOffset> partitions = topics == null ? null : topics.get(commit.topic());
        if (topics != null && partitions != null) {
            partitions.remove(commit.partition());
            if (partitions.isEmpty()) {
                topics.remove(commit.topic());
            }
            if (topics.isEmpty()) {
                groups.remove(commit.groupId());
            }
        }
    }

    void snapshot(List<CoordinatorRecord> snapshot) {
        new TreeMap<>(groups)
                .forEach((group, topics) -> topics.forEach((topic, partitions) -> partitions.forEach(
                        (partition, value) -> snapshot.add(new OffsetCommit(group, topic, partition, value)))));
    }
}
