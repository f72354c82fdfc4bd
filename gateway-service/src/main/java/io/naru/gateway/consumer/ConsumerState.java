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
 * @param unanswered       where it stood before its last read, as long as nobody knows whether that was answered; else null
 */
record ConsumerState(
        RecordForm form,
        boolean fromEarliest,
        boolean autoCommit,
        int requestTimeoutMs,
        long usedMs,
        @Nullable GroupCursor cursor,
        @Nullable GroupCursor unanswered) {

    ConsumerState with(@Nullable GroupCursor next) {
        return new ConsumerState(form, fromEarliest, autoCommit, requestTimeoutMs, usedMs, next, null);
    }

    /** After a read whose records are still to be sent. */
    ConsumerState read(GroupCursor next) {
        return new ConsumerState(form, fromEarliest, autoCommit, requestTimeoutMs, usedMs, next, cursor);
    }

    /** The last read was answered. */
    ConsumerState answered() {
        return with(cursor);
    }

    /** The last read was never answered: its records come again. */
    ConsumerState rolledBack() {
        return with(unanswered);
    }

    ConsumerState usedAt(long ms) {
        return new ConsumerState(form, fromEarliest, autoCommit, requestTimeoutMs, ms, cursor, unanswered);
    }
}
