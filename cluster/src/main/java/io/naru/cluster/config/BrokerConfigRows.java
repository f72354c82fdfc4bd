package io.naru.cluster.config;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.jspecify.annotations.Nullable;

/** The broker configs that are no defaults of topics. Where Naru's default is not Kafka's, the documentation says why. */
final class BrokerConfigRows {

    private static final Range AT_LEAST_0 = Range.atLeast(0);
    private static final ConfigDef.ValidList SOME = ConfigDef.ValidList.anyNonDuplicateValues(false, false);
    private static final Range AT_LEAST_1 = Range.atLeast(1);

    private BrokerConfigRows() {}

    static List<BrokerConfig> all() {
        return Stream.of(node(), topicsAndGroups(), sessions(), connections(), replication(), upkeep())
                .flatMap(List::stream)
                .toList();
    }

    private static List<BrokerConfig> node() {
        return List.of(
                fixed(
                        "node.id",
                        ConfigDef.Type.INT,
                        "1",
                        AT_LEAST_0,
                        "naru.broker.id",
                        "Node id, unique in the cluster."),
                fixed("broker.id", ConfigDef.Type.INT, "1", null, "naru.broker.id", "Node id, by its older name."),
                fixed(
                        "broker.rack",
                        ConfigDef.Type.STRING,
                        null,
                        null,
                        "naru.broker.rack",
                        "Failure domain, for placement."),
                fixed(
                        "listeners",
                        ConfigDef.Type.LIST,
                        "PLAINTEXT://127.0.0.1:9092",
                        SOME,
                        "naru.broker.kafka.port",
                        "Where the broker listens; the host is naru.bind-address."),
                fixed(
                        "advertised.listeners",
                        ConfigDef.Type.LIST,
                        null,
                        SOME,
                        "naru.broker.kafka.advertised-host",
                        "Where clients are told to go; the port is naru.broker.kafka.advertised-port."),
                fixed("log.dirs", ConfigDef.Type.LIST, null, SOME, "naru.broker.log-dirs", "Directories of the logs."),
                dynamic(
                        "num.io.threads",
                        ConfigDef.Type.INT,
                        "8",
                        Range.between(1, 1024),
                        "naru.broker.worker-threads",
                        "Threads that handle requests; they block while a disk does."));
    }

    private static List<BrokerConfig> connections() {
        return List.of(
                fixed(
                        "socket.request.max.bytes",
                        ConfigDef.Type.INT,
                        "104857600",
                        AT_LEAST_1,
                        "naru.broker.request-bytes-max",
                        "Largest request that is read."),
                fixed(
                        "connections.max.idle.ms",
                        ConfigDef.Type.LONG,
                        "600000",
                        null,
                        "naru.broker.connections-max-idle",
                        "Idle connections are closed after this."),
                dynamic(
                        "max.connections",
                        ConfigDef.Type.INT,
                        "10000",
                        AT_LEAST_0,
                        "naru.broker.max-connections",
                        "Connections in all. Bounded by default, unlike Kafka's."),
                dynamic(
                        "max.connections.per.ip",
                        ConfigDef.Type.INT,
                        "2000",
                        AT_LEAST_0,
                        "naru.broker.max-connections-per-ip",
                        "Connections from one address. Bounded by default, unlike Kafka's."));
    }

    private static List<BrokerConfig> replication() {
        return List.of(
                fixed(
                        "replica.lag.time.max.ms",
                        ConfigDef.Type.LONG,
                        "30000",
                        null,
                        "naru.broker.replica-lag-time-max",
                        "A follower that has not been caught up for so long is not in sync."),
                fixed(
                        "replica.fetch.max.bytes",
                        ConfigDef.Type.INT,
                        "1048576",
                        AT_LEAST_0,
                        "naru.broker.replica-fetch.max",
                        "Most bytes of one partition that a follower fetches at a time."),
                fixed(
                        "replica.fetch.response.max.bytes",
                        ConfigDef.Type.INT,
                        "10485760",
                        AT_LEAST_0,
                        "naru.broker.replica-fetch.response-max",
                        "Most bytes that a follower fetches at a time."),
                fixed(
                        "replica.fetch.wait.max.ms",
                        ConfigDef.Type.INT,
                        "500",
                        null,
                        "naru.broker.replica-fetch.wait-max",
                        "How long a leader holds a follower's fetch that finds nothing."),
                throttledRate(
                        "leader",
                        "Most bytes a second that the broker sends to followers that are not in sync, of the replicas in"
                                + " leader.replication.throttled.replicas."),
                throttledRate(
                        "follower",
                        "Most bytes a second that the broker fetches for replicas that are not in sync, of those in"
                                + " follower.replication.throttled.replicas."));
    }

    private static BrokerConfig throttledRate(String side, String documentation) {
        String name = side + ".replication.throttled.rate";
        return dynamic(
                name,
                ConfigDef.Type.LONG,
                Long.toString(Long.MAX_VALUE),
                AT_LEAST_0,
                BrokerConfigs.PROPERTY_PREFIX + name,
                documentation);
    }

    private static List<BrokerConfig> upkeep() {
        return List.of(
                dynamic(
                        "log.cleaner.dedupe.buffer.size",
                        ConfigDef.Type.LONG,
                        "33554432",
                        Range.atLeast(24 * 1024),
                        "naru.broker.cleaner.dedupe-buffer",
                        "Most memory for the keys of one log while it is compacted. A quarter of Kafka's."),
                dynamic(
                        "log.cleaner.io.max.bytes.per.second",
                        ConfigDef.Type.DOUBLE,
                        "1.099511627776E12",
                        Range.atLeast(1),
                        "naru.broker.cleaner.io-max-per-second",
                        "Most bytes that compaction reads and writes a second."),
                dynamic(
                        "log.cleaner.backoff.ms",
                        ConfigDef.Type.LONG,
                        "15000",
                        AT_LEAST_0,
                        "naru.broker.cleaner.backoff",
                        "How long to wait when nothing is to be cleaned."),
                dynamic(
                        "producer.id.expiration.ms",
                        ConfigDef.Type.INT,
                        "86400000",
                        AT_LEAST_1,
                        BrokerConfigs.PROPERTY_PREFIX + "producer.id.expiration.ms",
                        "How long a partition remembers an idempotent producer that is silent."));
    }

    private static List<BrokerConfig> topicsAndGroups() {
        return List.of(
                fixed(
                        "auto.create.topics.enable",
                        ConfigDef.Type.BOOLEAN,
                        "false",
                        null,
                        "naru.broker.auto-create-topics",
                        "Whether the first use of a topic creates it. Off, unlike Kafka: a misspelt name is an error."),
                fixed(
                        "num.partitions",
                        ConfigDef.Type.INT,
                        "1",
                        AT_LEAST_1,
                        "naru.admin.num-partitions",
                        "Partitions of a topic created without saying how many."),
                fixed(
                        "default.replication.factor",
                        ConfigDef.Type.INT,
                        "1",
                        null,
                        "naru.admin.default-replication-factor",
                        "Replicas of a topic created without saying how many."),
                fixed(
                        "offsets.topic.num.partitions",
                        ConfigDef.Type.INT,
                        "50",
                        AT_LEAST_1,
                        "naru.admin.offsets-topic-partitions",
                        "Partitions of __consumer_offsets; cannot be changed once it exists."),
                fixed(
                        "offsets.topic.replication.factor",
                        ConfigDef.Type.SHORT,
                        "3",
                        AT_LEAST_1,
                        "naru.admin.offsets-topic-replication-factor",
                        "Replicas of __consumer_offsets, as far as there are brokers: it grows with them."),
                fixed(
                        "auto.leader.rebalance.enable",
                        ConfigDef.Type.BOOLEAN,
                        "true",
                        null,
                        "naru.admin.leader-rebalance.enabled",
                        "Whether leaderships go back to preferred replicas by themselves."),
                fixed(
                        "leader.imbalance.check.interval.seconds",
                        ConfigDef.Type.LONG,
                        "300",
                        AT_LEAST_1,
                        "naru.admin.leader-rebalance.interval",
                        "How often it is looked at whether they should."));
    }

    private static List<BrokerConfig> sessions() {
        return List.of(
                fixed(
                        "broker.session.timeout.ms",
                        ConfigDef.Type.INT,
                        "3000",
                        null,
                        "naru.admin.session-timeout",
                        "Silence after which a broker is taken for dead. Shorter than Kafka's: failover within 4 s."),
                fixed(
                        "broker.heartbeat.interval.ms",
                        ConfigDef.Type.INT,
                        "500",
                        null,
                        "naru.session.heartbeat-interval",
                        "Time between heartbeats to the controller."));
    }

    private static BrokerConfig fixed(
            String name,
            ConfigDef.Type type,
            @Nullable String defaultValue,
            @Nullable Validator validator,
            String property,
            String documentation) {
        return new BrokerConfig(name, type, defaultValue, validator, documentation, ConfigScope.READ_ONLY, property);
    }

    private static BrokerConfig dynamic(
            String name,
            ConfigDef.Type type,
            @Nullable String defaultValue,
            @Nullable Validator validator,
            String property,
            String documentation) {
        return new BrokerConfig(name, type, defaultValue, validator, documentation, ConfigScope.CLUSTER_WIDE, property);
    }
}
