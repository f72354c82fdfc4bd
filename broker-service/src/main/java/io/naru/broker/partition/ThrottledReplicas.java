package io.naru.broker.partition;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Which replicas of a topic are throttled, by its configs.
 *
 * @param ofLeaders   {@code leader.replication.throttled.replicas}
 * @param ofFollowers {@code follower.replication.throttled.replicas}
 */
record ThrottledReplicas(List<String> ofLeaders, List<String> ofFollowers) {

    static final ThrottledReplicas NONE = new ThrottledReplicas(List.of(), List.of());

    private static final String LEADERS = "leader.replication.throttled.replicas";
    private static final String FOLLOWERS = "follower.replication.throttled.replicas";
    private static final String ALL = "*";

    /** As a topic's configs name them. */
    static ThrottledReplicas of(Map<String, String> configs) {
        return configs.containsKey(LEADERS) || configs.containsKey(FOLLOWERS)
                ? new ThrottledReplicas(list(configs, LEADERS), list(configs, FOLLOWERS))
                : NONE;
    }

    private static List<String> list(Map<String, String> configs, String name) {
        Object parsed = ConfigDef.parseType(name, configs.getOrDefault(name, ""), ConfigDef.Type.LIST);
        return parsed instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Whether the broker, as the leader of the partition, holds back. */
    boolean leader(int partition, int broker) {
        return has(ofLeaders, partition, broker);
    }

    /** Whether the broker, as a follower in the partition, holds back. */
    boolean follower(int partition, int broker) {
        return has(ofFollowers, partition, broker);
    }

    private static boolean has(List<String> replicas, int partition, int broker) {
        return !replicas.isEmpty() && (replicas.contains(ALL) || replicas.contains(partition + ":" + broker));
    }
}
