package io.naru.broker.log.cleaner;

/**
 * What a cleaning did.
 *
 * @param bytesRead    bytes of the segments that were gone through
 * @param bytesWritten bytes of the segments that took their place, or stayed as they were
 * @param cleanedTo    first offset that is dirty now
 */
public record CleaningResult(long bytesRead, long bytesWritten, long cleanedTo) {}
