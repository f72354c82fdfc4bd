package io.naru.gateway.produce;

import io.naru.gateway.http.Problem;

/**
 * Learns what became of records. Called exactly once per record, on event loops or timers: must not block. The tag is the one the
 * record was given with.
 */
public interface RecordOutcome {

    /** No offset is known: acks=0. */
    long NO_OFFSET = -1;

    /** The broker kept the record's own time. */
    long OWN_TIMESTAMP = -1;

    /**
     * The record is in the log.
     *
     * @param offset    its offset, or {@link #NO_OFFSET}
     * @param timestamp the time the broker gave it, or {@link #OWN_TIMESTAMP}
     */
    void written(int tag, int partition, long offset, long timestamp);

    /** The record is not in the log, or nobody knows: the problem says which. */
    void failed(int tag, Problem problem);

    /** Several records may have been told in a row; this was the last for now. */
    default void settled() {}
}
