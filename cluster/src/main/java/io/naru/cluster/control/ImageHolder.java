package io.naru.cluster.control;

import io.naru.cluster.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The image a service works with. Images apply whole and only forwards: an older version or an older controller's image is refused,
 * however late it arrives. Thread-safe; listeners run one at a time, in image order, on the thread that offers the image, and may take
 * their time: nobody but the next who offers one waits for them.
 */
public final class ImageHolder {

    private final List<Consumer<ClusterImage>> listeners = new CopyOnWriteArrayList<>();
    private final TreeMap<Long, List<CompletableFuture<ClusterImage>>> waiting = new TreeMap<>();
    private final Object applying = new Object();
    private volatile @Nullable ClusterImage current;
    /** What every listener has seen; guarded by {@link #waiting}. */
    private @Nullable ClusterImage seen;

    /** The newest image, if one has arrived. */
    public Optional<ClusterImage> current() {
        return Optional.ofNullable(current);
    }

    /** Calls {@code listener} with every new image from now on, and at once with the current one if there is one. */
    public void onChange(Consumer<ClusterImage> listener) {
        synchronized (applying) {
            listeners.add(listener);
            ClusterImage now = current;
            if (now != null) {
                listener.accept(now);
            }
        }
    }

    /**
     * Completes once an image of at least {@code version} has been applied and every listener has seen it. Returns at once: whoever asks may
     * be the thread on which answers to heartbeats arrive.
     */
    public CompletableFuture<ClusterImage> atLeast(long version) {
        synchronized (waiting) {
            ClusterImage now = seen;
            if (now != null && now.version() >= version) {
                return CompletableFuture.completedFuture(now);
            }
            CompletableFuture<ClusterImage> future = new CompletableFuture<>();
            waiting.computeIfAbsent(version, v -> new ArrayList<>()).add(future);
            return future;
        }
    }

    /**
     * Applies {@code image} if it is newer.
     *
     * @return whether it was
     */
    public boolean offer(ClusterImage image) {
        synchronized (applying) {
            ClusterImage now = current;
            if (now != null && !image.isNewerThan(now)) {
                return false;
            }
            current = image;
            listeners.forEach(listener -> listener.accept(image));
            allHaveSeen(image).forEach(future -> future.completeAsync(() -> image));
            return true;
        }
    }

    /** Who waited for it. */
    private List<CompletableFuture<ClusterImage>> allHaveSeen(ClusterImage image) {
        List<CompletableFuture<ClusterImage>> reached = new ArrayList<>();
        synchronized (waiting) {
            seen = image;
            Map<Long, List<CompletableFuture<ClusterImage>>> upTo = waiting.headMap(image.version(), true);
            upTo.values().forEach(reached::addAll);
            upTo.clear();
        }
        return reached;
    }
}
