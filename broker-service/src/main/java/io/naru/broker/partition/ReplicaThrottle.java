package io.naru.broker.partition;

import io.naru.cluster.PartitionImage;

/**
 * How replication of one partition is held back here (KIP-73): as its leader, by the quota that the broker has for what it sends, and as a
 * follower, by the one for what it fetches. Replicas in sync are held back by neither, for writes wait for them. Thread-safe.
 */
public final class ReplicaThrottle {

    private final int partition;
    private final int brokerId;
    private final Quotas quotas;
    private volatile ThrottledReplicas replicas = ThrottledReplicas.NONE;
    private volatile boolean follows;

    /**
     * The quotas of a broker.
     *
     * @param leader   {@code leader.replication.throttled.rate}
     * @param follower {@code follower.replication.throttled.rate}
     */
    public record Quotas(ReplicationQuota leader, ReplicationQuota follower) {

        /** Quotas without a limit. */
        Quotas() {
            this(new ReplicationQuota(), new ReplicationQuota());
        }
    }

    ReplicaThrottle(int partition, int brokerId, Quotas quotas) {
        this.partition = partition;
        this.brokerId = brokerId;
        this.quotas = quotas;
    }

    /** What counts from now on. */
    void set(ThrottledReplicas throttled, PartitionImage image) {
        replicas = throttled;
        follows = throttled.follower(partition, brokerId) && !image.isr().contains(brokerId);
    }

    /** Whether what this broker, as the leader, sends to followers that are not in sync is counted and held back. */
    boolean leads() {
        return replicas.leader(partition, brokerId);
    }

    /** Whether this broker, as the leader, may send nothing more to followers that are not in sync for now. */
    boolean isSpent(long nowMs) {
        return quotas.leader().waitMs(nowMs) > 0;
    }

    /** Whether that follower may be late because it is held back, by its leader here or by itself. */
    boolean slows(int follower) {
        return leads() || replicas.follower(partition, follower);
    }

    /** Ms for which this broker, as a follower, is to fetch nothing. */
    public long fetchPauseMs(long nowMs) {
        return follows ? quotas.follower().waitMs(nowMs) : 0;
    }

    /** This broker, as a follower, has fetched so much. */
    public void fetched(int bytes, long nowMs) {
        if (follows) {
            quotas.follower().took(bytes, nowMs);
        }
    }
}
