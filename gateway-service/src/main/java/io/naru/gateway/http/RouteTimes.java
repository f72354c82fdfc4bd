package io.naru.gateway.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a route has answered and how long that took: {@code naru.http.requests} by route and class of status. A class gets
 * its meter with its first answer; from then on counting makes nothing.
 */
public final class RouteTimes {

    private static final int CLASSES = 6;
    private static final int CLASS = 100;

    private final MeterRegistry registry;
    private final String route;
    private final AtomicReferenceArray<@Nullable Timer> byClass = new AtomicReferenceArray<>(CLASSES);

    private RouteTimes(MeterRegistry registry, String route) {
        this.registry = registry;
        this.route = route;
    }

    /** A route that has its exchanges measured, and is otherwise {@code route}. */
    public static Route measured(MeterRegistry registry, String name, Route route) {
        RouteTimes times = new RouteTimes(registry, name);
        return exchange -> {
            exchange.measure(times);
            route.handle(exchange);
        };
    }

    void record(int status, long nanos) {
        int i = Math.min(CLASSES - 1, status / CLASS);
        Timer timer = byClass.get(i);
        if (timer == null) {
            timer = Timer.builder("naru.http.requests")
                    .description("Requests, until their answer is complete")
                    .tag("route", route)
                    .tag("status", i + "xx")
                    .register(registry);
            byClass.set(i, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }
}
