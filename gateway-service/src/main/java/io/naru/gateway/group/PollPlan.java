package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import java.util.LinkedHashSet;
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
 * @param shown      partitions that the client of a stream knows of: the poll ends when they are others; null for any other client
 */
record PollPlan(
        int maxRecords,
        int maxBytes,
        int waitMs,
        @Nullable GroupCursor base,
        boolean repeatable,
        Map<TopicPartition, Long> sought,
        Set<TopicPartition> paused,
        @Nullable Shown shown) {

    /** No records. */
    static final int POSITIONS_ONLY = 0;

    /**
     * A member's partitions as its client knows them.
     *
     * @param owned    those that it reads
     * @param revoking those that the group wants back
     */
    record Shown(Set<TopicPartition> owned, Set<TopicPartition> revoking) {

        static final Shown NOTHING = new Shown(Set.of(), Set.of());

        static Shown of(Holdings holdings) {
            Set<TopicPartition> owned = new LinkedHashSet<>();
            Set<TopicPartition> revoking = new LinkedHashSet<>();
            holdings.all()
                    .forEach(held ->
                            (held.isRevoking() ? revoking : owned).add(held.id().partition()));
            return new Shown(owned, revoking);
        }
    }

    /** A poll of a client that asks again and again, and acknowledges when it likes. */
    PollPlan(
            int maxRecords,
            int maxBytes,
            int waitMs,
            @Nullable GroupCursor base,
            boolean repeatable,
            Map<TopicPartition, Long> sought,
            Set<TopicPartition> paused) {
        this(maxRecords, maxBytes, waitMs, base, repeatable, sought, paused, null);
    }

    boolean isPositionsOnly() {
        return maxRecords == POSITIONS_ONLY;
    }
}
