package io.naru.broker.lifecycle;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.naru.broker.partition.PartitionTable;

/** How much this broker holds: {@code naru.broker.partitions}, {@code naru.broker.partitions.offline}, {@code naru.broker.log.size}. */
record PartitionMetrics(PartitionTable partitions) implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("naru.broker.partitions", partitions, p -> p.all().size())
                .description("Partitions that have a replica here")
                .register(registry);
        Gauge.builder(
                        "naru.broker.partitions.offline",
                        partitions,
                        p -> p.offline().size())
                .description("Of these, those whose log failed")
                .register(registry);
        Gauge.builder("naru.broker.log.size", partitions, PartitionMetrics::bytes)
                .description("Bytes of all logs here")
                .baseUnit("bytes")
                .register(registry);
    }

    private static double bytes(PartitionTable table) {
        return table.all().stream().mapToLong(p -> p.log().sizeInBytes()).sum();
    }
}
