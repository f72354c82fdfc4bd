package io.naru.coordinator.lifecycle;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.naru.coordinator.group.history.GroupEvents;
import java.util.concurrent.TimeUnit;

/** Counts what happens in groups, all groups together: a group's name is a stranger's word and no label. */
final class MeteredGroups implements GroupEvents {

    private final MeterRegistry registry;
    private final Counter evicted;
    private final Counter committed;
    private final Counter expired;

    MeteredGroups(MeterRegistry registry) {
        this.registry = registry;
        this.evicted = Counter.builder("naru.coordinator.members.evicted")
                .description("Members that were silent for too long, or did not give up or join in time")
                .register(registry);
        this.committed = Counter.builder("naru.coordinator.offsets.committed")
                .description("Offsets committed")
                .register(registry);
        this.expired = Counter.builder("naru.coordinator.offsets.expired")
                .description("Offsets that lapsed by retention")
                .register(registry);
        timer("classic");
        timer("consumer");
    }

    private Timer timer(String groupType) {
        return Timer.builder("naru.coordinator.rebalances")
                .description("Rebalances, from what set them off until every member had its part")
                .tag("type", groupType)
                .publishPercentileHistogram(false)
                .register(registry);
    }

    @Override
    public void rebalanced(String groupType, long durationMs) {
        timer(groupType).record(Math.max(0, durationMs), TimeUnit.MILLISECONDS);
    }

    @Override
    public void evicted(int members) {
        evicted.increment(members);
    }

    @Override
    public void committed(int offsets) {
        committed.increment(offsets);
    }

    @Override
    public void expired(int offsets) {
        expired.increment(offsets);
    }
}
