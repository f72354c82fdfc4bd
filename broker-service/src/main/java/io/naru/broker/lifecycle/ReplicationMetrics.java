package io.naru.broker.lifecycle;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.broker.replication.ReplicaFetchers;
import java.util.function.Predicate;

/** How replication goes: {@code naru.broker.replica.*}. */
record ReplicationMetrics(PartitionTable partitions, ReplicaFetchers fetchers) implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        count(registry, "leaders", "Partitions led here", Partition::isLeader);
        count(registry, "under-replicated", "Led here, and not all replicas are in sync", Partition::isUnderReplicated);
        count(
                registry,
                "under-min-isr",
                "Led here, and fewer replicas are in sync than min.insync.replicas asks for",
                Partition::isUnderMinIsr);
        FunctionCounter.builder(
                        "naru.broker.replica.isr.shrinks",
                        partitions,
                        p -> p.isrCounts().shrinks())
                .description("Times that in-sync replicas of partitions led here became fewer")
                .register(registry);
        FunctionCounter.builder(
                        "naru.broker.replica.isr.expands",
                        partitions,
                        p -> p.isrCounts().expands())
                .description("Times that in-sync replicas of partitions led here became more")
                .register(registry);
        FunctionCounter.builder("naru.broker.replica.fetch.damaged", fetchers, ReplicaFetchers::damaged)
                .description("Answers of leaders that were not stored because a batch was damaged")
                .register(registry);
        Gauge.builder(
                        "naru.broker.replica.lag.max",
                        fetchers,
                        f -> f.lagByLeader().values().stream()
                                .mapToLong(Long::longValue)
                                .max()
                                .orElse(0))
                .description("Records that the slowest follower here is behind what is committed")
                .register(registry);
    }

    private void count(MeterRegistry registry, String name, String description, Predicate<Partition> counted) {
        Gauge.builder(
                        "naru.broker.replica." + name,
                        partitions,
                        p -> p.all().stream().filter(counted).count())
                .description(description)
                .register(registry);
    }
}
