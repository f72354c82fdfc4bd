package io.naru.broker.partition;

import io.naru.cluster.control.BrokerRegistration;

/**
 * How far one follower has come in one leadership, by its fetches. Times are of a clock that only goes forward. Confined to its
 * {@link Leadership}.
 */
final class FollowerProgress {

    private static final long NEVER = -1;

    private final int brokerId;
    private long brokerEpoch = BrokerRegistration.UNKNOWN_EPOCH;
    private long logEndOffset = NEVER;
    private boolean caughtUpOnce;
    private long caughtUpMs;
    private long fetchedMs;
    private long leaderEndAtFetch = NEVER;

    /** @param inSync whether it counts as caught up for now, as a member of the ISR does when a leadership begins */
    FollowerProgress(int brokerId, boolean inSync, long nowMs) {
        this.brokerId = brokerId;
        this.caughtUpOnce = inSync;
        this.caughtUpMs = nowMs;
        this.fetchedMs = nowMs;
    }

    int brokerId() {
        return brokerId;
    }

    /** When it last fetched, or the leadership began. */
    long heardMs() {
        return fetchedMs;
    }

    /** Registration in which it last fetched; −1 before its first fetch. */
    long brokerEpoch() {
        return brokerEpoch;
    }

    /** The offset it fetched from: it has all records below; −1 before its first fetch. */
    long logEndOffset() {
        return logEndOffset;
    }

    /**
     * It fetched. It had caught up at the time of its last fetch when it now has all that there was then.
     *
     * @param leaderEndOffset end of the leader's log when the fetch was read
     */
    void fetched(long fetcherEpoch, long fetchOffset, long leaderEndOffset, long nowMs) {
        if (fetcherEpoch != brokerEpoch) {
            if (brokerEpoch != BrokerRegistration.UNKNOWN_EPOCH) {
                caughtUpOnce = false; // it began anew, perhaps without what it had
            }
            brokerEpoch = fetcherEpoch;
            leaderEndAtFetch = NEVER;
        }
        if (fetchOffset >= leaderEndOffset) {
            caughtUp(nowMs);
        } else if (leaderEndAtFetch != NEVER && fetchOffset >= leaderEndAtFetch) {
            caughtUp(fetchedMs);
        }
        logEndOffset = fetchOffset;
        leaderEndAtFetch = leaderEndOffset;
        fetchedMs = nowMs;
    }

    private void caughtUp(long atMs) {
        caughtUpMs = caughtUpOnce ? Math.max(caughtUpMs, atMs) : atMs;
        caughtUpOnce = true;
    }

    /** Whether it has everything, or had within the last {@code lagMaxMs}. */
    boolean keepsUp(long leaderEndOffset, long nowMs, long lagMaxMs) {
        return logEndOffset == leaderEndOffset || (caughtUpOnce && nowMs - caughtUpMs <= lagMaxMs);
    }
}
