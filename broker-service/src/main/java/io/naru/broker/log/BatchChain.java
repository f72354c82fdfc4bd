package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Whether a batch is where it belongs. Base offset, length and leader epoch lie outside a batch's CRC; the batches around it and the
 * epochs of the log tell what they must be.
 */
final class BatchChain {

    private final LogSegment segment;
    private final long endOffset;
    private final LeaderEpochs epochs;

    /** @param endOffset where the next segment begins, or the log ends */
    BatchChain(LogSegment segment, long endOffset, LeaderEpochs epochs) {
        this.segment = segment;
        this.endOffset = endOffset;
        this.epochs = epochs;
    }

    /** The chain of a segment as the log is now. */
    static BatchChain of(LogState log, LogSegment segment) {
        LogSegment next = log.segments().after(segment.baseOffset());
        return new BatchChain(segment, next == null ? log.end().offset() : next.baseOffset(), log.epochs());
    }

    long endOffset() {
        return endOffset;
    }

    /**
     * What is wrong with a batch beside its CRC; null when nothing is. Offsets may be missing before it, for compaction takes them, unless
     * the batch that follows shows that there is no gap.
     *
     * @param nextOffset what comes after the batch before
     */
    @Nullable
    String fault(SegmentScanner batch, long nextOffset) throws IOException {
        long base = batch.baseOffset();
        if (base < nextOffset || batch.lastOffset() >= endOffset || (base > nextOffset && isNoGap(batch, nextOffset))) {
            return "offset " + base + " where " + nextOffset + " follows";
        }
        return epochFault(batch);
    }

    /** Whether the batch, behind damage of unknown length, may be where the log is whole again. */
    boolean resumesAt(SegmentScanner batch, long nextOffset) throws IOException {
        return batch.baseOffset() >= nextOffset
                && batch.lastOffset() < endOffset
                && batch.lastOffset() < following(batch)
                && epochFault(batch) == null
                && batch.crcMatches();
    }

    private @Nullable String epochFault(SegmentScanner batch) {
        int epoch = BatchHeader.leaderEpoch(batch.header(), 0);
        OptionalInt known = epochs.at(batch.baseOffset());
        return known.isPresent() && known.getAsInt() != epoch
                ? "leader epoch " + epoch + " where it is " + known.getAsInt()
                : null;
    }

    private boolean isNoGap(SegmentScanner batch, long nextOffset) throws IOException {
        long following = following(batch);
        int delta = BatchHeader.lastOffsetDelta(batch.header(), 0);
        return following == nextOffset + delta + 1 && following <= batch.lastOffset();
    }

    /** Where the batch after this one begins, or the segment ends. */
    private long following(SegmentScanner batch) throws IOException {
        SegmentScanner next = segment.scan(batch.position() + batch.size(), SegmentScanner.LOOKUP_CHUNK);
        return next.next() ? next.baseOffset() : endOffset;
    }
}
