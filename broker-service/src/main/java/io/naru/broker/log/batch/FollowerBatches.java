package io.naru.broker.log.batch;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.RecordBatch;

/** What a follower checks of the batches that its leader sends: frames, CRCs, and that they follow its log. */
public final class FollowerBatches {

    private FollowerBatches() {}

    /** The whole batches at the beginning of {@code records}, from position 0; what a byte limit cut short is left out. */
    public static ByteBuffer whole(ByteBuffer records) {
        ByteBuffer batches = records.slice();
        int at = 0;
        while (batches.limit() - at >= BatchHeader.SIZE
                && BatchHeader.sizeInBytes(batches, at) <= batches.limit() - at) {
            long size = BatchHeader.sizeInBytes(batches, at);
            if (size < BatchHeader.SIZE || BatchHeader.magic(batches, at) != RecordBatch.MAGIC_VALUE_V2) {
                throw new CorruptRecordException(
                        "batch of " + size + " bytes and magic " + BatchHeader.magic(batches, at));
            }
            if (BatchHeader.storedCrc(batches, at) != BatchHeader.computeCrc(batches, at, (int) size)) {
                throw new CorruptRecordException(
                        "batch at offset " + BatchHeader.baseOffset(batches, at) + " does not match its CRC");
            }
            at += (int) size;
        }
        return batches.limit(at);
    }

    /** Checks that offsets rise from {@code nextOffset} and epochs do not fall below {@code epoch}. */
    public static void checkFollows(ByteBuffer batches, long nextOffset, int epoch) {
        long expected = nextOffset;
        int latest = epoch;
        for (int at = 0; at < batches.limit(); at += (int) BatchHeader.sizeInBytes(batches, at)) {
            long baseOffset = BatchHeader.baseOffset(batches, at);
            if (baseOffset < expected
                    || BatchHeader.lastOffsetDelta(batches, at) < 0
                    || BatchHeader.leaderEpoch(batches, at) < latest) {
                throw new CorruptRecordException(
                        "batch of offset " + baseOffset + " and epoch " + BatchHeader.leaderEpoch(batches, at)
                                + " where offset " + expected + " of epoch " + latest + " follows");
            }
            expected = BatchHeader.lastOffset(batches, at) + 1;
            latest = BatchHeader.leaderEpoch(batches, at);
        }
    }

    /** Where a run of batches from {@code at} on ends that fits {@code maxBytes} and one relative offset; one batch at least. */
    public static int endOfRun(ByteBuffer batches, int at, int maxBytes) {
        long baseOffset = BatchHeader.baseOffset(batches, at);
        int end = at;
        while (end < batches.limit()) {
            int next = end + (int) BatchHeader.sizeInBytes(batches, end);
            boolean fits =
                    next - at <= maxBytes && BatchHeader.lastOffset(batches, end) - baseOffset <= Integer.MAX_VALUE;
            if (!fits && end > at) {
                break;
            }
            end = next;
        }
        return end;
    }

    /** Last offset of the last batch. */
    public static long lastOffset(ByteBuffer batches) {
        int last = 0;
        for (int at = 0; at < batches.limit(); at += (int) BatchHeader.sizeInBytes(batches, at)) {
            last = at;
        }
        return BatchHeader.lastOffset(batches, last);
    }
}
