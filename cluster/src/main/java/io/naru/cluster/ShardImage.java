package io.naru.cluster;

/**
 * Who coordinates the groups of one {@code __consumer_offsets} partition.
 *
 * @param shard         partition of {@code __consumer_offsets}
 * @param coordinatorId owning instance, or {@link #UNOWNED}
 * @param epoch         ownership epoch: grows with every change of owner; the owner writes with it as producer epoch, so that the
 *                      broker refuses a predecessor that has not noticed yet
 */
public record ShardImage(int shard, int coordinatorId, int epoch) {

    /** No live coordinator owns the shard. */
    public static final int UNOWNED = -1;
}
