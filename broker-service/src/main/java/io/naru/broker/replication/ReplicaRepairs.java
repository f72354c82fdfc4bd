package io.naru.broker.replication;

import io.naru.broker.log.DamagedRange;
import io.naru.broker.log.LogDamage;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs damaged logs with what other replicas have, by ordinary fetches (docs/adr/0008): a follower asks its leader, a leader its
 * followers in sync, one after another. Below the high watermark all replicas are equal, so only there something is replaced. One repair of a
 * partition at a time; {@link #tick} and {@link #apply} are for the image thread, the rest runs on the runtime's.
 */
public final class ReplicaRepairs {

    private static final Logger log = LoggerFactory.getLogger(ReplicaRepairs.class);

    private final int brokerId;
    private final PartitionTable partitions;
    private final ReplicationRuntime runtime;
    private final Consumer<TopicPartition> lookAgain;
    private final Map<TopicPartition, Backoff> waiting = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Integer> attempts = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Boolean> underWay = new ConcurrentHashMap<>();
    private final LongAdder repaired = new LongAdder();
    private volatile Map<Integer, BrokerImage> brokers = Map.of();

    /** @param lookAgain has a log read through soon, after something was found or mended in it */
    public ReplicaRepairs(
            int brokerId, PartitionTable partitions, ReplicationRuntime runtime, Consumer<TopicPartition> lookAgain) {
        this.brokerId = brokerId;
        this.partitions = partitions;
        this.runtime = runtime;
        this.lookAgain = lookAgain;
    }

    /** Where the others are. */
    public void apply(ClusterImage image) {
        brokers = image.brokers();
    }

    /** Begins what there is to be done; to be called about every half second. */
    public void tick() {
        long nowMs = runtime.nowMs();
        for (Partition partition : partitions.all()) {
            if (partition.log().damage().isEmpty()) {
                continue;
            }
            TopicPartition name = partition.name();
            Backoff backoff = waiting.get(name);
            boolean due = (backoff == null || backoff.leftMs(nowMs) == 0) && !partition.offline();
            if (due && underWay.putIfAbsent(name, true) == null) {
                runtime.later(0, () -> begin(partition));
            }
        }
    }

    /** Damaged places that were repaired. */
    public long repaired() {
        return repaired.sum();
    }

    private void begin(Partition partition) {
        List<LogDamage> known = partition.log().damage();
        guarded(partition, () -> {
            if (known.isEmpty()) {
                return true;
            }
            LogDamage damage = known.get(0); // in order, for what comes later is told by what comes before
            Optional<DamagedRange> range = partition.log().damagedRange(damage);
            if (range.isEmpty()) {
                partition.log().undamaged(damage);
                lookAgain.accept(partition.name());
                return true;
            }
            fetch(partition, damage, range.get());
            return false;
        });
    }

    private void fetch(Partition partition, LogDamage damage, DamagedRange range) {
        BrokerImage source = source(partition);
        if (source == null || range.endOffset() > partition.highWatermark()) {
            failed(partition, damage, "there is nobody yet who has it, or it is not committed yet");
            return;
        }
        RepairFetch fetch = new RepairFetch(brokerId, partition, range, runtime);
        fetch.from(source.kafka())
                .whenComplete((good, error) -> runtime.later(
                        0,
                        () -> guarded(partition, () -> {
                            if (error != null) {
                                failed(partition, damage, error.toString());
                                return false;
                            }
                            partition.log().repair(damage, good, runtime.wallClockMs());
                            repaired.increment();
                            attempts.remove(partition.name());
                            waiting.remove(partition.name());
                            lookAgain.accept(partition.name());
                            return true;
                        })));
    }

    /** The next to be asked; null when there is none. */
    private @Nullable BrokerImage source(Partition partition) {
        List<BrokerImage> all = partition.others().stream()
                .map(brokers::get)
                .filter(broker -> broker != null && !broker.fenced())
                .toList();
        int attempt = attempts.merge(partition.name(), 1, Integer::sum);
        return all.isEmpty() ? null : all.get(attempt % all.size());
    }

    /** @param step true when this repair is over, false when someone else says so */
    private void guarded(Partition partition, Supplier<Boolean> step) {
        try {
            if (step.get()) {
                underWay.remove(partition.name());
            }
        } catch (CleaningStoppedException | ApiException e) {
            failed(partition, null, e.toString());
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("A repair failed in a way nobody foresaw; it is tried again");
            failed(partition, null, e.toString());
        }
    }

    private void failed(Partition partition, @Nullable LogDamage damage, String why) {
        waiting.computeIfAbsent(partition.name(), name -> new Backoff()).failed(runtime.nowMs());
        underWay.remove(partition.name());
        log.atWarn()
                .addKeyValue("topic", partition.name().topic())
                .addKeyValue("partition", partition.name().partition())
                .addKeyValue("damage", String.valueOf(damage))
                .addKeyValue("cause", why)
                .log("Damage cannot be repaired yet; it is tried again, and is served to nobody meanwhile");
    }
}
