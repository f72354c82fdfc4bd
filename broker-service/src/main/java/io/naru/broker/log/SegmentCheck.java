package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.checkpoint.EpochCheckpoint.EpochStart;
import io.naru.broker.log.disk.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks every batch of one segment file and builds its indexes on the way. A batch counts when its frame is whole, its CRC fits,
 * and its offset follows.
 *
 * <p>Base offset and leader epoch lie outside the CRC, so a flipped bit in them leaves a batch that is otherwise whole. Where the
 * neighbours leave no doubt what the field was, it is set right in the file; else the log ends before the batch.
 */
final class SegmentCheck {

    /** A leader epoch further than this above the one before, in the last batch there is, counts as damage. */
    private static final int EPOCH_JUMP_MAX = 1 << 16;

    private final LogSegment segment;
    private final long followingSegment;
    private final FileChannel channel;
    private final long fileSize;
    /** Whether offsets may be missing: compaction takes them, and once there was one gap there may be another. */
    private boolean gapsExpected;

    private final SegmentIndexes indexes;
    private final int indexIntervalBytes;

    private long nextOffset;
    private List<EpochStart> epochs;
    private @Nullable String stoppedBy;
    private int validBytes;

    /**
     * @param nextOffset offset that the first batch has, or above which it lies
     * @param epochs     leader epochs of the log before this segment
     * @param followingSegment where the next segment begins, -1 when this is the last
     */
    SegmentCheck(
            LogSegment segment,
            FileChannel channel,
            LogConfig config,
            long nextOffset,
            List<EpochStart> epochs,
            long followingSegment)
            throws IOException {
        this.segment = segment;
        this.followingSegment = followingSegment;
        this.channel = channel;
        this.fileSize = Math.min(channel.size(), Integer.MAX_VALUE);
        this.gapsExpected = config.compact();
        this.indexes = SegmentIndexes.empty(segment.baseOffset());
        this.indexIntervalBytes = config.indexIntervalBytes();
        this.nextOffset = nextOffset;
        this.epochs = epochs;
    }

    /** Is shown each batch that counts, its header set right. */
    interface Visitor {
        void batch(ByteBuffer header, int position, int size) throws IOException;
    }

    /** Goes through the file up to its end or to the first batch that does not count. */
    void run(Visitor visitor) throws IOException {
        SegmentScanner batches = new SegmentScanner(() -> channel, 0, fileSize, SegmentScanner.SWEEP_CHUNK);
        while (batches.next()) {
            if (!batches.crcMatches()) {
                stoppedBy = "CRC";
                return;
            }
            long baseOffset = settledOffset(batches);
            long lastOffset = baseOffset + BatchHeader.lastOffsetDelta(batches.header(), 0);
            if (baseOffset < nextOffset || lastOffset - segment.baseOffset() > Integer.MAX_VALUE) {
                stoppedBy = "offset " + batches.baseOffset() + " where " + nextOffset + " follows";
                return;
            }
            int epoch = settledEpoch(batches);
            if (epoch < 0) {
                stoppedBy = "leader epoch " + BatchHeader.leaderEpoch(batches.header(), 0);
                return;
            }
            epochs = LeaderEpochs.assigned(epochs, epoch, baseOffset);
            indexes.note(batches.position(), batches.size(), lastOffset, batches.maxTimestamp(), indexIntervalBytes);
            batches.header().putLong(0, baseOffset);
            visitor.batch(batches.header(), batches.position(), batches.size());
            nextOffset = lastOffset + 1;
            validBytes = batches.position() + batches.size();
        }
        if (validBytes < fileSize && !isPreallocated()) {
            stoppedBy = "no whole batch";
        }
    }

    /** Zeros up to where the next segment goes on: the file got its length in advance, and no record is missing. */
    private boolean isPreallocated() throws IOException {
        return followingSegment == nextOffset && TailDamage.isZero(channel, validBytes, fileSize);
    }

    private long settledOffset(SegmentScanner batches) throws IOException {
        long stored = batches.baseOffset();
        if (stored == nextOffset) {
            return stored;
        }
        int delta = BatchHeader.lastOffsetDelta(batches.header(), 0);
        SegmentScanner following = following(batches);
        boolean more = following.next();
        long follower = more ? following.baseOffset() : followingSegment;
        boolean followerFitsStored = follower >= 0 && follower > stored + delta;
        boolean followerFitsExpected = follower >= 0 && follower == nextOffset + delta + 1;
        boolean oneBit = Long.bitCount(stored ^ nextOffset) == 1;
        boolean damaged = stored < nextOffset
                ? oneBit || followerFitsExpected
                : (followerFitsExpected && !followerFitsStored) || (follower < 0 && oneBit && !gapsExpected);
        if (damaged) {
            repair(
                    batches.position(),
                    ByteBuffer.allocate(Long.BYTES).putLong(nextOffset).flip(),
                    "base offset");
            return nextOffset;
        }
        gapsExpected |= stored > nextOffset && nextOffset > segment.baseOffset();
        return stored;
    }

    /** The epoch of the batch, set right when a single bit of it is wrong; -1 when it cannot be and no one knows what it was. */
    private int settledEpoch(SegmentScanner batches) throws IOException {
        int stored = BatchHeader.leaderEpoch(batches.header(), 0);
        int before = epochs.isEmpty() ? 0 : epochs.get(epochs.size() - 1).epoch();
        if (stored == before) {
            return stored;
        }
        SegmentScanner following = following(batches);
        boolean more = following.next();
        int after = more ? BatchHeader.leaderEpoch(following.header(), 0) : Integer.MAX_VALUE;
        boolean jump = !more && stored > before && stored - before > EPOCH_JUMP_MAX;
        boolean aboveNext = stored > after && after >= before;
        if (stored > before && !jump && !aboveNext) {
            return stored;
        }
        int epoch = -1;
        if (Integer.bitCount(stored ^ before) == 1) {
            epoch = before;
        } else if (aboveNext && Integer.bitCount(stored ^ after) == 1) {
            epoch = after;
        }
        if (epoch >= 0) {
            repair(
                    batches.position() + BatchHeader.LOG_OVERHEAD,
                    ByteBuffer.allocate(Integer.BYTES).putInt(epoch).flip(),
                    "leader epoch");
        }
        return epoch;
    }

    private SegmentScanner following(SegmentScanner batches) {
        return new SegmentScanner(
                () -> channel, (long) batches.position() + batches.size(), fileSize, BatchHeader.SIZE);
    }

    private void repair(long position, ByteBuffer bytes, String field) throws IOException {
        FileBytes.writeFully(channel, bytes, position);
        LogEvents.repaired(segment.file(), position, field);
    }

    /** Why the check ended before the file did; null when all of it counts. */
    @Nullable
    String stoppedBy() {
        return stoppedBy;
    }

    /** Bytes of whole batches at the beginning of the file. */
    int validBytes() {
        return validBytes;
    }

    long fileSize() {
        return fileSize;
    }

    /** Offset after the last batch that counts. */
    long nextOffset() {
        return nextOffset;
    }

    List<EpochStart> epochs() {
        return epochs;
    }

    SegmentIndexes indexes() {
        return indexes;
    }
}
