package io.naru.broker.log;

/**
 * Offsets whose records a log does not have as they were written.
 *
 * @param firstOffset first of them
 * @param endOffset   where the log is whole again: the next batch that is, or the next segment
 */
public record DamagedRange(long firstOffset, long endOffset) {}
