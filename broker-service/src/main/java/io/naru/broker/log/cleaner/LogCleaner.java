package io.naru.broker.log.cleaner;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which log is cleaned next: one that is overdue, else the one with the largest share of dirty bytes. A damaged log is left
 * alone until the next start, one whose disk refused for {@link #RETRY_MS}. {@link #cleanDirtiest} is for one thread; the rest for
 * anyone.
 */
public final class LogCleaner {

    /** How long a log is left alone after an I/O error, a full disk for one. */
    static final long RETRY_MS = 60_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(LogCleaner.class);

    private final Supplier<? extends Collection<? extends Cleanable>> logs;
    private volatile long mapBytesMax;
    private final Throttle throttle;
    private final Map<TopicPartition, Long> retryAtMs = new ConcurrentHashMap<>();
    private volatile CleanerStats stats = CleanerStats.NONE;

    /**
     * @param logs        the logs there are at the moment
     * @param mapBytesMax most memory for keys ({@code log.cleaner.dedupe.buffer.size})
     */
    public LogCleaner(Supplier<? extends Collection<? extends Cleanable>> logs, long mapBytesMax, Throttle throttle) {
        this.logs = logs;
        this.mapBytesMax = mapBytesMax;
        this.throttle = throttle;
    }

    /** Changes {@code log.cleaner.dedupe.buffer.size}; from the next log on. */
    public void mapBytesMax(long bytes) {
        mapBytesMax = bytes;
    }

    /** Cleans one log; false when none is due. */
    public boolean cleanDirtiest(long nowMs) {
        Cleanable next = pick(nowMs);
        if (next == null) {
            return false;
        }
        try {
            CleaningResult result = next.clean(mapBytesMax, throttle, nowMs);
            stats = stats.cleaned(result);
            LOGGER.atInfo()
                    .addKeyValue("partition", next.topicPartition())
                    .addKeyValue("bytesRead", result.bytesRead())
                    .addKeyValue("bytesWritten", result.bytesWritten())
                    .addKeyValue("offset", result.cleanedTo())
                    .log("log cleaned up to this offset");
        } catch (CleaningStoppedException e) {
            retryAtMs.put(next.topicPartition(), nowMs + RETRY_MS);
            LOGGER.atDebug()
                    .addKeyValue("partition", next.topicPartition())
                    .addKeyValue("reason", e.getMessage())
                    .log("cleaning given up, to be begun again");
        } catch (IOException | ApiException e) {
            boolean damaged = e instanceof CorruptRecordException;
            retryAtMs.put(next.topicPartition(), damaged ? Long.MAX_VALUE : nowMs + RETRY_MS);
            LOGGER.atError()
                    .addKeyValue("partition", next.topicPartition())
                    .setCause(e)
                    .log(
                            damaged
                                    ? "log is damaged and is not cleaned any more until the next start"
                                    : "log could not be cleaned, to be tried again");
        }
        return true;
    }

    private @Nullable Cleanable pick(long nowMs) {
        Cleanable best = null;
        Dirtiness most = Dirtiness.NONE;
        long backlog = 0;
        int due = 0;
        double ratioMax = 0;
        for (Cleanable log : logs.get()) {
            Dirtiness dirtiness = dirtiness(log, nowMs);
            backlog += dirtiness.dirtyBytes();
            ratioMax = Math.max(ratioMax, dirtiness.ratio());
            if (!dirtiness.due() || retryAtMs.getOrDefault(log.topicPartition(), Long.MIN_VALUE) > nowMs) {
                continue;
            }
            due++;
            boolean more =
                    dirtiness.overdue() == most.overdue() ? dirtiness.ratio() > most.ratio() : dirtiness.overdue();
            if (best == null || more) {
                best = log;
                most = dirtiness;
            }
        }
        retryAtMs.values().removeIf(atMs -> atMs <= nowMs);
        int damaged = (int) retryAtMs.values().stream()
                .filter(atMs -> atMs == Long.MAX_VALUE)
                .count();
        stats = stats.seen(backlog, due, damaged, ratioMax);
        return best;
    }

    private static Dirtiness dirtiness(Cleanable log, long nowMs) {
        try {
            return log.dirtiness(nowMs);
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("partition", log.topicPartition())
                    .setCause(e)
                    .log("cannot tell how much there is to clean");
            return Dirtiness.NONE;
        }
    }

    /** How far cleaning has come. */
    public CleanerStats stats() {
        return stats;
    }
}
