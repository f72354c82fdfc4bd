package io.naru.broker.log;

import java.util.Collection;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What time brings about in the logs of one broker: rolling, flushing, expiry, retention. Used by one thread. */
final class LogUpkeep {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogUpkeep.class);
    private static final long RETENTION_INTERVAL_MS = 5_000;

    private final RetentionClock clock;
    private final BooleanSupplier filesScarce;
    private volatile boolean clockBelieved;
    private long lastRetentionMs;

    /** @param filesScarce whether the process has many of the files open that it may */
    LogUpkeep(RetentionClock clock, BooleanSupplier filesScarce) {
        this.clock = clock;
        this.filesScarce = filesScarce;
    }

    /** Looks after all logs; a directory in which one of them failed goes offline. */
    void tick(Collection<HostedLog> logs, long nowMs) {
        clockBelieved = clock.believes(nowMs);
        boolean retention = nowMs - lastRetentionMs >= RETENTION_INTERVAL_MS || nowMs < lastRetentionMs;
        if (retention) {
            lastRetentionMs = nowMs;
        }
        for (HostedLog hosted : logs) {
            if (!hosted.directory().offline()) {
                tick(hosted, retention && hosted.configured(), nowMs);
            }
            if (hosted.log().failure().isPresent()) {
                LogDirectories.takeOffline(hosted.directory(), logs);
            }
        }
        if (retention) {
            closeUnusedFiles(logs, nowMs);
        }
    }

    private void closeUnusedFiles(Collection<HostedLog> logs, long nowMs) {
        boolean scarce = filesScarce.getAsBoolean();
        try {
            for (HostedLog hosted : logs) {
                if (!hosted.directory().offline()) {
                    hosted.log().closeUnusedFiles(nowMs, scarce);
                }
            }
        } catch (KafkaStorageException e) {
            LOGGER.atError().setCause(e).log("unused files not closed, to be tried again");
        }
    }

    private void tick(HostedLog hosted, boolean retention, long nowMs) {
        try {
            hosted.log().tick(nowMs, clockBelieved);
            if (retention) {
                hosted.log().deleteOldSegments(nowMs, clockBelieved);
            }
        } catch (KafkaStorageException e) {
            LOGGER.atError()
                    .addKeyValue("directory", hosted.log().directory())
                    .setCause(e)
                    .log("upkeep of a log failed");
        }
    }

    /** Whether the wall clock may decide about data at the moment. */
    boolean clockBelieved() {
        return clockBelieved;
    }
}
