package io.naru.broker.partition;

/** What this broker is to a partition. Only the image thread moves from one role to another, and epochs only grow. */
sealed interface ReplicaRole {

    /** Epoch of the leadership that the role speaks of. */
    int leaderEpoch();

    /**
     * This broker leads.
     *
     * @param leadership how far its followers are
     */
    record Leading(Leadership leadership) implements ReplicaRole {

        @Override
        public int leaderEpoch() {
            return leadership.leaderEpoch();
        }
    }

    /**
     * Someone else leads, or nobody.
     *
     * @param leaderEpoch epoch of that leadership
     * @param leader      node id, or −1
     */
    record Following(int leaderEpoch, int leader) implements ReplicaRole {}
}
