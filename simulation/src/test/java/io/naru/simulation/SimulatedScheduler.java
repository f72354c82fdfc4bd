package io.naru.simulation;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A scheduler on the time of a process, for what is planned and never taken back. */
final class SimulatedScheduler extends AbstractExecutorService implements ScheduledExecutorService {

    private final SimulatedProcess process;

    SimulatedScheduler(SimulatedProcess process) {
        this.process = process;
    }

    @Override
    public void execute(Runnable task) {
        process.execute(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        process.afterMs(unit.toMillis(delay), task);
        return new Planned();
    }

    private static final class Planned extends CompletableFuture<Void> implements ScheduledFuture<Void> {

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
        process.afterMs(unit.toMillis(initialDelay), () -> {
            task.run();
            process.every(unit.toMillis(delay), task);
        });
        return new Planned();
    }

    @Override
    public void shutdown() {
        // Ends with its process.
    }

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return !process.alive();
    }

    @Override
    public boolean isTerminated() {
        return !process.alive();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
