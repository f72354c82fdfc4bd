package io.naru.gateway.group;

import io.naru.gateway.cursor.GroupCursor;
import io.naru.gateway.cursor.PartitionPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a poll is in each partition that its member holds: where it began there, how far it has come, where the log ends. A pure state
 * machine: no clock, no I/O. Belongs to the member's mailbox.
 */
final class PollPositions {

    private final PollPlan plan;
    private final String memberId;
    private final Map<TopicPartition, PartitionPosition> told = new HashMap<>();
    private final Map<TopicPartition, Long> starts =
            new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
    private final Map<TopicPartition, Long> at = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    PollPositions(PollPlan plan, String memberId) {
        this.plan = plan;
        this.memberId = memberId;
        GroupCursor base = plan.base();
        if (base != null) {
            base.positions().forEach(position -> told.put(position.partition(), position));
        }
    }

    /** Follows what the member holds; returns those partitions of which nobody has said where to begin. */
    List<HeldPartition> follow(Holdings holdings) {
        at.keySet().removeIf(partition -> {
            HeldPartition held = holdings.find(partition);
            return held == null || held.isRevoking();
        });
        List<HeldPartition> unknown = new ArrayList<>();
        for (HeldPartition held : holdings.all()) {
            TopicPartition partition = held.id().partition();
            if (held.isRevoking() || at.containsKey(partition) || plan.paused().contains(partition)) {
                continue;
            }
            long start = start(held);
            if (start == HeldPartition.NONE) {
                unknown.add(held);
            } else if (start >= 0) {
                at.put(partition, start);
                starts.put(partition, start);
            }
        }
        return unknown;
    }

    /**
     * Where to begin in a partition: where the cursor says, unless the partition may have been another's since that was given out. Then
     * only what is committed counts, for the client may have been told that its acknowledgement came too late and that the next owner
     * reads the records again; and that is this very member now. {@link HeldPartition#UNASKED} while it is not known what is committed,
     * {@link HeldPartition#NONE} while it is not known where a partition begins of which nothing is.
     */
    private long start(HeldPartition held) {
        Long sought = plan.sought().get(held.id().partition());
        if (sought != null) {
            return sought;
        }
        long cursor = told(held);
        if (cursor >= 0 && !isOfAnother() && epoch() >= held.gainedEpoch()) {
            return cursor;
        }
        if (held.committed() == HeldPartition.UNASKED) {
            return HeldPartition.UNASKED;
        }
        if (cursor >= 0 && isOfAnother()) {
            return Math.max(cursor, held.committed());
        }
        return held.committed() >= 0 ? held.committed() : held.beginning();
    }

    /** What the cursor says of a partition, {@link HeldPartition#NONE} for nothing. */
    private long told(HeldPartition held) {
        PartitionPosition position = told.get(held.id().partition());
        return position != null && position.topicId().equals(held.id().topicId())
                ? Math.max(HeldPartition.NONE, position.nextOffset())
                : HeldPartition.NONE;
    }

    /** Whether the cursor is of an earlier member: a stream goes on where that one's ended. */
    private boolean isOfAnother() {
        GroupCursor base = plan.base();
        return base != null && !base.memberId().equals(memberId);
    }

    private int epoch() {
        GroupCursor base = plan.base();
        return base == null ? HeartbeatRequests.JOIN_EPOCH : base.memberEpoch();
    }

    /** Partitions were lost, and are perhaps here again: where to read in them is looked for anew. */
    void clear() {
        at.clear();
        starts.clear();
    }

    /** How many partitions are read. */
    int count() {
        return at.size();
    }

    boolean reads(TopicPartition partition) {
        return at.containsKey(partition);
    }

    /** Whether it is known where every partition stands that is not wanted back. */
    boolean knowsAll(Holdings holdings) {
        return !holdings.isEmpty()
                && holdings.all().stream()
                        .allMatch(held ->
                                held.isRevoking() || at.containsKey(held.id().partition()));
    }

    /** The next offset of each partition that is read. */
    Map<TopicPartition, Long> now() {
        return Map.copyOf(at);
    }

    void moveTo(TopicPartition partition, long next) {
        at.put(partition, next);
    }

    /** Goes back to where the poll was before. */
    void moveTo(Map<TopicPartition, Long> before) {
        at.putAll(before);
    }

    /** Where a partition's log ends. */
    void endsAt(TopicPartition partition, long highWatermark) {
        ends.put(partition, highWatermark);
    }

    /** Where the poll began. */
    Map<TopicPartition, Long> starts() {
        return starts;
    }

    /** All partitions, beginning with one that follows from the positions: each has its turn, and the same cursor the same. */
    List<TopicPartition> inTurn(Map<TopicPartition, Long> offsets) {
        List<TopicPartition> order = new ArrayList<>(starts.keySet());
        order.retainAll(offsets.keySet());
        long sum = 0;
        for (long start : starts.values()) {
            sum += start;
        }
        if (!order.isEmpty()) {
            Collections.rotate(order, -(int) Math.floorMod(sum, (long) order.size()));
        }
        return order;
    }

    /** The next offset of each partition that is held and was read. */
    Map<TopicPartition, Long> after(Holdings holdings) {
        Map<TopicPartition, Long> after = new LinkedHashMap<>();
        for (HeldPartition held : holdings.all()) {
            Long known = at.get(held.id().partition());
            if (known != null) {
                after.put(held.id().partition(), known);
            }
        }
        return after;
    }

    /** What the cursor of the answer says; what has been read counts as given to the client. */
    List<PartitionPosition> given(Holdings holdings) {
        List<PartitionPosition> positions = new ArrayList<>();
        for (HeldPartition held : holdings.all()) {
            TopicPartition partition = held.id().partition();
            @Nullable Long known = at.get(partition);
            positions.add(new PartitionPosition(held.id().topicId(), partition, known != null ? known : notRead(held)));
            if (known != null && known > starts.getOrDefault(partition, known)) {
                held.delivered(known);
            }
        }
        return positions;
    }

    /** What a cursor says of a partition that was not read. */
    private long notRead(HeldPartition held) {
        long start = start(held);
        return start == HeldPartition.UNASKED && isOfAnother() ? told(held) : Math.max(HeldPartition.NONE, start);
    }

    /** Whether nothing is left to read below the ends of the logs. */
    boolean areAtTheEnds(Map<TopicPartition, Long> after) {
        return after.entrySet().stream()
                .allMatch(one -> one.getValue() >= ends.getOrDefault(one.getKey(), Long.MAX_VALUE));
    }
}
