package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a poll is to read.
 *
 * @param maxRecords most records; with {@link #POSITIONS_ONLY} it ends as soon as it is known where each partition stands
 * @param maxBytes   most bytes of records, one record always
 * @param waitMs     how long to wait for partitions and records
 * @param base       where to read on, or null to read on from what is committed
 * @param repeatable whether the same base is to give the same records again
 * @param sought     where to read instead, by partition
 * @param paused     partitions that are not read this time
 */
record PollPlan(
        int maxRecords,
        int maxBytes,
        int waitMs,
        @Nullable GroupCursor base,
        boolean repeatable,
        Map<TopicPartition, Long> sought,
        Set<TopicPartition> paused) {

    /** No records. */
    static final int POSITIONS_ONLY = 0;

    boolean isPositionsOnly() {
        return maxRecords == POSITIONS_ONLY;
    }
}
