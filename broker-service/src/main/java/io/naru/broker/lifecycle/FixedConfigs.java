package io.naru.broker.lifecycle;

import io.naru.cluster.config.BrokerConfig;
import io.naru.cluster.config.BrokerConfigs;
import io.naru.cluster.config.ConfigScope;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the broker was told at its start, under Kafka's names; what was left at its default is not in it. */
final class FixedConfigs {

    private final Map<String, String> set = new HashMap<>();

    private FixedConfigs() {}

    /** Of a broker with these properties. */
    static Map<String, String> of(BrokerProperties properties) {
        BrokerProperties.Broker broker = properties.broker();
        BrokerProperties.Kafka kafka = broker.kafka();
        FixedConfigs fixed = new FixedConfigs();
        fixed.put("node.id", broker.id());
        fixed.put("broker.id", broker.id());
        fixed.put("broker.rack", broker.rack());
        fixed.put("listeners", "PLAINTEXT://" + properties.bindAddress() + ":" + kafka.port());
        if (kafka.advertisedHost() != null || kafka.advertisedPort() != null) {
            int port = kafka.advertisedPort() == null ? kafka.port() : kafka.advertisedPort();
            fixed.put("advertised.listeners", "PLAINTEXT://" + properties.advertisedHost() + ":" + port);
        }
        fixed.put(
                "log.dirs",
                properties.logDirs().stream()
                        .map(Path::toAbsolutePath)
                        .map(Path::toString)
                        .collect(Collectors.joining(",")));
        fixed.put("auto.create.topics.enable", broker.autoCreateTopics());
        fixed.put(
                "broker.heartbeat.interval.ms",
                properties.session().heartbeatInterval().toMillis());
        fixed.put("num.io.threads", broker.workerThreads());
        fixed.put("socket.request.max.bytes", broker.requestBytesMax().toBytes());
        fixed.put("max.connections", broker.maxConnections());
        fixed.put("max.connections.per.ip", broker.maxConnectionsPerIp());
        fixed.put("connections.max.idle.ms", broker.connectionsMaxIdle().toMillis());
        fixed.put(
                "log.cleaner.dedupe.buffer.size",
                broker.cleaner().dedupeBuffer().toBytes());
        fixed.put("log.cleaner.io.max.bytes.per.second", (double)
                broker.cleaner().ioMaxPerSecond().toBytes());
        fixed.put("log.cleaner.backoff.ms", broker.cleaner().backoff().toMillis());
        fixed.put("replica.lag.time.max.ms", broker.replicaLagTimeMax().toMillis());
        fixed.put("replica.fetch.max.bytes", broker.replicaFetch().max().toBytes());
        fixed.put(
                "replica.fetch.response.max.bytes",
                broker.replicaFetch().responseMax().toBytes());
        fixed.put("replica.fetch.wait.max.ms", broker.replicaFetch().waitMax().toMillis());
        fixed.set.putAll(broker.configs());
        return Map.copyOf(fixed.set);
    }

    private void put(String name, @Nullable Object value) {
        BrokerConfig config = BrokerConfigs.find(name)
                .orElseThrow(() -> new IllegalStateException(name + " is not in the catalogue of configs"));
        if (value != null && !String.valueOf(value).equals(config.defaultValue())) {
            set.put(name, String.valueOf(value));
        }
    }

    /** Refuses configs that do not belong under {@code naru.broker.configs}. */
    static void check(Map<String, String> configs) {
        BrokerConfigs.problem(configs).ifPresent(problem -> {
            throw new IllegalArgumentException("naru.broker.configs: " + problem);
        });
        for (String name : configs.keySet()) {
            BrokerConfig config = BrokerConfigs.find(name).orElseThrow();
            if (config.scope() == ConfigScope.CLUSTER_ONLY) {
                throw new IllegalArgumentException("naru.broker.configs: " + name
                        + " is set on topics, or on all brokers at once while they run, since controller and leaders must"
                        + " agree on it.");
            }
            if (!(BrokerConfigs.PROPERTY_PREFIX + name).equals(config.property())) {
                throw new IllegalArgumentException(
                        "naru.broker.configs: " + name + " has a property of its own, " + config.property() + ".");
            }
        }
    }
}
