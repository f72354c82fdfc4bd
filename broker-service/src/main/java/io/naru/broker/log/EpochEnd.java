package io.naru.broker.log;

/**
 * Where an epoch ends in this log (KIP-101, KIP-279).
 *
 * @param epoch     the largest epoch of the log at or below the one asked for
 * @param endOffset first offset that is not of that epoch
 */
public record EpochEnd(int epoch, long endOffset) {}
