package io.naru.broker.log;

import io.naru.broker.log.cleaner.CleaningStoppedException;
import io.naru.broker.log.cleaner.Throttle;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every log again from time to time, so that rot is found while there is still a copy elsewhere. {@link #scrubNext} is for one
 * thread; the rest for anyone.
 */
public final class LogScrubber {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogScrubber.class);

    private final Supplier<? extends Collection<Log>> logs;
    private final long intervalMs;
    private final Throttle throttle;
    private final Map<TopicPartition, Long> scrubbedMs = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    /** @param intervalMs how long after it was read a log is read again */
    public LogScrubber(Supplier<? extends Collection<Log>> logs, long intervalMs, Throttle throttle) {
        this.logs = logs;
        this.intervalMs = intervalMs;
        this.throttle = used -> {
            bytes.addAndGet(used);
            throttle.used(used);
        };
    }

    /** Reads the log that has waited longest; false when none has waited long enough. */
    public boolean scrubNext(long nowMs) {
        Collection<Log> present = logs.get();
        Optional<Log> next = present.stream()
                .filter(log -> nowMs - last(log) >= intervalMs)
                .min(Comparator.comparingLong(this::last));
        next.ifPresent(log -> scrub(log, nowMs));
        List<TopicPartition> names = present.stream().map(Log::topicPartition).toList();
        scrubbedMs.keySet().retainAll(names);
        return next.isPresent();
    }

    /** Has a log read again as soon as possible, when its damage was repaired for one. */
    public void scrubSoon(TopicPartition partition) {
        scrubbedMs.remove(partition);
    }

    private long last(Log log) {
        return scrubbedMs.getOrDefault(log.topicPartition(), Long.MIN_VALUE / 2);
    }

    private void scrub(Log log, long nowMs) {
        scrubbedMs.put(log.topicPartition(), nowMs);
        try {
            log.scrub(throttle);
        } catch (CleaningStoppedException e) {
            scrubbedMs.remove(log.topicPartition());
            throw e;
        } catch (KafkaStorageException e) {
            LOGGER.atError()
                    .addKeyValue("directory", log.directory())
                    .setCause(e)
                    .log("log cannot be read through");
        }
    }

    /** Bytes read since the start. */
    public long bytesRead() {
        return bytes.get();
    }
}
