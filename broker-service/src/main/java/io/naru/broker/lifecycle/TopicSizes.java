package io.naru.broker.lifecycle;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.naru.broker.partition.PartitionTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * {@code naru.broker.topic.size}: bytes of each topic's logs here, looked at now and then. There is a limit to how many topics have a
 * meter of their own; {@code naru.broker.log.size} has them all together.
 */
final class TopicSizes implements AutoCloseable {

    private static final int TOPICS_MAX = 1_000;
    private static final long EVERY_S = 15;

    private final PartitionTable partitions;
    private final MultiGauge sizes;
    private final ScheduledExecutorService thread;

    TopicSizes(PartitionTable partitions, MeterRegistry registry) {
        this.partitions = partitions;
        sizes = MultiGauge.builder("naru.broker.topic.size")
                .description("Bytes of a topic's logs here")
                .baseUnit("bytes")
                .register(registry);
        thread = Executors.newSingleThreadScheduledExecutor(look -> {
            Thread made = new Thread(look, "broker-topic-sizes");
            made.setDaemon(true);
            return made;
        });
        thread.scheduleWithFixedDelay(this::look, EVERY_S, EVERY_S, TimeUnit.SECONDS);
    }

    void look() {
        Map<String, Long> byTopic = new TreeMap<>();
        partitions
                .all()
                .forEach(partition ->
                        byTopic.merge(partition.name().topic(), partition.log().sizeInBytes(), Long::sum));
        List<Row<?>> rows = byTopic.entrySet().stream()
                .limit(TOPICS_MAX)
                .<Row<?>>map(topic -> Row.of(Tags.of("topic", topic.getKey()), topic.getValue()))
                .toList();
        sizes.register(rows, true);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
