package io.naru.admin.lease;

import io.naru.cluster.ClusterImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The image that the active controller has committed last, and those who wait for the next. Nobody waits on a thread.
 * Thread-safe.
 */
public final class ImagePublisher {

    /** More followers than a cluster has members; beyond it a stranger is knocking. */
    private static final int MAX_WAITING = 5000;

    private static final byte[] HEAD = "{\"image\":".getBytes(StandardCharsets.US_ASCII);

    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<Long, Waiter> waiting = new HashMap<>();
    private long nextTicket;
    private @Nullable Published current;

    /** An image, and the JSON in which followers get it. */
    public static final class Published {

        private final ClusterImage image;
        private final RecentDeltas deltas;
        private final JsonMapper mapper;
        private byte @Nullable [] whole;

        Published(ClusterImage image, RecentDeltas deltas, JsonMapper mapper) {
            this.image = image;
            this.deltas = deltas;
            this.mapper = mapper;
        }

        /** The image. */
        public ClusterImage image() {
            return image;
        }

        /** The image as JSON, UTF-8; serialised when it is wanted for the first time. Nobody changes it. */
        public synchronized byte[] whole() {
            byte[] done = whole;
            if (done == null) {
                done = mapper.writeValueAsBytes(image);
                whole = done;
            }
            return done;
        }

        /** A {@link io.naru.cluster.control.ClusterUpdate} as JSON, for a follower that has this version of that controller's image. */
        public byte[] update(long after, int controllerEpoch) {
            Optional<byte[]> since =
                    controllerEpoch == image.controllerEpoch() ? deltas.since(after) : Optional.empty();
            return since.orElseGet(() -> {
                byte[] all = whole();
                byte[] update = new byte[all.length + HEAD.length + 1];
                System.arraycopy(HEAD, 0, update, 0, HEAD.length);
                System.arraycopy(all, 0, update, HEAD.length, all.length);
                update[update.length - 1] = '}';
                return update;
            });
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
        } else if (isNewer(now.image, after, controllerEpoch)) {
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
        Published before = current().orElse(null);
        RecentDeltas deltas = before == null || before.image.controllerEpoch() != image.controllerEpoch()
                ? RecentDeltas.NONE
                : before.deltas.and(before.image, image, json);
        Published next = new Published(image, deltas, json);
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
