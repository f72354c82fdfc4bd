package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlacementTest {

    @Test
    void leadersAndFollowersAreSpreadEvenly() {
        List<List<Integer>> placed = placement(image(6, 1)).place(60, 3);
        assertThat(placed).allMatch(replicas -> new HashSet<>(replicas).size() == 3);
        assertThat(count(placed, 0, 1))
                .allSatisfy((broker, leads) -> assertThat(leads).isEqualTo(10));
        assertThat(count(placed, 0, 3))
                .allSatisfy((broker, holds) -> assertThat(holds).isBetween(28L, 32L));
        assertThat(placed.stream()
                        .filter(replicas -> replicas.get(0) == 0)
                        .map(replicas -> replicas.get(1))
                        .distinct())
                .as("the partitions of one leader have different seconds")
                .hasSizeGreaterThan(2);
    }

    @Test
    void replicasOfAPartitionStandInDifferentRacks() {
        for (List<Integer> replicas : placement(image(6, 3)).place(12, 2)) {
            assertThat(replicas.get(0) % 3).isNotEqualTo(replicas.get(1) % 3);
        }
    }

    private static Placement placement(ClusterImage image) {
        return new Placement(image, new LiveReplicas(image, new BrokerReports()));
    }

    private static Map<Integer, Long> count(List<List<Integer>> placed, int from, int to) {
        return placed.stream()
                .flatMap(replicas -> replicas.subList(from, to).stream())
                .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    }

    private static ClusterImage image(int brokers, int racks) {
        TreeMap<Integer, BrokerImage> live = new TreeMap<>();
        for (int id = 0; id < brokers; id++) {
            Endpoint endpoint = new Endpoint("b" + id, 9092);
            live.put(id, new BrokerImage(id, 1, endpoint, endpoint, "rack-" + id % racks, false, Map.of()));
        }
        return new ClusterImage(1, 1, "c", live, new TreeMap<>(), new TreeMap<>(), List.of(), Map.of());
    }
}
