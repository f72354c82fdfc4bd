package io.naru.broker.log;

import java.io.IOException;

/** What the checkpoints of a data directory say of one log, as far as the log depends on it. */
interface LogCheckpoints {

    /** No checkpoints: nothing counts as durable, nothing is kept. */
    LogCheckpoints NONE = new LogCheckpoints() {};

    /** From now on bytes above {@code offset} may be unsynced again; on return a power cut cannot make anyone believe otherwise. */
    default void lowerRecoveryPoint(long offset) throws IOException {}

    /** The recovery point that the next start would find after a power cut now. */
    default long durableRecoveryPoint() {
        return 0;
    }

    /** Compaction has come to {@code offset}, or begins there; durable on return. From then on offsets may be missing in the log. */
    default void cleanedTo(long offset) throws IOException {}
}
