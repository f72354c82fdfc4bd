package io.naru.coordinator.shard;

import io.naru.coordinator.record.CoordinatorRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The log behind one shard under one owner: a partition of {@code __consumer_offsets}. Calls never overlap. */
interface ShardLog {

    /**
     * Appends records in order. Tries on until the log has said yes or a final no, so success means durable and failure means not written.
     *
     * @return fails with {@link ShardFencedException} when another owner has written since, or with another exception when the log
     *     refuses the records themselves
     */
    CompletableFuture<Void> append(List<CoordinatorRecord> records);

    /**
     * Reads everything from the beginning up to what is committed when the call is made. Unreadable records are skipped and reported.
     *
     * @param replay called in log order, on any thread, never twice at a time
     */
    CompletableFuture<Void> readAll(Consumer<CoordinatorRecord> replay);

    /** Gives up: nothing is tried any more. */
    void close();
}
