package io.naru.protocol.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A listener's meters, {@code naru.kafka.*}: requests with their times and bytes by API, connections. All are made at the start, so that
 * counting a request makes nothing.
 */
public final class MeteredServer implements ServerMetrics {

    private final Map<ApiKeys, Api> apis = new EnumMap<>(ApiKeys.class);
    private final Counter refused;
    private final AtomicInteger connections = new AtomicInteger();

    private record Api(Timer times, Counter received, Counter sent) {}

    /** Meters in {@code registry}. */
    public MeteredServer(MeterRegistry registry) {
        for (ApiKeys apiKey : ApiKeys.brokerApis()) {
            apis.put(
                    apiKey,
                    new Api(
                            Timer.builder("naru.kafka.requests")
                                    .description(
                                            "Requests of Kafka clients, from arrival until the answer is handed to the socket")
                                    .tag("api", apiKey.name)
                                    .register(registry),
                            bytes(registry, "naru.kafka.received", "Bytes of requests", apiKey),
                            bytes(registry, "naru.kafka.sent", "Bytes of answers", apiKey)));
        }
        refused = Counter.builder("naru.kafka.connections.refused")
                .description("Connections closed for what they sent, or for being too many")
                .register(registry);
        Gauge.builder("naru.kafka.connections", connections, AtomicInteger::get)
                .description("Open connections")
                .register(registry);
    }

    private static Counter bytes(MeterRegistry registry, String name, String description, ApiKeys apiKey) {
        return Counter.builder(name)
                .description(description)
                .baseUnit("bytes")
                .tag("api", apiKey.name)
                .register(registry);
    }

    @Override
    public void answered(ApiKeys apiKey, long nanosFromArrival, long receivedBytes, long sentBytes) {
        Api api = apis.get(apiKey);
        if (api != null) {
            api.times.record(nanosFromArrival, TimeUnit.NANOSECONDS);
            api.received.increment((double) receivedBytes);
            api.sent.increment((double) sentBytes);
        }
    }

    @Override
    public void refused(String reason) {
        refused.increment();
    }

    @Override
    public void connections(int open) {
        connections.set(open);
    }
}
