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

/**
 * Places the replicas of a new topic on live brokers: leaders go round the brokers, beginning with the one that leads least, and the
 * further replicas of a partition to other racks first.
 */
final class Placement {

    private final List<BrokerImage> ring;

    /** A placement over the brokers that are live in {@code image}. */
    Placement(ClusterImage image) {
        this.ring = interleaveRacks(image.liveBrokers(), replicasHeld(image));
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
            for (int i = 0; replicas.size() < replicationFactor; i++) {
                int id = ring.get((partition + shift + i) % ring.size()).id();
                if (!replicas.contains(id)) {
                    replicas.add(id);
                }
            }
            placed.add(replicas);
        }
        return placed;
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
