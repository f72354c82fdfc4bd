package io.naru.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ImageHolderTest {

    private final ImageHolder holder = new ImageHolder();

    private static ClusterImage image(long version) {
        return new ClusterImage(
                version, 1, "cluster", new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), List.of(), Map.of());
    }

    @Test
    void imagesGoForwardsOnlyAndListenersSeeEachOnce() {
        List<Long> seen = new ArrayList<>();
        holder.onChange(image -> seen.add(image.version()));
        assertThat(holder.offer(image(2))).isTrue();
        assertThat(holder.offer(image(1))).isFalse();
        assertThat(holder.offer(image(2))).isFalse();
        assertThat(holder.offer(image(3))).isTrue();
        holder.onChange(image -> seen.add(-image.version()));
        assertThat(seen).containsExactly(2L, 3L, -3L);
    }

    /** With a broker it makes logs, and who asks may be the thread on which answers to heartbeats come. */
    @Test
    @Timeout(20)
    void whoAsksIsHeldUpByNoListenerAndAnsweredWhenAllHaveSeenTheImage() throws Exception {
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
        CompletableFuture<Boolean> offered = CompletableFuture.supplyAsync(() -> holder.offer(image(5)));
        begun.await();
        CompletableFuture<ClusterImage> same = holder.atLeast(5);
        CompletableFuture<ClusterImage> later = holder.atLeast(6);
        assertThat(holder.current())
                .hasValueSatisfying(image -> assertThat(image.version()).isEqualTo(5));
        assertThat(same).isNotDone();
        release.countDown();
        assertThat(offered.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(same.get(10, TimeUnit.SECONDS).version()).isEqualTo(5);
        assertThat(later).isNotDone();
        assertThat(holder.atLeast(4)).isDone();
        holder.offer(image(7));
        assertThat(later.get(10, TimeUnit.SECONDS).version()).isEqualTo(7);
    }
}
