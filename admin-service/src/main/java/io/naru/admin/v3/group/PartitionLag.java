package io.naru.admin.v3.group;

import io.naru.admin.v3.PageRequest;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is behind in a partition.
 *
 * @param partition which
 * @param committed offset that the group has committed
 * @param end       offset of the record to come, the high watermark
 * @param member    who reads the partition, or null
 */
record PartitionLag(
        TopicPartition partition,
        long committed,
        long end,
        @Nullable MemberDescription member) {

    /** Records to read; a commit beyond the end, after records were lost, is no debt. */
    long lag() {
        return Math.max(0, end - committed);
    }

    String consumerId() {
        return member == null ? "" : member.consumerId();
    }

    @Nullable
    String instanceId() {
        return member == null ? null : member.groupInstanceId().orElse(null);
    }

    String clientId() {
        return member == null ? "" : member.clientId();
    }

    String key() {
        return key(partition);
    }

    static String key(TopicPartition partition) {
        return partition.topic() + "/" + PageRequest.ordered(partition.partition());
    }
}
