package io.naru.broker.lifecycle;

import io.naru.broker.log.cleaner.CleanerStats;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.LogCleaner;
import io.naru.broker.log.cleaner.Throttle;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that compacts logs, one after the other, and the brake on it. It is never interrupted, for that would close files under
 * their readers; it looks after each chunk whether it is to stop.
 */
final class CleanerThread implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CleanerThread.class);
    private static final long STOP_MS_MAX = 30_000;

    private final BrokerProperties.Cleaner properties;
    private final Clock clock;
    private final LogCleaner cleaner;
    private final Thread thread = new Thread(this::run, "log-cleaner");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private final Brake brake;
    private boolean stopped;

    /** @param cleaner makes the cleaner that uses this throttle */
    CleanerThread(BrokerProperties.Cleaner properties, Clock clock, Function<Throttle, LogCleaner> cleaner) {
        this.properties = properties;
        this.clock = clock;
        this.brake = new Brake();
        this.cleaner = cleaner.apply(brake);
        thread.setDaemon(true);
        thread.start();
    }

    CleanerStats stats() {
        return cleaner.stats();
    }

    private void run() {
        while (!pause(0)) {
            boolean cleaned = false;
            try {
                cleaned = cleaner.cleanDirtiest(clock.millis());
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("Cleaning failed in a way nobody foresaw; it goes on with the next log");
            }
            if (!cleaned && pause(properties.backoff().toMillis())) {
                return;
            }
        }
    }

    /** Waits; true when the thread is to stop. */
    private boolean pause(long ms) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(ms);
            while (!stopped && left > 0) {
                left = stopping.awaitNanos(left);
            }
            return stopped;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps the mean since the last pause of a second or more at {@code log.cleaner.io.max.bytes.per.second}. */
    private final class Brake implements Throttle {

        private long sinceMs = clock.millis();
        private long bytes;

        @Override
        public void used(long more) {
            bytes += more;
            long elapsedMs = clock.millis() - sinceMs;
            long dueMs = bytes * 1000 / properties.ioMaxPerSecond().toBytes();
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
