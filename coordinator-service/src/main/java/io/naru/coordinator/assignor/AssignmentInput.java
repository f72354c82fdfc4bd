package io.naru.coordinator.assignor;

import io.naru.coordinator.record.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What an assignor goes by.
 *
 * @param members by member id
 * @param topics  partition counts of the topics that any member subscribes to
 */
public record AssignmentInput(SortedMap<String, Member> members, SortedMap<Uuid, Integer> topics) {

    /** Refuses members whose topics are not listed; the maps are not copied. */
    public AssignmentInput {
        for (Member member : members.values()) {
            if (!topics.keySet().containsAll(member.topics())) {
                throw new IllegalArgumentException("a member subscribes to a topic that is not listed");
            }
        }
        members = Collections.unmodifiableSortedMap(members);
        topics = Collections.unmodifiableSortedMap(topics);
    }

    /**
     * A member.
     *
     * @param instanceId name of a static member, or null
     * @param topics     topics it subscribes to that exist
     * @param target     what the last target assignment gave it; may name partitions that are gone
     */
    public record Member(@Nullable String instanceId, SortedSet<Uuid> topics, SortedSet<PartitionId> target) {}

    /** Whether the partition exists. */
    boolean exists(PartitionId partition) {
        Integer count = topics.get(partition.topicId());
        return count != null && partition.partition() < count;
    }

    /** Member ids per topic, in the order of the members. */
    SortedMap<Uuid, List<String>> subscribers() {
        SortedMap<Uuid, List<String>> subscribers = new TreeMap<>();
        members.forEach((memberId, member) -> member.topics()
                .forEach(topic -> subscribers
                        .computeIfAbsent(topic, t -> new ArrayList<>())
                        .add(memberId)));
        return subscribers;
    }
}
