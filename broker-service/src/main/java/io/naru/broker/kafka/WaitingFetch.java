package io.naru.broker.kafka;

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
 *
 * @param <F> what a look finds
 */
final class WaitingFetch<F> {

    private final List<Partition> partitions;
    private final boolean replica;
    private final Executor workers;
    private final CompletableFuture<F> done = new CompletableFuture<>();
    private final AtomicBoolean lookScheduled = new AtomicBoolean();

    /** @param replica whether an append is enough to look again, or it must be committed */
    WaitingFetch(List<Partition> partitions, boolean replica, Executor workers) {
        this.partitions = partitions;
        this.replica = replica;
        this.workers = workers;
    }

    CompletableFuture<F> start(Supplier<F> look, Predicate<F> enough, Timer timer, long waitMs) {
        Runnable listener = () -> lookSoon(look, enough);
        for (Partition partition : partitions) {
            if (replica) {
                partition.listeners().onAppend(listener);
            } else {
                partition.listeners().onCommit(listener);
            }
        }
        Timeout timeout = timer.newTimeout(t -> workers.execute(() -> finish(look)), waitMs, TimeUnit.MILLISECONDS);
        done.whenComplete((found, error) -> {
            timeout.cancel();
            partitions.forEach(p -> p.listeners().forget(listener));
        });
        // A partition may have moved between the first look and the registration.
        listener.run();
        return done;
    }

    private void lookSoon(Supplier<F> look, Predicate<F> enough) {
        if (!done.isDone() && lookScheduled.compareAndSet(false, true)) {
            workers.execute(() -> look(look, enough));
        }
    }

    private void look(Supplier<F> look, Predicate<F> enough) {
        lookScheduled.set(false);
        if (done.isDone()) {
            return;
        }
        try {
            F found = look.get();
            if (enough.test(found)) {
                done.complete(found);
            }
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void finish(Supplier<F> look) {
        if (!done.isDone()) {
            try {
                done.complete(look.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        }
    }
}
