package io.naru.broker.partition;

/**
 * Where a reader stands.
 *
 * @param offset           first offset wanted
 * @param leaderEpoch      the reader's idea of the leader epoch, or {@link Partition#NO_EPOCH} (KIP-320)
 * @param lastFetchedEpoch epoch of the last record that the reader has, or {@link Partition#NO_EPOCH}: shows whether its log agrees with
 *                         the leader's below {@code offset}
 */
public record FetchPosition(long offset, int leaderEpoch, int lastFetchedEpoch) {}
