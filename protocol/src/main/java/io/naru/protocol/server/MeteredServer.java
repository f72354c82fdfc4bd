package io.naru.protocol.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;

/** A listener's meters: {@code naru.kafka.requests} by API, request sizes, connections, refused connections. */
public final class MeteredServer implements ServerMetrics {

    private final Map<ApiKeys, Timer> times = new EnumMap<>(ApiKeys.class);
    private final DistributionSummary sizes;
    private final Counter refused;
    private final AtomicInteger connections = new AtomicInteger();

    /** Meters in {@code registry}. */
    public MeteredServer(MeterRegistry registry) {
        for (ApiKeys apiKey : ApiKeys.brokerApis()) {
            times.put(
                    apiKey,
                    Timer.builder("naru.kafka.requests").tag("api", apiKey.name).register(registry));
        }
        sizes = DistributionSummary.builder("naru.kafka.request.size")
                .baseUnit("bytes")
                .register(registry);
        refused = Counter.builder("naru.kafka.connections.refused").register(registry);
        registry.gauge("naru.kafka.connections", connections);
    }

    @Override
    public void answered(ApiKeys apiKey, long nanosFromArrival, long frameBytes) {
        Timer timer = times.get(apiKey);
        if (timer != null) {
            timer.record(nanosFromArrival, TimeUnit.NANOSECONDS);
        }
        sizes.record((double) frameBytes);
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
