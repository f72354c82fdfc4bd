package io.naru.admin.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.controller.Change;
import io.naru.admin.lease.LeaderChange.Kind;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeaderChangeTest {

    private static PartitionImage partition(List<Integer> isr, List<Integer> elr, int leader) {
        return new PartitionImage(0, List.of(1, 2, 3), isr, elr, List.of(), List.of(), leader, 0, 0);
    }

    private static List<Kind> kinds(PartitionImage before, PartitionImage... after) {
        TopicImage topic = new TopicImage("t", "id", Map.of(), List.of(before));
        ClusterImage image = new ClusterImage(
                1, 1, "c", new TreeMap<>(), new TreeMap<>(), new TreeMap<>(Map.of("t", topic)), List.of(), Map.of());
        List<Change> changes = Stream.of(after)
                .<Change>map(partition -> new Change.PartitionChanged("t", partition))
                .toList();
        return LeaderChange.among(changes, image).stream()
                .map(LeaderChange::kind)
                .toList();
    }

    @Test
    void electionsAreToldApart() {
        PartitionImage before = partition(List.of(1, 2), List.of(), 2);
        assertThat(kinds(before, partition(List.of(1, 2), List.of(), 1))).containsExactly(Kind.PREFERRED);
        assertThat(kinds(before, partition(List.of(1), List.of(), 1))).containsExactly(Kind.IN_SYNC);
        assertThat(kinds(before, partition(List.of(3), List.of(), 3))).containsExactly(Kind.UNCLEAN);
        assertThat(kinds(before, partition(List.of(2), List.of(), -1))).containsExactly(Kind.NONE);
        assertThat(kinds(partition(List.of(2), List.of(3), 2), partition(List.of(3), List.of(2), 3)))
                .containsExactly(Kind.ELIGIBLE);
        assertThat(kinds(before, partition(List.of(2), List.of(), 2))).isEmpty();
    }

    @Test
    void stepsOfOneDecisionFollowEachOther() {
        assertThat(kinds(
                        partition(List.of(1), List.of(), 1),
                        partition(List.of(1, 3), List.of(), 1),
                        partition(List.of(3), List.of(), 3)))
                .as("3 had joined before it was elected")
                .containsExactly(Kind.IN_SYNC);
    }
}
