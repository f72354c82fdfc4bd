package io.naru.broker.lifecycle;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.naru.broker.log.cleaner.CleanerStats;
import java.util.function.Supplier;

/** How far compaction has come: {@code naru.broker.cleaner.*}. */
record CleanerMetrics(Supplier<CleanerStats> stats) implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("naru.broker.cleaner.backlog", stats, s -> s.get().backlogBytes())
                .description("Bytes of compacted topics not cleaned yet")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("naru.broker.cleaner.due", stats, s -> s.get().due())
                .description("Logs that should be cleaned")
                .register(registry);
        Gauge.builder("naru.broker.cleaner.uncleanable", stats, s -> s.get().uncleanable())
                .description("Logs that are not cleaned any more because they are damaged")
                .register(registry);
        Gauge.builder("naru.broker.cleaner.dirty.ratio.max", stats, s -> s.get().dirtyRatioMax())
                .description("Largest share of bytes not cleaned in any log")
                .register(registry);
        FunctionCounter.builder(
                        "naru.broker.cleaner.cleanings", stats, s -> s.get().cleanings())
                .description("Cleanings of a log")
                .register(registry);
        FunctionCounter.builder("naru.broker.cleaner.read", stats, s -> s.get().bytesRead())
                .description("Bytes that cleaning went through")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder(
                        "naru.broker.cleaner.written", stats, s -> s.get().bytesWritten())
                .description("Bytes that were left over")
                .baseUnit("bytes")
                .register(registry);
    }
}
