package io.naru.gateway.read;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** All requests that wait for data or follow a topic: how many there are, and how they end when the gateway stops. Thread-safe. */
public final class Waiting {

    private final int max;
    private final Timer timer;
    private final AtomicInteger now = new AtomicInteger();
    private final Set<Runnable> enders = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** At most {@code max} at a time. */
    public Waiting(int max, Timer timer) {
        this.max = max;
        this.timer = timer;
    }

    /**
     * Lets one more wait, or refuses it with 503.
     *
     * @param end called when the gateway stops; perhaps at once
     */
    public void enter(Runnable end) {
        if (now.incrementAndGet() > max) {
            now.decrementAndGet();
            throw Problem.passing(
                            ProblemKind.OVERLOADED,
                            "more requests wait for data than may (naru.gateway.limits.long-polls); retry")
                    .exception();
        }
        enders.add(end);
        if (closed) {
            end.run();
        }
    }

    /** One waits no longer; the same object as was given to {@link #enter}. */
    public void leave(Runnable end) {
        if (enders.remove(end)) {
            now.decrementAndGet();
        }
    }

    /** How many wait. */
    public int count() {
        return now.get();
    }

    /** Waits for data, for a time; tells once whether there is some. */
    public void await(TailHub hub, Map<TopicPartition, Long> offsets, long nanos, Consumer<Boolean> told) {
        AtomicBoolean over = new AtomicBoolean();
        Runnable[] self = new Runnable[1];
        Watch[] watch = new Watch[1];
        Timeout[] timeout = new Timeout[1];
        Runnable end = () -> {
            if (over.compareAndSet(false, true)) {
                leave(self[0]);
                synchronized (watch) {
                    if (watch[0] != null) {
                        watch[0].cancel();
                    }
                }
                told.accept(false);
            }
        };
        self[0] = end;
        enter(end);
        timeout[0] = timer.newTimeout(t -> end.run(), nanos, TimeUnit.NANOSECONDS);
        Watch begun = hub.watch(offsets, () -> {
            if (over.compareAndSet(false, true)) {
                timeout[0].cancel();
                leave(end);
                told.accept(true);
            }
        });
        synchronized (watch) {
            watch[0] = begun;
        }
        if (over.get()) {
            begun.cancel();
        }
    }

    /** The gateway stops: everyone who waits is answered with what there is. */
    public void close() {
        closed = true;
        enders.forEach(Runnable::run);
    }
}
