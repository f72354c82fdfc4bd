package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.batch.FollowerBatches;
import io.naru.broker.log.cleaner.CleaningStoppedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Puts the batches of another replica into the place of damaged ones: a copy of the segment with the good bytes in it takes the
 * segment's place as a compacted one does ({@link SegmentSwap}), so a crash leaves the old segment or the new one. What the damage looks
 * like is found anew each time, so a report that is no longer true changes nothing.
 */
final class LogRepair {

    private final LogState log;
    private final LogRoller roller;
    private final SegmentSwap swap;

    LogRepair(LogState log, LogRoller roller, SegmentSwap swap) {
        this.log = log;
        this.roller = roller;
        this.swap = swap;
    }

    /**
     * Damaged bytes and what is around them.
     *
     * @param from        where they begin
     * @param to          where a whole batch follows, or the end of the segment
     * @param offsets     offsets that are missing
     * @param epochBefore leader epoch of the last batch before them, -1 when it is not in this segment
     */
    private record Hole(int from, int to, DamagedRange offsets, int epochBefore) {}

    /** What is missing where {@code damage} was reported; null when nothing is, or the segment is gone. */
    @Nullable
    DamagedRange range(LogDamage damage) throws IOException {
        LogSegment segment = segment(damage);
        Hole hole = segment == null ? null : hole(segment, damage.position());
        return hole == null ? null : hole.offsets();
    }

    void repair(LogDamage damage, ByteBuffer good, long nowMs) throws IOException {
        LogSegment segment = sealed(damage);
        Hole hole = hole(segment, damage.position());
        if (hole == null) {
            throw new CleaningStoppedException("there is no damage any more");
        }
        ByteBuffer batches = check(good, hole);
        LogEvents.quarantined(segment.file(), segment.keepAside(hole.from(), hole.to() - hole.from()));
        CleanedSegment copy = CleanedSegment.create(
                log.disk(), log.directory(), segment.baseOffset(), log.config().indexIntervalBytes());
        boolean finished = false;
        try {
            copy.copy(segment, 0, hole.from());
            copy.append(batches.duplicate());
            copy.copy(segment, hole.to(), segment.size());
            copy.indexAnew();
            copy.finish(Files.getLastModifiedTime(segment.file()));
            swap.replace(List.of(segment), copy, nowMs);
            finished = true;
        } finally {
            if (!finished) {
                copy.discard();
            }
        }
        noteProducers(batches, nowMs);
        LogEvents.repairedFromReplica(damage, hole.offsets());
    }

    private void noteProducers(ByteBuffer batches, long nowMs) {
        log.lock().lock();
        try {
            AppendedBatches.noteRepaired(batches, log.producers(), nowMs);
        } finally {
            log.lock().unlock();
        }
    }

    private @Nullable LogSegment segment(LogDamage damage) {
        return log.segments().all().stream()
                .filter(segment -> segment.file().equals(damage.file()))
                .findFirst()
                .orElse(null);
    }

    /** The segment, which takes no more appends from now on. */
    private LogSegment sealed(LogDamage damage) throws IOException {
        log.lock().lock();
        try {
            log.ensureWritable();
            LogSegment segment = segment(damage);
            if (segment == null) {
                throw new CleaningStoppedException("the log was changed meanwhile");
            }
            if (segment == log.segments().active()) {
                roller.rollTo(log.end().offset());
            }
            return segment;
        } finally {
            log.lock().unlock();
        }
    }

    /** The run of damaged batches that begins at {@code position}; null when a whole batch does, or no batch can. */
    private @Nullable Hole hole(LogSegment segment, int position) throws IOException {
        BatchChain chain = BatchChain.of(log, segment);
        long nextOffset = segment.baseOffset();
        int epoch = -1;
        SegmentScanner batches = segment.scan(0, SegmentScanner.SWEEP_CHUNK);
        boolean more = batches.next();
        while (more && batches.position() < position) {
            nextOffset = batches.lastOffset() + 1;
            epoch = BatchHeader.leaderEpoch(batches.header(), 0);
            more = batches.next();
        }
        if (batches.position() != position) {
            return null;
        }
        if (more && chain.fault(batches, nextOffset) == null && batches.crcMatches()) {
            return null;
        }
        more = more && batches.next();
        while (more && !chain.resumesAt(batches, nextOffset)) {
            more = batches.next();
        }
        if (!more) {
            batches = resume(segment, position, nextOffset, chain);
        }
        int to = batches == null ? segment.size() : batches.position();
        long end = batches == null ? chain.endOffset() : batches.baseOffset();
        return to == position ? null : new Hole(position, to, new DamagedRange(nextOffset, end), epoch);
    }

    /** Where a length is damaged no header leads on; the index knows of batches further behind. Null when there is none. */
    private static @Nullable SegmentScanner resume(LogSegment segment, int position, long nextOffset, BatchChain chain)
            throws IOException {
        for (int candidate : segment.indexes().positionsAfter(position)) {
            SegmentScanner batches = segment.scan(candidate, SegmentScanner.LOOKUP_CHUNK);
            if (batches.next() && chain.resumesAt(batches, nextOffset)) {
                return batches;
            }
        }
        return null;
    }

    /** The bytes, which fill the hole and nothing else. Compaction, here or there, may have taken offsets at either end. */
    private ByteBuffer check(ByteBuffer good, Hole hole) {
        ByteBuffer batches = FollowerBatches.whole(good);
        DamagedRange missing = hole.offsets();
        if (batches.limit() < good.remaining()) {
            throw new CorruptRecordException("the last batch for a repair is cut short");
        }
        FollowerBatches.checkFollows(batches, missing.firstOffset(), hole.epochBefore());
        boolean any = batches.hasRemaining();
        long first = any ? BatchHeader.baseOffset(batches, 0) : missing.firstOffset();
        long end = any ? FollowerBatches.lastOffset(batches) + 1 : missing.firstOffset();
        boolean all = first == missing.firstOffset() && end == missing.endOffset();
        if (end > missing.endOffset() || (!all && !log.config().compact())) {
            throw new CorruptRecordException("batches from " + first + " to " + end + " where those from "
                    + missing.firstOffset() + " to " + missing.endOffset() + " are missing");
        }
        return batches;
    }
}
