package io.naru.broker.kafka;

import io.naru.broker.kafka.FetchHandler.Collected;
import io.naru.broker.partition.Partition;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A fetch that waits for records. It looks again, on a worker, when one of its partitions has moved, and answers with what there is
 * when its time is over. Any number of moves while it looks lead to one more look.
 */
final class WaitingFetch {

    private final List<Partition> partitions;
    private final Supplier<Collected> collect;
    private final Predicate<Collected> enough;
    private final Executor workers;
    private final CompletableFuture<Collected> done = new CompletableFuture<>();
    private final AtomicBoolean lookScheduled = new AtomicBoolean();
    private final Runnable listener = this::moved;

    WaitingFetch(
            List<Partition> partitions, Supplier<Collected> collect, Predicate<Collected> enough, Executor workers) {
        this.partitions = partitions;
        this.collect = collect;
        this.enough = enough;
        this.workers = workers;
    }

    CompletableFuture<Collected> start(Timer timer, long waitMs) {
        partitions.forEach(p -> p.onProgress(listener));
        Timeout timeout = timer.newTimeout(t -> workers.execute(this::finish), waitMs, TimeUnit.MILLISECONDS);
        done.whenComplete((collected, error) -> {
            timeout.cancel();
            partitions.forEach(p -> p.forget(listener));
        });
        // A partition may have moved between the first look and the registration.
        moved();
        return done;
    }

    private void moved() {
        if (!done.isDone() && lookScheduled.compareAndSet(false, true)) {
            workers.execute(this::look);
        }
    }

    private void look() {
        lookScheduled.set(false);
        if (done.isDone()) {
            return;
        }
        try {
            Collected collected = collect.get();
            if (enough.test(collected)) {
                done.complete(collected);
            }
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void finish() {
        if (!done.isDone()) {
            try {
                done.complete(collect.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        }
    }
}
