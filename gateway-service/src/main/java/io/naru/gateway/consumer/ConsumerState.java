package io.naru.gateway.consumer;

import io.naru.gateway.cursor.GroupCursor;
import org.jspecify.annotations.Nullable;

/**
 * An instance.
 *
 * @param form             how its records are shown
 * @param fromEarliest     where it begins in partitions of which nothing is committed
 * @param autoCommit       whether a read commits what the read before it brought
 * @param requestTimeoutMs how long its reads wait that do not say
 * @param usedMs           when it was last used, a little late
 * @param cursor           where its member stands; null when it reads nothing
 */
record ConsumerState(
        RecordForm form,
        boolean fromEarliest,
        boolean autoCommit,
        int requestTimeoutMs,
        long usedMs,
        @Nullable GroupCursor cursor) {

    ConsumerState with(@Nullable GroupCursor next) {
        return new ConsumerState(form, fromEarliest, autoCommit, requestTimeoutMs, usedMs, next);
    }

    ConsumerState usedAt(long ms) {
        return new ConsumerState(form, fromEarliest, autoCommit, requestTimeoutMs, ms, cursor);
    }
}
