package io.naru.broker.log.cleaner;

import java.io.IOException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;

/** A log, as the cleaner sees it. Both methods are called by the cleaner's one thread. */
public interface Cleanable {

    /** Topic and partition. */
    TopicPartition topicPartition();

    /** How much there is to clean; {@link Dirtiness#NONE} for a log that is not compacted. */
    Dirtiness dirtiness(long nowMs) throws IOException;

    /**
     * Cleans from the start of the log to the end of what one map of {@code mapBytesMax} bytes can tell.
     *
     * @throws CorruptRecordException   naming file and position of damage; cleaning stops before it
     * @throws CleaningStoppedException when the throttle says so, or when the log was changed meanwhile
     */
    CleaningResult clean(long mapBytesMax, Throttle throttle, long nowMs) throws IOException;
}
