package io.naru.admin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code __consumer_offsets} grows with the cluster. */
class OffsetsTopicTest {

    private final ControllerFixture cluster = new ControllerFixture(ControllerFixture.settings(6, 3));

    private TopicImage topic() {
        return cluster.image().topic(TopicImage.CONSUMER_OFFSETS).orElseThrow();
    }

    private void everyoneCatchesUp() {
        topic().partitions()
                .forEach(partition -> assertThat(cluster.alterIsr(
                                        TopicImage.CONSUMER_OFFSETS,
                                        partition.partition(),
                                        partition.replicas().toArray(Integer[]::new))
                                .errorCode())
                        .isZero());
    }

    @Test
    void isMadeWithAsManyReplicasAsThereAreBrokersUpToThree() {
        cluster.liveBrokers(1, 2, 3, 4);
        cluster.registerCoordinator(1, "c");
        assertThat(topic().partitions())
                .allMatch(p -> p.replicas().size() == 3 && p.isr().size() == 3);
        assertThat(topic().configs()).containsEntry("min.insync.replicas", "2");
    }

    @Test
    void growsByReassignmentAsBrokersCome() {
        cluster.liveBroker(1);
        cluster.registerCoordinator(1, "c");
        assertThat(topic().partitions()).allMatch(p -> p.replicas().equals(List.of(1)));
        cluster.liveBroker(2);
        assertThat(topic().partitions())
                .allMatch(p -> p.replicas().equals(List.of(1, 2)) && p.isr().equals(List.of(1)));
        cluster.liveBroker(3);
        assertThat(topic().partitions())
                .as("one step after the other")
                .allMatch(p -> p.adding().equals(List.of(2)));
        everyoneCatchesUp();
        assertThat(topic().configs()).doesNotContainKey("min.insync.replicas");
        everyoneCatchesUp();
        assertThat(topic().partitions())
                .allMatch(p -> !p.reassigning() && p.isr().size() == 3);
        assertThat(topic().configs()).containsEntry("min.insync.replicas", "2");
        long version = cluster.image().version();
        cluster.liveBroker(4);
        assertThat(topic().partitions()).allMatch(p -> p.replicas().size() == 3);
        assertThat(cluster.image().version()).as("registered, unfenced").isEqualTo(version + 2);
    }

    @Test
    void newReplicasAreSpread() {
        cluster.liveBroker(1);
        cluster.registerCoordinator(1, "c");
        cluster.liveBrokers(2, 3, 4);
        everyoneCatchesUp();
        everyoneCatchesUp();
        Map<Integer, Long> held = topic().partitions().stream()
                .map(PartitionImage::replicas)
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(held).containsEntry(1, 6L);
        assertThat(Stream.of(2, 3, 4).map(held::get)).as("%s", held).allMatch(n -> n != null && n >= 3);
    }

    @Test
    void goesOnUnderANewController() {
        cluster.liveBroker(1);
        cluster.registerCoordinator(1, "c");
        cluster.liveBroker(2);
        cluster.failOver();
        cluster.liveBroker(3);
        everyoneCatchesUp();
        everyoneCatchesUp();
        assertThat(topic().partitions()).allMatch(p -> p.isr().size() == 3);
    }

    @Test
    void whatSomebodyHasSetStays() {
        cluster.liveBroker(1);
        cluster.registerCoordinator(1, "c");
        Map<String, String> configs = Map.of("min.insync.replicas", "1");
        List<Change> set = List.of(new Change.TopicConfigured(TopicImage.CONSUMER_OFFSETS, configs));
        cluster.commit(new Decision<>(set, cluster.controller.state().apply(set), true));
        cluster.liveBrokers(2, 3);
        everyoneCatchesUp();
        everyoneCatchesUp();
        assertThat(topic().configs()).isEqualTo(configs);
    }
}
