package io.naru.broker.partition;

/**
 * What partitions need to know of their broker.
 *
 * @param brokerId            node id
 * @param replicaLagTimeMaxMs {@code replica.lag.time.max.ms}: a follower that has not been caught up for so long is not in sync
 */
public record ReplicaSettings(int brokerId, long replicaLagTimeMaxMs) {

    /** Kafka's default lag. */
    public static ReplicaSettings of(int brokerId) {
        return new ReplicaSettings(brokerId, 30_000);
    }
}
