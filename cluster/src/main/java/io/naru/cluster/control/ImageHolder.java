package io.naru.cluster.control;

import io.naru.cluster.ClusterImage;
import java.util.ArrayList;
import java.util.Iterator;
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
 * however late it arrives. Thread-safe; listeners run one at a time, in image order, on the thread that offers the image.
 */
public final class ImageHolder {

    private final List<Consumer<ClusterImage>> listeners = new CopyOnWriteArrayList<>();
    private final TreeMap<Long, List<CompletableFuture<ClusterImage>>> waiting = new TreeMap<>();
    private volatile @Nullable ClusterImage current;

    /** The newest image, if one has arrived. */
    public Optional<ClusterImage> current() {
        return Optional.ofNullable(current);
    }

    /** Calls {@code listener} with every new image from now on, and at once with the current one if there is one. */
    public synchronized void onChange(Consumer<ClusterImage> listener) {
        listeners.add(listener);
        ClusterImage now = current;
        if (now != null) {
            listener.accept(now);
        }
    }

    /** Completes once an image of at least {@code version} has been applied and every listener has seen it. */
    public synchronized CompletableFuture<ClusterImage> atLeast(long version) {
        ClusterImage now = current;
        if (now != null && now.version() >= version) {
            return CompletableFuture.completedFuture(now);
        }
        CompletableFuture<ClusterImage> future = new CompletableFuture<>();
        waiting.computeIfAbsent(version, v -> new ArrayList<>()).add(future);
        return future;
    }

    /**
     * Applies {@code image} if it is newer.
     *
     * @return whether it was
     */
    public synchronized boolean offer(ClusterImage image) {
        ClusterImage now = current;
        if (now != null && !image.isNewerThan(now)) {
            return false;
        }
        current = image;
        listeners.forEach(listener -> listener.accept(image));
        Iterator<Map.Entry<Long, List<CompletableFuture<ClusterImage>>>> reached =
                waiting.headMap(image.version(), true).entrySet().iterator();
        while (reached.hasNext()) {
            List<CompletableFuture<ClusterImage>> futures = reached.next().getValue();
            reached.remove();
            futures.forEach(f -> f.completeAsync(() -> image));
        }
        return true;
    }
}
