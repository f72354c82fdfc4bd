package io.naru.broker.lifecycle;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration of a broker.
 *
 * @param bindAddress  address that listeners bind to
 * @param dataDir      where everything is kept; this broker's logs lie in {@code broker} below it
 * @param controlPlane where the controller is
 * @param session      heartbeats
 * @param broker       the broker itself
 */
@ConfigurationProperties("naru")
record BrokerProperties(
        @DefaultValue("127.0.0.1") String bindAddress,
        @DefaultValue("./data") Path dataDir,
        @DefaultValue ControlPlane controlPlane,
        @DefaultValue Session session,
        @DefaultValue Broker broker) {

    /**
     * The control plane.
     *
     * @param urls base URLs of the admin-services
     */
    record ControlPlane(
            @DefaultValue("http://127.0.0.1:8081") List<URI> urls) {}

    /**
     * The session with the controller.
     *
     * @param heartbeatInterval time between heartbeats
     */
    record Session(@DefaultValue("500ms") Duration heartbeatInterval) {}

    /**
     * The broker.
     *
     * @param id               node id, unique in the cluster
     * @param rack             failure domain
     * @param kafka            Kafka listener
     * @param autoCreateTopics {@code auto.create.topics.enable}: whether the first use of a topic creates it
     * @param workerThreads    threads that handle requests
     * @param requestBytesMax  {@code socket.request.max.bytes}
     * @param maxConnections   {@code max.connections}
     * @param maxConnectionsPerIp {@code max.connections.per.ip}
     * @param connectionsMaxIdle {@code connections.max.idle.ms}
     * @param logDirs          data directories ({@code log.dirs}); {@code broker} below the data directory by default
     * @param cleaner          compaction
     * @param scrub            search for damage
     * @param replicaLagTimeMax {@code replica.lag.time.max.ms}: a follower that has not been caught up for so long is not in sync
     * @param replicaFetch     how this broker fetches as a follower
     * @param controlledShutdownMax longest time that a stop waits for other leaders to be found
     * @param configs          broker configs without a property of their own, by Kafka's names: defaults of topics, for example
     *                         {@code log.retention.ms}
     */
    record Broker(
            @DefaultValue("1") int id,
            @Nullable String rack,
            @DefaultValue Kafka kafka,
            @DefaultValue("false") boolean autoCreateTopics,
            @DefaultValue("8") int workerThreads,
            @DefaultValue("100MB") DataSize requestBytesMax,
            @DefaultValue("10000") int maxConnections,
            @DefaultValue("2000") int maxConnectionsPerIp,
            @DefaultValue("10m") Duration connectionsMaxIdle,
            @DefaultValue List<Path> logDirs,
            @DefaultValue Cleaner cleaner,
            @DefaultValue Scrub scrub,
            @DefaultValue("30s") Duration replicaLagTimeMax,
            @DefaultValue ReplicaFetch replicaFetch,
            @DefaultValue("30s") Duration controlledShutdownMax,
            @DefaultValue Map<String, String> configs) {

        /** Refuses configs that this broker could not honour. */
        Broker {
            FixedConfigs.check(configs);
            configs = Map.copyOf(configs);
        }
    }

    /**
     * Fetching from leaders.
     *
     * @param max         {@code replica.fetch.max.bytes}: most bytes of one partition at a time
     * @param responseMax {@code replica.fetch.response.max.bytes}: most bytes of one answer
     * @param waitMax     {@code replica.fetch.wait.max.ms}: how long a leader holds a fetch that finds nothing
     */
    record ReplicaFetch(
            @DefaultValue("1MB") DataSize max,
            @DefaultValue("10MB") DataSize responseMax,
            @DefaultValue("500ms") Duration waitMax) {

        ReplicaFetch {
            if (max.toBytes() <= 0
                    || responseMax.toBytes() <= 0
                    || responseMax.toBytes() > Integer.MAX_VALUE
                    || max.toBytes() > Integer.MAX_VALUE
                    || waitMax.isNegative()
                    || waitMax.toMillis() > 60_000) {
                throw new IllegalArgumentException(
                        "naru.broker.replica-fetch: max and response-max are 1 byte to 2 GB, wait-max 0 to 60 s");
            }
        }
    }

    /**
     * Reading everything again from time to time, to find damage.
     *
     * @param interval       how long after it was read a log is read again; all are read once after a start
     * @param ioMaxPerSecond most bytes read a second
     */
    record Scrub(
            @DefaultValue("7d") Duration interval,
            @DefaultValue("8MB") DataSize ioMaxPerSecond) {

        Scrub {
            if (ioMaxPerSecond.toBytes() <= 0) {
                throw new IllegalArgumentException("naru.broker.scrub.io-max-per-second must be above 0");
            }
        }
    }

    /**
     * Compaction.
     *
     * @param dedupeBuffer   most memory for the keys of one log ({@code log.cleaner.dedupe.buffer.size}): 24 bytes a key
     * @param ioMaxPerSecond most bytes read and written a second ({@code log.cleaner.io.max.bytes.per.second})
     * @param backoff        how long to wait when nothing is to be cleaned ({@code log.cleaner.backoff.ms})
     */
    record Cleaner(
            @DefaultValue("32MB") DataSize dedupeBuffer,
            @DefaultValue("1TB") DataSize ioMaxPerSecond,
            @DefaultValue("15s") Duration backoff) {

        Cleaner {
            if (ioMaxPerSecond.toBytes() <= 0 || dedupeBuffer.toBytes() <= 0) {
                throw new IllegalArgumentException(
                        "naru.broker.cleaner.io-max-per-second and dedupe-buffer must be above 0");
            }
        }
    }

    /** The data directories of the broker's logs. */
    List<Path> logDirs() {
        return broker.logDirs().isEmpty() ? List.of(dataDir.resolve("broker")) : broker.logDirs();
    }

    /**
     * The Kafka listener.
     *
     * @param port           port to bind; 0 takes a free one
     * @param advertisedHost host that clients are told; the bound address by default
     * @param advertisedPort port that clients are told; the bound one by default
     */
    record Kafka(
            @DefaultValue("9092") int port,
            @Nullable String advertisedHost,
            @Nullable Integer advertisedPort) {}

    /** The host that others are told to dial. */
    String advertisedHost() {
        String told = broker.kafka().advertisedHost();
        if (told != null) {
            return told;
        }
        return bindAddress.equals("0.0.0.0") || bindAddress.equals("::") ? "127.0.0.1" : bindAddress;
    }
}
