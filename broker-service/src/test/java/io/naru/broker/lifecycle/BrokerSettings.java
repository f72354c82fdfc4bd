package io.naru.broker.lifecycle;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** Brokers for tests: ports of their own, short intervals. */
final class BrokerSettings {

    private BrokerSettings() {}

    static BrokerProperties of(int id, Path dir, URI controller, Duration replicaLagTimeMax) {
        return new BrokerProperties(
                "127.0.0.1",
                dir,
                new BrokerProperties.ControlPlane(List.of(controller)),
                new BrokerProperties.Session(Duration.ofMillis(100)),
                new BrokerProperties.Broker(
                        id,
                        null,
                        new BrokerProperties.Kafka(0, null, null),
                        true,
                        4,
                        DataSize.ofMegabytes(100),
                        1000,
                        1000,
                        Duration.ofMinutes(10),
                        List.of(),
                        new BrokerProperties.Cleaner(
                                DataSize.ofMegabytes(1), DataSize.ofGigabytes(1), Duration.ofMillis(200)),
                        new BrokerProperties.Scrub(Duration.ofDays(1), DataSize.ofMegabytes(100)),
                        replicaLagTimeMax,
                        new BrokerProperties.ReplicaFetch(
                                DataSize.ofMegabytes(1), DataSize.ofMegabytes(10), Duration.ofMillis(500)),
                        Duration.ofSeconds(10),
                        Map.of()));
    }
}
