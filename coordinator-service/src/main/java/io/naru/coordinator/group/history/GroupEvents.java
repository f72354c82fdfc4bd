package io.naru.coordinator.group.history;

/** What happens in groups, for whoever counts it. Called on shards' threads; must not block. */
public interface GroupEvents {

    /** Counts nothing. */
    GroupEvents NONE = new GroupEvents() {};

    /** A rebalance has ended. */
    default void rebalanced(String groupType, long durationMs) {}

    /** Members were silent, or did not give up or join in time. */
    default void evicted(int members) {}

    /** Offsets were committed. */
    default void committed(int offsets) {}

    /** Offsets lapsed. */
    default void expired(int offsets) {}
}
