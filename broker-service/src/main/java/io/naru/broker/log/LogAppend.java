package io.naru.broker.log;

/**
 * What an append did.
 *
 * @param firstOffset     offset of the first record
 * @param lastOffset      offset of the last record
 * @param logAppendTimeMs the leader's timestamp when the topic keeps append times, else -1
 * @param logStartOffset  log start offset at that moment
 * @param duplicate       whether nothing was written because the batch was there already, at these offsets
 */
public record LogAppend(
        long firstOffset, long lastOffset, long logAppendTimeMs, long logStartOffset, boolean duplicate) {

    /** Offset that follows: an acks=all answer waits until the high watermark reaches it. */
    public long nextOffset() {
        return lastOffset + 1;
    }
}
