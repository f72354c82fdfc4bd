package io.naru.gateway.produce;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Looks at a record that stands in a log. */
@FunctionalInterface
public interface ReadBack {

    /**
     * A record that stands in a log.
     *
     * @param timestamp its time
     * @param key       its key, or null
     * @param value     its value, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by content where it is compared
    record Stored(long timestamp, byte @Nullable [] key, byte @Nullable [] value) {}

    /** The record at an offset; null when it is there no longer. Fails with what kept the cluster from answering. */
    CompletableFuture<@Nullable Stored> at(TopicPartition partition, long offset);
}
