package io.naru.system.fault;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.control.ControlPlaneClient;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the cluster image, version by version, and notes what may never be: an epoch that falls, two leaders in one epoch, a leader
 * outside the ISR, an ISR with others than the replicas.
 */
final class EpochWatch implements AutoCloseable {
    private static final Duration WAIT = Duration.ofMillis(500);

    private final ControlPlaneClient controlPlane;
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final Map<String, PartitionImage> known = new HashMap<>();
    private final Thread thread;
    private volatile boolean over;
    private volatile @Nullable ClusterImage latest;

    private EpochWatch(List<URI> admins) {
        this.controlPlane = new ControlPlaneClient(admins);
        this.thread = new Thread(this::follow, "epoch-watch");
        thread.setDaemon(true);
    }

    static EpochWatch start(List<URI> admins) {
        EpochWatch watch = new EpochWatch(admins);
        watch.thread.start();
        return watch;
    }

    /** What was seen that may never be. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    /** The newest image. */
    Optional<ClusterImage> latest() {
        return Optional.ofNullable(latest);
    }

    private void follow() {
        while (!over) {
            try {
                controlPlane.image(latest, WAIT).get(10, TimeUnit.SECONDS).ifPresent(this::look);
            } catch (ExecutionException | TimeoutException down) {
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }

    private void look(ClusterImage image) {
        ClusterImage before = latest;
        if (before != null && !image.isNewerThan(before)) {
            violations.add("image " + image.version() + " after " + before.version());
        }
        latest = image;
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                look(topic.topicId() + " " + topic.name() + "-" + partition.partition(), partition);
            }
        }
    }

    private void look(String name, PartitionImage now) {
        PartitionImage before = known.put(name, now);
        if (now.leader() != PartitionImage.NO_LEADER && !now.isr().contains(now.leader())) {
            violations.add(name + ": the leader is not in the ISR, " + now);
        }
        if (!now.replicas().containsAll(now.isr())) {
            violations.add(name + ": the ISR has others than the replicas, " + now);
        }
        if (before == null) {
            return;
        }
        if (now.leaderEpoch() < before.leaderEpoch() || now.partitionEpoch() < before.partitionEpoch()) {
            violations.add(name + ": an epoch fell, " + before + " then " + now);
        }
        if (now.leaderEpoch() == before.leaderEpoch() && now.leader() != before.leader()) {
            violations.add(name + ": two leaders in one epoch, " + before + " then " + now);
        }
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
    }
}
