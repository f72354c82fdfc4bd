package io.naru.gateway.group;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A partition as the coordinator means it: of this topic, not of another that has its name. In order of topic and partition. */
record MemberPartition(Uuid topicId, TopicPartition partition) implements Comparable<MemberPartition> {

    private static final Comparator<MemberPartition> ORDER = Comparator.comparing(
                    (MemberPartition p) -> p.partition().topic())
            .thenComparing(p -> p.partition().partition())
            .thenComparing(MemberPartition::topicId);

    @Override
    public int compareTo(MemberPartition other) {
        return ORDER.compare(this, other);
    }
}
