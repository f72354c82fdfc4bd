package io.naru.coordinator.group.history;

import io.naru.coordinator.group.state.Group;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last rebalances of each group, as far as this coordinator has seen them. Lost with it: it is for people who look on. */
public final class RebalanceHistory {

    private static final int REBALANCES_MAX = 20;
    private static final int GROUPS_MAX = 1_000;

    private static final class Past {
        private final Deque<GroupRebalance> ended = new ArrayDeque<>();
        private @Nullable GroupRebalance open;
    }

    private final Map<String, Past> groups = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Past> eldest) {
            return size() > GROUPS_MAX;
        }
    };
    private final GroupEvents events;

    public RebalanceHistory(GroupEvents events) {
        this.events = events;
    }

    /** Something made the assignment wrong. What comes on top of it belongs to the same rebalance. */
    public void began(String groupId, int epoch, String reason, long nowMs) {
        Past past = groups.computeIfAbsent(groupId, id -> new Past());
        if (past.open == null) {
            past.open = new GroupRebalance(epoch, reason, nowMs, GroupRebalance.NOT_ENDED, 0);
        }
    }

    public boolean isOpen(String groupId) {
        Past past = groups.get(groupId);
        return past != null && past.open != null;
    }

    /** Every member has its part. */
    public void ended(Group group, int epoch, int members, long nowMs) {
        Past past = groups.get(group.groupId());
        GroupRebalance open = past == null ? null : past.open;
        if (past == null || open == null) {
            return;
        }
        past.open = null;
        past.ended.addFirst(new GroupRebalance(epoch, open.reason(), open.startedMs(), nowMs, members));
        if (past.ended.size() > REBALANCES_MAX) {
            past.ended.removeLast();
        }
        events.rebalanced(group.type(), nowMs - open.startedMs());
    }

    /** The newest first. */
    public List<GroupRebalance> of(String groupId) {
        Past past = groups.get(groupId);
        List<GroupRebalance> all = new ArrayList<>();
        if (past != null) {
            if (past.open != null) {
                all.add(past.open);
            }
            all.addAll(past.ended);
        }
        return all;
    }
}
