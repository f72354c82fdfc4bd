package io.naru.admin.lease;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.naru.admin.controller.Change;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.CoordinatorImage;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The controller's metrics, {@code naru.controller.*}: whether it is active, its epoch and image version, members and partitions by
 * state, changes and elections by kind, and the time that each kind of event and its commit take.
 */
public final class ControllerMetrics {

    private final MeterRegistry registry;
    private volatile @Nullable ClusterImage image;

    /** Registers the gauges with {@code registry}. */
    public ControllerMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (LeaderChange.Kind kind : LeaderChange.Kind.values()) {
            elections(kind);
        }
        Gauge.builder("naru.controller.active", this, m -> m.image == null ? 0 : 1)
                .description("1 while this admin-service is the active controller")
                .register(registry);
        gauge("epoch", "Controller epoch", ClusterImage::controllerEpoch);
        gauge("image.version", "Version of the cluster image", ClusterImage::version);
        gauge(
                "brokers.live",
                "Registered brokers that are not fenced",
                i -> i.liveBrokers().size());
        gauge(
                "brokers.fenced",
                "Registered brokers that are fenced",
                i -> i.brokers().size() - i.liveBrokers().size());
        gauge(
                "coordinators.live",
                "Registered coordinators that are alive",
                i -> i.coordinators().values().stream()
                        .filter(CoordinatorImage::alive)
                        .count());
        gauge("topics", "Topics, internal ones included", i -> i.topics().size());
        counts("partitions", "Partitions of all topics", PartitionCounts::all);
        counts(
                "partitions.leaderless",
                "Partitions without a leader",
                counts -> counts.leaderless().size());
        counts(
                "partitions.under.replicated",
                "Partitions with fewer replicas in sync than they should have",
                PartitionCounts::underReplicated);
        counts(
                "partitions.under.min.isr",
                "Partitions with fewer replicas in sync than min.insync.replicas asks for",
                PartitionCounts::underMinIsr);
        counts("partitions.reassigning", "Partitions that are being reassigned", PartitionCounts::reassigning);
    }

    private void counts(String name, String description, ToDoubleFunction<PartitionCounts> value) {
        gauge(name, description, now -> value.applyAsDouble(PartitionCounts.of(now)));
    }

    private void gauge(String name, String description, ToDoubleFunction<ClusterImage> value) {
        Gauge.builder("naru.controller." + name, this, metrics -> {
                    ClusterImage now = metrics.image;
                    return now == null ? Double.NaN : value.applyAsDouble(now);
                })
                .description(description)
                .register(registry);
    }

    /**
     * A new image.
     *
     * @param changes what led to it
     * @param leaders leaderships that moved with them
     */
    void image(ClusterImage next, List<Change> changes, List<LeaderChange> leaders) {
        image = next;
        changes.forEach(change -> Counter.builder("naru.controller.changes")
                .description("Changes of cluster metadata that were committed")
                .tag("kind", change.getClass().getSimpleName())
                .register(registry)
                .increment());
        leaders.forEach(leader -> elections(leader.kind()).increment());
    }

    private Counter elections(LeaderChange.Kind kind) {
        return Counter.builder("naru.controller.elections")
                .description("Leaderships that moved, by who was elected")
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    void inactive() {
        image = null;
    }

    <T> T timed(String event, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            registry.timer("naru.controller.events", "event", event)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }
}
