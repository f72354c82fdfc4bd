package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Places replicas on live brokers: leaders go round the brokers, beginning with the one that holds least, and the further replicas of a
 * partition stand in as many racks as there are.
 */
final class Placement {

    private final List<BrokerImage> ring;
    private final Map<Integer, String> racks = new HashMap<>();
    private final long rackCount;

    /** A placement over the brokers that can take replicas. */
    Placement(ClusterImage image, LiveReplicas live) {
        image.brokers().values().forEach(broker -> racks.put(broker.id(), String.valueOf(broker.rack())));
        this.ring = interleaveRacks(
                image.brokers().values().stream()
                        .filter(broker -> live.hosts().contains(broker.id()))
                        .toList(),
                replicasHeld(image));
        this.rackCount = Math.max(
                1, ring.stream().map(b -> String.valueOf(b.rack())).distinct().count());
    }

    /** How many brokers there are to place on. */
    int brokerCount() {
        return ring.size();
    }

    /**
     * Broker ids per partition, preferred leader first.
     *
     * @param replicationFactor between 1 and {@link #brokerCount()}
     */
    List<List<Integer>> place(int partitions, int replicationFactor) {
        List<List<Integer>> placed = new ArrayList<>(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            // Each round over the ring shifts the followers, so that one broker's partitions do not all have the same
            // second.
            int shift = 1 + (partition / ring.size()) % Math.max(1, ring.size() - 1);
            List<Integer> replicas = new ArrayList<>(replicationFactor);
            replicas.add(ring.get(partition % ring.size()).id());
            while (replicas.size() < replicationFactor) {
                replicas.add(next(replicas, partition + shift));
            }
            placed.add(replicas);
        }
        return placed;
    }

    /** The first broker, going round from {@code start}, whose rack has fewest of the replicas and which has none itself. */
    private int next(List<Integer> replicas, int start) {
        int best = -1;
        long fewest = Long.MAX_VALUE;
        long fewestPossible = replicas.size() / rackCount;
        for (int i = 0; i < ring.size() && fewest > fewestPossible; i++) {
            int id = ring.get((start + i) % ring.size()).id();
            if (!replicas.contains(id)) {
                long inRack = inRackOf(id, replicas);
                if (inRack < fewest) {
                    fewest = inRack;
                    best = id;
                }
            }
        }
        return best;
    }

    private long inRackOf(int id, List<Integer> replicas) {
        String rack = racks.get(id);
        return replicas.stream()
                .filter(other -> String.valueOf(racks.get(other)).equals(rack))
                .count();
    }

    /**
     * {@code replicas} and more, up to {@code replicationFactor} as far as there are brokers: in other racks first, then on those that hold
     * least.
     *
     * @param held how many replicas each broker holds; kept up to date
     */
    List<Integer> extend(List<Integer> replicas, int replicationFactor, Map<Integer, Integer> held) {
        List<Integer> extended = new ArrayList<>(replicas);
        while (extended.size() < replicationFactor) {
            int next = ring.stream()
                    .map(BrokerImage::id)
                    .filter(id -> !extended.contains(id))
                    .min(Comparator.comparing((Integer id) -> inRackOf(id, extended))
                            .thenComparing(id -> held.getOrDefault(id, 0))
                            .thenComparing(Comparator.naturalOrder()))
                    .orElse(-1);
            if (next < 0) {
                break;
            }
            extended.add(next);
            held.merge(next, 1, Integer::sum);
        }
        return extended;
    }

    /** New partitions from index {@code first} on: everyone in sync, since there is nothing to have missed, and the first leads. */
    static List<PartitionImage> newPartitions(int first, List<List<Integer>> replicas) {
        return IntStream.range(0, replicas.size())
                .mapToObj(i -> new PartitionImage(
                        first + i,
                        replicas.get(i),
                        replicas.get(i),
                        replicas.get(i).get(0),
                        0,
                        0))
                .toList();
    }

    private static Map<Integer, Integer> replicasHeld(ClusterImage image) {
        Map<Integer, Integer> held = new HashMap<>();
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                partition.replicas().forEach(id -> held.merge(id, 1, Integer::sum));
            }
        }
        return held;
    }

    /** One broker of each rack in turn, so that neighbours in the ring stand in different racks as long as that is possible. */
    private static List<BrokerImage> interleaveRacks(List<BrokerImage> brokers, Map<Integer, Integer> held) {
        Map<String, List<BrokerImage>> racks = new LinkedHashMap<>();
        brokers.stream()
                .sorted(Comparator.comparing((BrokerImage b) -> held.getOrDefault(b.id(), 0))
                        .thenComparing(BrokerImage::id))
                .forEach(broker -> racks.computeIfAbsent(String.valueOf(broker.rack()), r -> new ArrayList<>())
                        .add(broker));
        List<BrokerImage> ring = new ArrayList<>(brokers.size());
        for (int i = 0; ring.size() < brokers.size(); i++) {
            for (List<BrokerImage> rack : racks.values()) {
                if (i < rack.size()) {
                    ring.add(rack.get(i));
                }
            }
        }
        return ring;
    }
}
