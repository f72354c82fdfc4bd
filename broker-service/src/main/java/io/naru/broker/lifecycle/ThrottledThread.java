package io.naru.broker.lifecycle;

import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.Throttle;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that goes through logs at a bounded pace, one after the other: compaction, the scrub. It is never interrupted, for that would
 * close files under their readers; it looks after each chunk whether it is to stop.
 */
final class ThrottledThread implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ThrottledThread.class);
    private static final long STOP_MS_MAX = 30_000;

    private volatile long bytesPerSecond;
    private volatile long pauseMs;
    private final Clock clock;
    private final Job job;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private boolean stopped;
    private boolean woken;

    /** What there is to do. */
    interface Job {

        /** Does a piece of it; false when there is nothing to do at the moment. */
        boolean run(long nowMs);
    }

    /**
     * @param pauseMs how long to wait when there is nothing to do
     * @param job     makes the job, which tells this throttle what it reads and writes
     */
    ThrottledThread(String name, long bytesPerSecond, long pauseMs, Clock clock, Function<Throttle, Job> job) {
        this.bytesPerSecond = bytesPerSecond;
        this.pauseMs = pauseMs;
        this.clock = clock;
        this.job = job.apply(new Brake());
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Changes pace, at once. */
    void pace(long newBytesPerSecond, long newPauseMs) {
        lock.lock();
        try {
            if (newBytesPerSecond != bytesPerSecond || newPauseMs != pauseMs) {
                bytesPerSecond = newBytesPerSecond;
                pauseMs = newPauseMs;
                woken = true;
                stopping.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!pause(0)) {
            boolean worked = false;
            try {
                worked = job.run(clock.millis());
            } catch (CleaningStoppedException e) {
                worked = true;
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("A job failed in a way nobody foresaw; it goes on later");
            }
            if (!worked && pause(pauseMs)) {
                return;
            }
        }
    }

    /** Waits; true when the thread is to stop. */
    private boolean pause(long ms) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(ms);
            while (!stopped && !woken && left > 0) {
                left = stopping.awaitNanos(left);
            }
            woken = false;
            return stopped;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps the mean since the last pause of a second or more at {@code bytesPerSecond}. */
    private final class Brake implements Throttle {

        private long sinceMs = clock.millis();
        private long bytes;

        @Override
        public void used(long more) {
            bytes += more;
            long elapsedMs = clock.millis() - sinceMs;
            long dueMs = (long) (bytes * 1000.0 / bytesPerSecond);
            if (elapsedMs < 0 || elapsedMs > dueMs + 1000) {
                sinceMs = clock.millis();
                bytes = 0;
                dueMs = 0;
                elapsedMs = 0;
            }
            if (pause(Math.max(0, dueMs - elapsedMs))) {
                throw new CleaningStoppedException("the broker stops");
            }
        }
    }

    /** Stops after the chunk in hand; to be called before the logs are closed. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            stopping.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(STOP_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
