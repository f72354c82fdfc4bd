package io.naru.broker.lifecycle;

import io.naru.cluster.control.HeartbeatAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controller to take this broker's leaderships away, and waits until it has, so that clients find the new leaders while the old
 * one still answers. Bounded: when the controller does not answer, or takes too long, the session lapses instead.
 */
final class ControlledShutdown {

    private static final Logger log = LoggerFactory.getLogger(ControlledShutdown.class);
    private static final long PAUSE_MS = 100;
    private static final long SILENCE_MS_MAX = 2_000;

    private final Supplier<CompletableFuture<HeartbeatAnswer>> heartbeat;
    private final Duration longest;

    /** @param heartbeat tells the controller of the wish, once */
    ControlledShutdown(Supplier<CompletableFuture<HeartbeatAnswer>> heartbeat, Duration longest) {
        this.heartbeat = heartbeat;
        this.longest = longest;
    }

    /** Returns when the broker may stop, or must. */
    void await() {
        long begin = System.nanoTime();
        long heard = begin;
        while (System.nanoTime() - begin < longest.toNanos()) {
            try {
                if (heartbeat.get().get(SILENCE_MS_MAX, TimeUnit.MILLISECONDS).mayShutDown()) {
                    return;
                }
                heard = System.nanoTime();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException e) {
                if (System.nanoTime() - heard > TimeUnit.MILLISECONDS.toNanos(SILENCE_MS_MAX)
                        || e.getCause() instanceof io.naru.cluster.control.ControlPlaneException) {
                    log.atInfo().addKeyValue("cause", e.toString()).log("Could not tell the controller about the stop");
                    return;
                }
            }
        }
        log.atWarn().log("The controller did not find other leaders in time; stopping all the same");
    }
}
