package io.naru.coordinator.group.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Deadlines of a shard. A deadline that moves back, as a session's does with every heartbeat, costs one map entry: the queue keeps the
 * earlier time and looks again when it comes.
 */
public final class GroupTimers {

    /** What a deadline is for. */
    public enum TimerKind {
        /** The member has been silent for too long. */
        SESSION,
        /** The member has not given up partitions in time. */
        REBALANCE,
        /** The members of a classic group have not come together in time. */
        JOIN,
        /** Members of a classic group have not asked for their assignment in time. */
        SYNC
    }

    /**
     * What a deadline belongs to.
     *
     * @param memberId the member, or nothing for the group as a whole
     */
    public record TimerKey(String groupId, String memberId, TimerKind kind) {

        /** A deadline of the group as a whole. */
        public static TimerKey ofGroup(String groupId, TimerKind kind) {
            return new TimerKey(groupId, "", kind);
        }

        public static TimerKey session(String groupId, String memberId) {
            return new TimerKey(groupId, memberId, TimerKind.SESSION);
        }
    }

    private record Entry(long atMs, TimerKey key) {}

    private final Map<TimerKey, Long> deadlines = new HashMap<>();
    private final Map<TimerKey, Long> queued = new HashMap<>();
    private final PriorityQueue<Entry> queue = new PriorityQueue<>((a, b) -> Long.compare(a.atMs(), b.atMs()));

    public void schedule(TimerKey key, long atMs) {
        deadlines.put(key, atMs);
        Long earlier = queued.get(key);
        if (earlier == null || earlier > atMs) {
            enqueue(key, atMs);
        }
    }

    public void scheduleIfAbsent(TimerKey key, long atMs) {
        if (!deadlines.containsKey(key)) {
            schedule(key, atMs);
        }
    }

    public void cancel(TimerKey key) {
        deadlines.remove(key);
    }

    /** Moves every deadline back. */
    public void postpone(long ms) {
        Map<TimerKey, Long> moved = new HashMap<>(deadlines);
        clear();
        moved.forEach((key, atMs) -> schedule(key, atMs + ms));
    }

    public void clear() {
        deadlines.clear();
        queued.clear();
        queue.clear();
    }

    /** Takes out what is due, earliest first. */
    public List<TimerKey> due(long nowMs) {
        List<TimerKey> due = new ArrayList<>();
        for (Entry head = queue.peek(); head != null && head.atMs() <= nowMs; head = queue.peek()) {
            queue.remove();
            TimerKey key = head.key();
            if (!queued.remove(key, head.atMs())) {
                continue;
            }
            Long deadline = deadlines.get(key);
            if (deadline == null) {
                continue;
            }
            if (deadline <= nowMs) {
                deadlines.remove(key);
                due.add(key);
            } else {
                enqueue(key, deadline);
            }
        }
        return due;
    }

    /** No deadline is earlier than this; {@link Long#MAX_VALUE} when there is none. */
    public long nextMs() {
        Entry head = queue.peek();
        return head == null ? Long.MAX_VALUE : head.atMs();
    }

    private void enqueue(TimerKey key, long atMs) {
        queued.put(key, atMs);
        queue.add(new Entry(atMs, key));
    }
}
