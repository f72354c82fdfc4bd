package io.naru.coordinator.shard;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.GroupShards;
import io.naru.cluster.ShardImage;
import io.naru.coordinator.group.GroupShard;
import io.naru.coordinator.group.state.TopicCatalog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.NotCoordinatorException;

/**
 * The shards this coordinator owns. {@link #apply} runs on the image thread; requests come from anywhere. Each shard has one thread of
 * a few, and keeps it.
 */
public final class ShardTable implements AutoCloseable {

    private static final long TICK_MS = 50;
    private static final long RELOAD_DELAY_MS = 500;
    private static final int GROUP_ID_MAX = 32_767;

    private final int coordinatorId;
    private final ShardPartitions partitions;
    private final Clock clock;
    private final Supplier<GroupShard> fresh;
    private final BooleanSupplier ownershipCertain;
    private final List<ScheduledExecutorService> threads;
    private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();
    private TopicCatalog catalog = TopicCatalog.EMPTY;
    private volatile int shardCount;

    /**
     * An empty table.
     *
     * @param partitions       where the shards' logs are
     * @param fresh            makes a shard without groups, to be loaded
     * @param threads          of one thread each, over which shards are spread; they end with the table
     * @param ownershipCertain whether the controller has confirmed this coordinator's session lately
     */
    public ShardTable(
            int coordinatorId,
            ShardPartitions partitions,
            Supplier<GroupShard> fresh,
            Clock clock,
            List<? extends ScheduledExecutorService> threads,
            BooleanSupplier ownershipCertain) {
        this.coordinatorId = coordinatorId;
        this.partitions = partitions;
        this.clock = clock;
        this.fresh = fresh;
        this.ownershipCertain = ownershipCertain;
        this.threads = List.copyOf(threads);
        for (int i = 0; i < threads.size(); i++) {
            int index = i;
            threads.get(i).scheduleWithFixedDelay(() -> tick(index), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Threads for shards. */
    public static List<ScheduledExecutorService> threads(int count) {
        List<ScheduledExecutorService> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "shard-" + i;
            threads.add(Executors.newSingleThreadScheduledExecutor(task -> {
                Thread created = new Thread(task, name);
                created.setDaemon(true);
                return created;
            }));
        }
        return threads;
    }

    private void tick(int thread) {
        shards.forEach((number, shard) -> {
            if (number % threads.size() == thread) {
                shard.tick();
            }
        });
    }

    /** Loads what has become this coordinator's, drops what is not any more, tells the rest about topics. */
    public void apply(ClusterImage image) {
        TopicCatalog next = catalog.next(image);
        boolean topicsChanged = next != catalog;
        catalog = next;
        shardCount = image.shards().size();
        Map<Integer, ShardImage> mine = new TreeMap<>();
        for (ShardImage shard : image.shards()) {
            if (shard.coordinatorId() == coordinatorId) {
                mine.put(shard.shard(), shard);
            }
        }
        shards.forEach((number, shard) -> {
            ShardImage wanted = mine.get(number);
            if (wanted == null || wanted.epoch() > shard.epoch()) {
                shards.remove(number);
                shard.close();
            } else if (topicsChanged) {
                shard.topics(next);
            }
        });
        mine.forEach((number, wanted) -> shards.computeIfAbsent(number, n -> open(wanted)));
    }

    private Shard open(ShardImage wanted) {
        Shard shard = new Shard(
                wanted.shard(),
                wanted.epoch(),
                threads.get(wanted.shard() % threads.size()),
                partitions.after(RELOAD_DELAY_MS),
                new KafkaShardLog(partitions, clock, wanted.shard(), wanted.epoch()),
                fresh,
                clock,
                ownershipCertain);
        shard.topics(catalog);
        shard.load();
        return shard;
    }

    /**
     * Runs a request in its group's shard.
     *
     * @return fails with the exception of its error code: 14 loading, 15 no shards yet, 16 not here, 24 no group id, or what the
     *     operation threw
     */
    public <R> CompletableFuture<R> submit(String groupId, ShardOperation<R> operation) {
        try {
            return find(groupId).submit(operation);
        } catch (ApiException nowhere) {
            return CompletableFuture.failedFuture(nowhere);
        }
    }

    /** As {@link #submit}, for a request whose answer may depend on later ones. */
    public <R> CompletableFuture<R> submitWaiting(String groupId, WaitingOperation<R> operation) {
        try {
            return find(groupId).submitWaiting(operation);
        } catch (ApiException nowhere) {
            return CompletableFuture.failedFuture(nowhere);
        }
    }

    private Shard find(String groupId) {
        if (groupId == null || groupId.length() > GROUP_ID_MAX) {
            throw new InvalidGroupIdException("no group id, or one that is too long");
        }
        int count = shardCount;
        if (count == 0) {
            throw new CoordinatorNotAvailableException("the cluster has no group shards yet");
        }
        int number = GroupShards.shardFor(groupId, count);
        Shard shard = shards.get(number);
        if (shard == null) {
            throw new NotCoordinatorException("shard " + number + " of group " + groupId + " is not owned here");
        }
        return shard;
    }

    /** Runs a request in every shard owned. */
    public <R> List<CompletableFuture<R>> submitToAll(ShardOperation<R> operation) {
        return shards.values().stream().map(shard -> shard.submit(operation)).toList();
    }

    /** How many shards the cluster has; 0 before that is known. */
    public int total() {
        return shardCount;
    }

    /** Whether the shard is owned here. */
    public boolean owns(int shard) {
        return shards.containsKey(shard);
    }

    /** How many shards are owned. */
    public int owned() {
        return shards.size();
    }

    /** Shards that are owned and do not answer yet. */
    public Collection<Integer> loading() {
        return shards.entrySet().stream()
                .filter(e -> !e.getValue().active())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        CompletableFuture<?>[] closing =
                shards.values().stream().map(Shard::close).toArray(CompletableFuture<?>[]::new);
        shards.clear();
        CompletableFuture.allOf(closing)
                .orTimeout(5, TimeUnit.SECONDS)
                .handle((nothing, error) -> error == null)
                .join();
        threads.forEach(ScheduledExecutorService::shutdownNow);
    }

    /** The time by which groups live, ms since 1970: the one to hold their own times against, whatever the time of day was set to. */
    public long nowMs() {
        return clock.millis();
    }
}
