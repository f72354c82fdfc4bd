package io.naru.coordinator.record;

import org.apache.kafka.common.Uuid;

/**
 * A partition, by the id of its topic so that a topic created anew under an old name is another one. Ordered by topic id, then index.
 *
 * @param topicId   the topic
 * @param partition index, ≥ 0
 */
public record PartitionId(Uuid topicId, int partition) implements Comparable<PartitionId> {

    @Override
    public int compareTo(PartitionId other) {
        int byTopic = topicId.compareTo(other.topicId);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}
