package io.naru.broker.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at batches before they are handed out, so that no reader takes damage for good. What a CRC covers every reader checks for itself, so
 * for a client only the first batch is read for its CRC: one that found a damaged batch comes back for it. What lies outside is looked at in
 * every header. For another replica all CRCs are. Of what was appended a moment ago only the headers are looked at, which no CRC covers:
 * an epoch or an offset that is wrong would mislead a reader, bytes that are wrong only make it come back.
 */
final class ReadCheck {

    private final LogState log;

    /** Which batches are read for their CRCs. */
    enum Crcs {
        NONE,
        FIRST,
        ALL
    }

    ReadCheck(LogState log) {
        this.log = log;
    }

    /**
     * How many of the bytes may be handed out.
     *
     * @param from       where the first batch begins
     * @param nextOffset what comes after the batch before that
     * @throws DamagedBatchException when not even the first batch may
     */
    int good(LogSegment segment, int from, int bytes, long nextOffset, Crcs crcs) throws IOException {
        BatchChain chain = BatchChain.of(log, segment);
        int segmentSize = segment.size();
        SegmentScanner batches =
                segment.scan(from, crcs == Crcs.ALL ? SegmentScanner.SWEEP_CHUNK : SegmentScanner.LOOKUP_CHUNK);
        long next = nextOffset;
        int at = from;
        while (at < from + bytes) {
            boolean any = batches.next();
            boolean crc = crcs == Crcs.ALL || (crcs == Crcs.FIRST && at == from);
            String fault = fault(batches, any, chain, next, crc);
            if (fault != null) {
                return cut(
                        new LogDamage(segment.file(), at, next, any ? batches.size() : segmentSize - at, fault),
                        segment,
                        at - from);
            }
            next = batches.lastOffset() + 1;
            at = batches.position() + batches.size();
        }
        return bytes;
    }

    private static @Nullable String fault(SegmentScanner batches, boolean any, BatchChain chain, long next, boolean crc)
            throws IOException {
        if (!any) {
            return "no batch";
        }
        return crc && !batches.crcMatches() ? "CRC" : chain.fault(batches, next);
    }

    /** The log may be another by now, cut or compacted: then nothing is said. */
    private int cut(LogDamage damage, LogSegment segment, int goodBytes) {
        if (log.segments().all().contains(segment)) {
            log.damaged(damage);
        }
        if (goodBytes == 0) {
            throw new DamagedBatchException(damage);
        }
        return goodBytes;
    }
}
