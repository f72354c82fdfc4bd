package io.naru.broker.partition;

import io.naru.broker.log.EpochEnd;
import io.naru.broker.log.Log;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * A replica as its follower side sees it: where to fetch next, and what to do with the leader's answer. Every change names the leader epoch
 * in which the answer was given, and is left undone when that is over. For one fetcher at a time.
 */
public final class FollowerLog {

    private final Partition partition;
    private final Log log;

    FollowerLog(Partition partition) {
        this.partition = partition;
        this.log = partition.log();
    }

    /** Where to fetch next in {@code leaderEpoch}. */
    public FetchPosition position(int leaderEpoch) {
        OptionalInt latest = log.latestEpoch();
        return new FetchPosition(log.logEndOffset(), leaderEpoch, latest.orElse(Partition.NO_EPOCH));
    }

    /**
     * Appends what the leader sent for {@code fetchOffset} and takes over its high watermark and log start offset. An answer to an earlier
     * fetch, for another offset than the log now ends at, is left aside.
     *
     * @throws CorruptRecordException a batch is damaged or does not follow the log; it was not stored
     */
    public boolean append(int leaderEpoch, long fetchOffset, LeaderAnswer answer, long nowMs) {
        return partition.changeAsFollower(leaderEpoch, () -> {
            if (log.logEndOffset() != fetchOffset) {
                return 0;
            }
            makeRoomBelow(fetchOffset, answer.records().buffer());
            log.appendAsFollower(answer.records(), nowMs);
            raiseLogStart(answer.logStartOffset());
            return answer.highWatermark();
        });
    }

    /**
     * What the leader sent.
     *
     * @param highWatermark  the leader's
     * @param logStartOffset the leader's
     */
    public record LeaderAnswer(MemoryRecords records, long highWatermark, long logStartOffset) {}

    /**
     * The leader's log may start in the middle of a batch, which comes whole. An empty log that was to go on there goes on where the
     * batch begins; the records below the start stay hidden.
     */
    private void makeRoomBelow(long fetchOffset, ByteBuffer batches) {
        boolean isEmpty = log.logStartOffset() == fetchOffset;
        if (isEmpty && batches.remaining() >= DefaultRecordBatch.RECORD_BATCH_OVERHEAD) {
            long baseOffset = batches.getLong(batches.position());
            if (baseOffset >= 0 && baseOffset < fetchOffset) {
                log.truncateFullyAndStartAt(baseOffset);
            }
        }
    }

    private void raiseLogStart(long leaderLogStart) {
        long start = Math.min(leaderLogStart, log.logEndOffset());
        if (start > log.logStartOffset()) {
            log.deleteRecordsBefore(start);
        }
    }

    /**
     * The leader says where the logs part: its largest epoch at or below this log's last, and where that ends. What is above goes; when
     * this log does not have that epoch, the next fetch finds the next place where they part (KIP-101, KIP-279).
     */
    public boolean truncate(int leaderEpoch, EpochEnd leaders) {
        return change(leaderEpoch, () -> log.truncateTo(commonEnd(leaders)));
    }

    private long commonEnd(EpochEnd leaders) {
        EpochEnd here = log.endOffsetForEpoch(leaders.epoch()).orElse(null);
        long end = log.logEndOffset();
        if (here == null) {
            return Math.min(leaders.endOffset(), end);
        }
        long common = Math.min(here.endOffset(), end);
        return here.epoch() == leaders.epoch() ? Math.min(common, leaders.endOffset()) : common;
    }

    /** The leader's log is shorter, and no epoch tells where they part. */
    public boolean truncateTo(int leaderEpoch, long leaderLogEnd) {
        return change(leaderEpoch, () -> log.truncateTo(leaderLogEnd));
    }

    /** The leader has nothing any more of what would come next: all of this log is older than its start. */
    public boolean restartAt(int leaderEpoch, long leaderLogStart) {
        return change(leaderEpoch, () -> log.truncateFullyAndStartAt(leaderLogStart));
    }

    private boolean change(int leaderEpoch, Runnable change) {
        return partition.changeAsFollower(leaderEpoch, () -> {
            change.run();
            return 0;
        });
    }
}
