package io.naru.broker.replication;

import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** One fetcher for each broker that leads partitions followed here. {@link #apply} and {@link #close} are for the image thread. */
public final class ReplicaFetchers {

    private final FetchSettings settings;
    private final PartitionTable partitions;
    private final ReplicationRuntime runtime;
    private final Map<Integer, FetcherLoop> loops = new ConcurrentHashMap<>();
    private long damagedBefore;

    /** Fetchers that follow nothing yet. */
    public ReplicaFetchers(FetchSettings settings, PartitionTable partitions, ReplicationRuntime runtime) {
        this.settings = settings;
        this.partitions = partitions;
        this.runtime = runtime;
    }

    /** Follows what the table, which has applied {@code image}, says is to be followed. */
    public void apply(ClusterImage image) {
        Map<Integer, List<Partition>> byLeader = byLeader();
        loops.forEach((leader, loop) -> {
            BrokerImage broker = image.brokers().get(leader);
            if (!byLeader.containsKey(leader) || broker == null || !loop.isOf(broker.kafka(), broker.epoch())) {
                close(leader, loop);
            }
        });
        byLeader.forEach((leader, followed) -> {
            BrokerImage broker = image.brokers().get(leader);
            if (broker != null) {
                loops.computeIfAbsent(leader, id -> loop(broker)).follow(followed);
            }
        });
    }

    private FetcherLoop loop(BrokerImage leader) {
        return new FetcherLoop(new ReplicaFetcher(settings, leader.id()), leader.kafka(), leader.epoch(), runtime);
    }

    private Map<Integer, List<Partition>> byLeader() {
        Map<Integer, List<Partition>> byLeader = new TreeMap<>();
        for (Partition partition : partitions.all()) {
            int leader = partition.leader();
            if (leader >= 0 && leader != settings.brokerId()) {
                byLeader.computeIfAbsent(leader, id -> new ArrayList<>()).add(partition);
            }
        }
        // In an order of their own, so that a run can be repeated.
        byLeader.values()
                .forEach(list ->
                        list.sort(Comparator.comparing((Partition p) -> p.name().topic())
                                .thenComparing(p -> p.name().partition())));
        return byLeader;
    }

    private void close(int leader, FetcherLoop loop) {
        loop.close();
        damagedBefore += loop.damaged();
        loops.remove(leader);
    }

    /** Records that followers here are behind what is committed: of each leader, its slowest partition. */
    public Map<Integer, Long> lagByLeader() {
        Map<Integer, Long> lags = new TreeMap<>();
        loops.forEach((leader, loop) -> lags.put(leader, loop.lagMax()));
        return lags;
    }

    /** Answers that could not be stored because a batch was damaged. */
    public long damaged() {
        return damagedBefore
                + loops.values().stream().mapToLong(FetcherLoop::damaged).sum();
    }

    /** Follows nothing any more. */
    public void close() {
        Map.copyOf(loops).forEach(this::close);
    }
}
