package io.naru.admin.lease;

import io.naru.cluster.ClusterImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The image that the active controller has committed last, as JSON, and those who wait for the next. Nobody waits on a thread.
 * Thread-safe.
 */
public final class ImagePublisher {

    /** More followers than a cluster has members; beyond it a stranger is knocking. */
    private static final int MAX_WAITING = 5000;

    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<Long, Waiter> waiting = new HashMap<>();
    private long nextTicket;
    private @Nullable Published current;

    /**
     * An image and its JSON.
     *
     * @param image the image
     * @param json  UTF-8, serialised once for everyone
     */
    public record Published(ClusterImage image, Json json) {}

    /** Bytes that nobody changes. */
    public static final class Json {

        private final byte[] bytes;

        Json(byte[] bytes) {
            this.bytes = bytes;
        }

        /** The bytes themselves, not a copy. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /** The current image, if this admin-service is the active controller. */
    public synchronized Optional<Published> current() {
        return Optional.ofNullable(current);
    }

    /**
     * A call that waits for the next image.
     *
     * @param ticket tells it from the others
     * @param image  the image, or empty when the wait was given up; fails with {@link NotActiveException}
     */
    public record Waiter(long ticket, CompletableFuture<Optional<Published>> image) {}

    /**
     * Waits for an image newer than what the caller has.
     *
     * @param after           version that the caller has, or −1 for none
     * @param controllerEpoch epoch of that version
     * @return to be handed to {@link #giveUp} when the caller stops waiting
     */
    public synchronized Waiter newerThan(long after, int controllerEpoch) {
        Published now = current;
        Waiter waiter = new Waiter(nextTicket++, new CompletableFuture<>());
        if (now == null) {
            waiter.image.completeExceptionally(
                    new NotActiveException("This admin-service is not the active controller."));
        } else if (isNewer(now.image(), after, controllerEpoch)) {
            waiter.image.complete(Optional.of(now));
        } else if (waiting.size() >= MAX_WAITING) {
            waiter.image.completeExceptionally(new NotActiveException(
                    "Too many callers are waiting for the next image already; try again later."));
        } else {
            waiting.put(waiter.ticket, waiter);
        }
        return waiter;
    }

    private static boolean isNewer(ClusterImage image, long after, int controllerEpoch) {
        return image.controllerEpoch() != controllerEpoch
                ? image.controllerEpoch() > controllerEpoch
                : image.version() > after;
    }

    /** Ends a wait without an image. */
    public void giveUp(Waiter waiter) {
        synchronized (this) {
            waiting.remove(waiter.ticket);
        }
        waiter.image.complete(Optional.empty());
    }

    /** Publishes the next image. */
    void publish(ClusterImage image) {
        Published next = new Published(image, new Json(json.writeValueAsBytes(image)));
        release(next).forEach(waiter -> waiter.image.complete(Optional.of(next)));
    }

    /** This admin-service is no longer the controller. */
    void withdraw() {
        NotActiveException over = new NotActiveException("This admin-service is no longer the active controller.");
        release(null).forEach(waiter -> waiter.image.completeExceptionally(over));
    }

    private synchronized List<Waiter> release(@Nullable Published next) {
        current = next;
        List<Waiter> released = new ArrayList<>(waiting.values());
        waiting.clear();
        return released;
    }
}
