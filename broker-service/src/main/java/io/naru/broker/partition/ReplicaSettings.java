package io.naru.broker.partition;

import java.util.Map;

/**
 * What partitions need to know of their broker.
 *
 * @param brokerId            node id
 * @param replicaLagTimeMaxMs {@code replica.lag.time.max.ms}: a follower that has not been caught up for so long is not in sync
 * @param fixedConfigs        broker configs that it was told at its start, by Kafka's names: defaults of topics among them
 */
public record ReplicaSettings(int brokerId, long replicaLagTimeMaxMs, Map<String, String> fixedConfigs) {

    /** Copies the configs. */
    public ReplicaSettings {
        fixedConfigs = Map.copyOf(fixedConfigs);
    }

    /** A broker that was told no config at its start. */
    public ReplicaSettings(int brokerId, long replicaLagTimeMaxMs) {
        this(brokerId, replicaLagTimeMaxMs, Map.of());
    }

    /** Kafka's default lag. */
    public static ReplicaSettings of(int brokerId) {
        return new ReplicaSettings(brokerId, 30_000);
    }
}
