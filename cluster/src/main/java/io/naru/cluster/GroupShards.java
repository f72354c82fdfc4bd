package io.naru.cluster;

/** Which shard coordinates a group: Kafka's rule, so that {@code __consumer_offsets} means the same to Kafka's own tools. */
public final class GroupShards {

    /**
     * Client id with which coordinators write their shards. The broker refuses writes to internal topics under any other: a guard
     * against mistakes, not against malice, which needs authentication.
     */
    public static final String WRITER_CLIENT_ID = "__naru_coordinator";

    private GroupShards() {}

    /**
     * The {@code __consumer_offsets} partition that holds {@code groupId}.
     *
     * @param shardCount partitions of {@code __consumer_offsets}, ≥ 1
     */
    public static int shardFor(String groupId, int shardCount) {
        return (groupId.hashCode() & 0x7fff_ffff) % shardCount;
    }
}
