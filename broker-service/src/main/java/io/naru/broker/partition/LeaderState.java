package io.naru.broker.partition;

/** What this broker is to a partition. Only the image thread moves from one state to another, and epochs only grow. */
sealed interface LeaderState {

    /** Epoch of the leadership that the state speaks of. */
    int leaderEpoch();

    /**
     * This broker leads.
     *
     * @param leaderEpoch epoch of its leadership
     * @param isrSize     in-sync replicas, itself included
     */
    record Leading(int leaderEpoch, int isrSize) implements LeaderState {}

    /**
     * Someone else leads, or nobody.
     *
     * @param leaderEpoch epoch of that leadership
     * @param leader      node id, or −1
     */
    record NotLeading(int leaderEpoch, int leader) implements LeaderState {}
}
