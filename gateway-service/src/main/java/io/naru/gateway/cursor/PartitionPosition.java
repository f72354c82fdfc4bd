package io.naru.gateway.cursor;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Where a reader stands in a partition.
 *
 * @param topicId    the topic's id; a topic made anew under the same name has another
 * @param partition  which partition
 * @param nextOffset the record to be read next, or {@link #UNKNOWN}
 */
public record PartitionPosition(Uuid topicId, TopicPartition partition, long nextOffset) {

    /** It has not turned out yet where to begin. */
    public static final long UNKNOWN = -1;
}
