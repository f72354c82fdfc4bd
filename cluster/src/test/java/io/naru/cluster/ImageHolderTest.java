package io.naru.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.control.ImageHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

class ImageHolderTest {

    @Test
    void imagesApplyOnlyForwards() {
        ImageHolder holder = new ImageHolder();
        List<ClusterImage> seen = new ArrayList<>();
        holder.onChange(seen::add);
        assertThat(holder.offer(image(1, 5))).isTrue();
        assertThat(holder.offer(image(1, 4))).isFalse();
        assertThat(holder.offer(image(1, 5))).isFalse();
        assertThat(holder.offer(image(2, 6))).isTrue();
        assertThat(holder.offer(image(1, 99)))
                .as("from a controller of the past")
                .isFalse();
        assertThat(seen).extracting(ClusterImage::version).containsExactly(5L, 6L);
    }

    @Test
    void waitersSeeTheVersionTheyAskedFor() throws Exception {
        ImageHolder holder = new ImageHolder();
        CompletableFuture<ClusterImage> third = holder.atLeast(3);
        holder.offer(image(1, 2));
        assertThat(third).isNotDone();
        holder.offer(image(1, 4));
        assertThat(third.get(5, TimeUnit.SECONDS).version()).isEqualTo(4);
        assertThat(holder.atLeast(3)).isCompleted();
    }

    /** A broker makes logs meanwhile, and who asks may be the thread on which answers to heartbeats come. */
    @Test
    @Timeout(20)
    void whoAsksIsHeldUpByNoListenerAndAnsweredWhenAllHaveSeenTheImage() throws Exception {
        ImageHolder holder = new ImageHolder();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        holder.onChange(image -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        CompletableFuture<Boolean> offered = CompletableFuture.supplyAsync(() -> holder.offer(image(1, 5)));
        begun.await();
        CompletableFuture<ClusterImage> same = holder.atLeast(5);
        CompletableFuture<ClusterImage> later = holder.atLeast(6);
        assertThat(holder.current().orElseThrow().version()).isEqualTo(5);
        assertThat(same).isNotDone();
        release.countDown();
        assertThat(offered.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(same.get(10, TimeUnit.SECONDS).version()).isEqualTo(5);
        assertThat(later).isNotDone();
    }

    @Test
    void imagesSurviveJson() {
        JsonMapper json = JsonMapper.builder().build();
        ClusterImage image = new ClusterImage(
                7,
                2,
                "cluster",
                new TreeMap<>(Map.of(
                        1,
                        new BrokerImage(
                                1, 3, new Endpoint("h", 1), new Endpoint("h", 2), null, false, Map.of("a", "b")))),
                new TreeMap<>(
                        Map.of(0, new CoordinatorImage(0, 4, new Endpoint("h", 3), new Endpoint("::1", 4), true))),
                new TreeMap<>(Map.of(
                        "t",
                        new TopicImage(
                                "t", "id", Map.of(), List.of(new PartitionImage(0, List.of(1), List.of(1), 1, 0, 0))))),
                List.of(new ShardImage(0, 0, 1)),
                Map.of());
        assertThat(json.readValue(json.writeValueAsBytes(image), ClusterImage.class))
                .isEqualTo(image);
    }

    private static ClusterImage image(int controllerEpoch, long version) {
        return new ClusterImage(
                version, controllerEpoch, "c", new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), List.of(), Map.of());
    }
}
