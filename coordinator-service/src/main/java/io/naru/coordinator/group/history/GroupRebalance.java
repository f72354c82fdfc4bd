package io.naru.coordinator.group.history;

/**
 * A rebalance: from the moment that something made the assignment wrong until every member had its part of the next one.
 *
 * @param epoch     group epoch (generation, in the classic protocol) that it led to, or that the group is at while it goes on
 * @param reason    what set it off, for people
 * @param startedMs epoch milliseconds
 * @param endedMs   epoch milliseconds; −1 while it goes on
 * @param members   how many there were at its end
 */
public record GroupRebalance(int epoch, String reason, long startedMs, long endedMs, int members) {

    /** It goes on. */
    public static final long NOT_ENDED = -1;
}
