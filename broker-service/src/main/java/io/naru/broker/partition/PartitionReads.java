package io.naru.broker.partition;

import io.naru.broker.log.EpochEnd;
import io.naru.broker.log.TimestampAndOffset;
import java.util.Optional;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;

/**
 * What is read of one partition, by those who tell an epoch and see nothing that is not committed. Thread-safe, and takes no lock: it sees
 * volatile ends and immutable lists.
 */
public final class PartitionReads {

    private final Partition partition;

    PartitionReads(Partition partition) {
        this.partition = partition;
    }

    /**
     * Reads committed records, for a client.
     *
     * @param minOneBatch whether the first batch comes even if it is larger than {@code maxBytes}
     * @throws NotLeaderOrFollowerException this broker does not lead; or nothing is left to read, and none can come as it is cut off
     */
    public PartitionRead read(FetchPosition from, int maxBytes, boolean minOneBatch) {
        long committed = partition.highWatermark();
        if (partition.isCutOff() && from.offset() >= committed) {
            throw new NotLeaderOrFollowerException(partition.name() + " may have another leader by now");
        }
        return read(from, maxBytes, minOneBatch, committed);
    }

    /** Reads below {@code bound}. */
    PartitionRead read(FetchPosition from, int maxBytes, boolean minOneBatch, long bound) {
        partition.checkEpoch(from.leaderEpoch());
        EpochEnd diverging = divergence(from);
        return diverging == null
                ? PartitionRead.of(
                        partition.highWatermark(), partition.log().read(from.offset(), maxBytes, minOneBatch, bound))
                : PartitionRead.diverging(
                        partition.highWatermark(), partition.log().logStartOffset(), diverging);
    }

    /** Where the reader's log parts from this one, or null when it does not. */
    private @Nullable EpochEnd divergence(FetchPosition from) {
        if (from.lastFetchedEpoch() < 0 || from.offset() < partition.log().logStartOffset()) {
            return null;
        }
        Optional<EpochEnd> here = partition.log().endOffsetForEpoch(from.lastFetchedEpoch());
        if (here.isEmpty()) { // an epoch that no leader of this log had: it is the reader's that is damaged
            int latest = partition
                    .log()
                    .latestEpoch()
                    .orElseThrow(() -> new OffsetOutOfRangeException(partition.name() + " has no epochs"));
            return new EpochEnd(latest, partition.log().logEndOffset());
        }
        boolean agrees =
                here.get().epoch() >= from.lastFetchedEpoch() && here.get().endOffset() >= from.offset();
        return agrees ? null : here.get();
    }

    /** First record at or after {@code timestamp}, among the committed. */
    public Optional<TimestampAndOffset> offsetForTimestamp(long timestamp, int leaderEpoch) {
        partition.checkEpoch(leaderEpoch);
        return committed(partition.log().offsetForTimestamp(timestamp));
    }

    /** The record with the largest timestamp, if it is committed. */
    public Optional<TimestampAndOffset> maxTimestamp(int leaderEpoch) {
        partition.checkEpoch(leaderEpoch);
        return committed(partition.log().maxTimestamp());
    }

    private Optional<TimestampAndOffset> committed(Optional<TimestampAndOffset> found) {
        long highWatermark = partition.highWatermark();
        if (found.isPresent() && found.get().offset() >= highWatermark) {
            requireWatermarkOfThisLeadership(highWatermark);
            return Optional.empty();
        }
        return found;
    }

    /**
     * The high watermark for clients that ask for the end of the log.
     *
     * @throws OffsetNotAvailableException a leader that has just begun may not know yet how far its predecessor had come (KIP-207)
     */
    public long latestOffset() {
        long highWatermark = partition.highWatermark();
        requireWatermarkOfThisLeadership(highWatermark);
        return highWatermark;
    }

    private void requireWatermarkOfThisLeadership(long highWatermark) {
        long start = partition.leading().startOffset();
        if (highWatermark < start) {
            throw new OffsetNotAvailableException("the high watermark of " + partition.name() + " is at "
                    + highWatermark + " and has not reached " + start + ", where this leadership began");
        }
    }

    /** Where {@code epoch} ends here (KIP-101). */
    public Optional<EpochEnd> endOfEpoch(int epoch, int currentLeaderEpoch) {
        partition.checkEpoch(currentLeaderEpoch);
        return partition.log().endOffsetForEpoch(epoch);
    }
}
