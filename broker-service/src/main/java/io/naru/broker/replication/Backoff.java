package io.naru.broker.replication;

/** How long to leave something alone that has failed: a little at first, so that a new leader is found soon, then longer. */
final class Backoff {

    private static final long FIRST_MS = 50;
    private static final long LONGEST_MS = 1_000;

    private long delayMs;
    private long untilMs;

    /** It failed. */
    void failed(long nowMs) {
        delayMs = delayMs == 0 ? FIRST_MS : Math.min(LONGEST_MS, 2 * delayMs);
        untilMs = nowMs + delayMs;
    }

    /** It went well. */
    void succeeded() {
        delayMs = 0;
    }

    /** Ms left until it may be tried again; 0 when it may. */
    long leftMs(long nowMs) {
        return delayMs == 0 ? 0 : Math.max(0, untilMs - nowMs);
    }
}
