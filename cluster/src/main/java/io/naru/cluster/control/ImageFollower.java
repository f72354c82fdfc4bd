package io.naru.cluster.control;

import io.naru.cluster.ClusterImage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an {@link ImageHolder} current by long poll. No thread of its own: the next call is made when the last one was answered.
 * Images are offered on {@code executor}. While the controller cannot be reached the last image stands.
 */
public final class ImageFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ImageFollower.class);
    /** Short, for an admin-service that is gone without a word is noticed by an answer that does not come. */
    private static final Duration WAIT = Duration.ofSeconds(3);

    private static final long RETRY_MS = 250;

    private final ControlPlaneClient controlPlane;
    private final ImageHolder holder;
    private final Executor executor;
    private volatile boolean closed;
    private boolean failing;

    /**
     * A follower that has not started.
     *
     * @param executor runs the holder's listeners; one thread, so that they run in order and may take their time
     */
    public ImageFollower(ControlPlaneClient controlPlane, ImageHolder holder, Executor executor) {
        this.controlPlane = controlPlane;
        this.holder = holder;
        this.executor = executor;
    }

    /** Starts following. */
    public void start() {
        if (!closed) {
            controlPlane
                    .image(holder.current().orElse(null), WAIT)
                    .handleAsync((image, error) -> error == null ? answered(image) : failed(error), executor);
        }
    }

    private boolean answered(Optional<ClusterImage> image) {
        failing = false;
        try {
            image.filter(i -> !closed).ifPresent(holder::offer);
        } catch (RuntimeException broken) {
            log.atError().setCause(broken).log("A listener failed on a new cluster image");
        }
        start();
        return true;
    }

    private boolean failed(Throwable error) {
        if (!failing && !closed) {
            log.atWarn()
                    .addKeyValue("cause", error.toString())
                    .log("Cannot get cluster metadata from the controller; the last image stands, trying on");
            failing = true;
        }
        CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS).execute(this::start);
        return false;
    }

    @Override
    public void close() {
        closed = true;
    }
}
