package io.naru.system.fault;

/**
 * Something that may never happen, by the names of Jepsen's Kafka workload where it has one.
 *
 * @param kind   of what sort
 * @param detail which records, and where
 */
record Anomaly(Kind kind, String detail) {

    enum Kind {
        /** Acknowledged, and not there at the end. */
        LOST_WRITE,
        /** One value at two offsets. */
        DUPLICATE,
        /** Two values at one offset, or a value at another offset than the one acknowledged. */
        INCONSISTENT_OFFSETS,
        /** One writer's records of one partition are not in the order in which they were sent. */
        NONMONOTONIC_SEND,
        /** A write that began after another had been acknowledged stands before it. */
        REAL_TIME_ORDER,
        /** A reader went back within its assignment. */
        NONMONOTONIC_POLL,
        /** A reader passed over records that are there at the end. */
        POLL_SKIP,
        /** A reader saw what is not there at the end: it was shown a record that was not committed. */
        VANISHED,
        /** A record that nobody sent. */
        UNKNOWN_RECORD
    }

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
