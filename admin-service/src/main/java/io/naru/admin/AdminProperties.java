package io.naru.admin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code naru.admin.*}.
 *
 * @param port                        HTTP port of the REST administration and the control plane; 0 takes any free one
 * @param clusterPath                 which cluster in the database this is; clusters that share a database differ in it
 * @param clusterId                   Kafka cluster id for a cluster that is made anew; random if not given
 * @param instanceId                  name of this admin-service among those that share a database; no two live ones may have the
 *                                    same. Random if not given, so that a restarted one waits until its former lease has expired
 * @param leaseDuration               time after which another admin-service takes over from one that has fallen silent
 * @param sessionTimeout              silence after which a broker or coordinator is taken for dead
 * @param numPartitions               partitions of a topic that is created without a count
 * @param defaultReplicationFactor    replicas of a topic that is created without a factor
 * @param offsetsTopicPartitions      partitions of {@code __consumer_offsets}; cannot be changed once it exists
 * @param offsetsTopicReplicationFactor replicas of {@code __consumer_offsets}, as far as there are brokers: it grows with them
 * @param maxPartitionsPerTopic       most partitions that one topic may have
 * @param maxPartitions               most partitions that the cluster may have
 * @param historyRetention            how long the change history goes back
 * @param brokerTimeout               longest wait for brokers and coordinators that are asked for what only they know
 * @param leaderRebalance             when leaderships go back to preferred replicas by themselves
 * @param database                    where metadata is kept
 */
@ConfigurationProperties("naru.admin")
public record AdminProperties(
        @DefaultValue("8081") int port,
        @DefaultValue("/") String clusterPath,
        @Nullable String clusterId,
        @Nullable String instanceId,
        @DefaultValue("3s") Duration leaseDuration,
        @DefaultValue("3s") Duration sessionTimeout,
        @DefaultValue("1") int numPartitions,
        @DefaultValue("1") int defaultReplicationFactor,
        @DefaultValue("50") int offsetsTopicPartitions,
        @DefaultValue("3") int offsetsTopicReplicationFactor,
        @DefaultValue("10000") int maxPartitionsPerTopic,
        @DefaultValue("50000") int maxPartitions,
        @DefaultValue("90d") Duration historyRetention,
        @DefaultValue("15s") Duration brokerTimeout,
        @DefaultValue LeaderRebalance leaderRebalance,
        @DefaultValue Database database) {

    /**
     * Preferred leader rebalancing.
     *
     * @param enabled    Kafka's {@code auto.leader.rebalance.enable}
     * @param interval   how often it is looked at: Kafka's {@code leader.imbalance.check.interval.seconds}
     * @param percentage how many of the partitions that prefer a broker may be led elsewhere: Kafka's
     *                   {@code leader.imbalance.per.broker.percentage}
     */
    public record LeaderRebalance(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("5m") Duration interval,
            @DefaultValue("10") int percentage) {}

    /**
     * The metadata database.
     *
     * @param url      JDBC URL; a file under {@code naru.data-dir}, read by H2 in this process, if not given
     * @param username user
     * @param password password
     */
    public record Database(
            @Nullable String url,
            @DefaultValue("naru") String username,
            @DefaultValue("") String password) {}

    /** Refuses values that would only fail later. */
    public AdminProperties {
        atLeast("offsets-topic-partitions", offsetsTopicPartitions, 1);
        atLeast("offsets-topic-replication-factor", offsetsTopicReplicationFactor, 1);
        atLeast("leader-rebalance.interval (ms)", leaderRebalance.interval().toMillis(), 1);
        atLeast("leader-rebalance.percentage", leaderRebalance.percentage(), 0);
        atLeast("broker-timeout (ms)", brokerTimeout.toMillis(), 1);
        atLeast("num-partitions", numPartitions, 1);
        atLeast("default-replication-factor", defaultReplicationFactor, 1);
        atLeast("max-partitions-per-topic", maxPartitionsPerTopic, 1);
        atLeast("max-partitions", maxPartitions, 1);
        atLeast("session-timeout (ms)", sessionTimeout.toMillis(), 100);
        atLeast("lease-duration (ms)", leaseDuration.toMillis(), 400);
        if (clusterPath.isBlank() || clusterPath.length() > 255) {
            throw new IllegalArgumentException("naru.admin.cluster-path must have between 1 and 255 characters");
        }
    }

    private static void atLeast(String property, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "naru.admin." + property + " is " + value + " but must be at least " + least);
        }
    }
}
