package io.naru.broker.partition;

import io.naru.broker.log.DamagedBatchException;
import io.naru.broker.log.EpochEnd;
import io.naru.broker.log.LogRead;
import io.naru.broker.log.TimestampAndOffset;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.KafkaStorageException;
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
        return read(from, () -> partition.log().read(from.offset(), maxBytes, minOneBatch, committed));
    }

    /** Reads to the end of the log, for a follower. */
    PartitionRead readAll(FetchPosition from, int maxBytes, boolean minOneBatch) {
        return read(from, () -> partition.log().readForReplica(from.offset(), maxBytes, minOneBatch, Long.MAX_VALUE));
    }

    private PartitionRead read(FetchPosition from, Supplier<LogRead> read) {
        partition.checkEpoch(from.leaderEpoch());
        EpochEnd diverging = divergence(from);
        return diverging == null
                ? PartitionRead.of(partition.highWatermark(), undamaged(read))
                : PartitionRead.diverging(
                        partition.highWatermark(), partition.log().logStartOffset(), diverging);
    }

    /**
     * Damage here is no news to the reader, who is to come back when another replica has helped: clients do so by themselves after error 56.
     * Where there is no other, they are told (2).
     */
    private LogRead undamaged(Supplier<LogRead> read) {
        try {
            return read.get();
        } catch (DamagedBatchException e) {
            if (partition.hasOtherReplicas()) {
                throw new KafkaStorageException(partition.name() + " is being repaired", e);
            }
            throw e;
        }
    }

    /**
     * Reads committed records for the leader, who repairs its log with them; of a follower, who is asked by nobody else.
     *
     * @throws NotLeaderOrFollowerException it is not in the follower's epoch that the leader asks
     */
    PartitionRead readForRepair(FetchPosition from, int leaderEpoch, int maxBytes) {
        if (from.leaderEpoch() != leaderEpoch) {
            throw new NotLeaderOrFollowerException(
                    partition.name() + " is in leader epoch " + leaderEpoch + ", not " + from.leaderEpoch());
        }
        long committed = partition.highWatermark();
        return PartitionRead.of(
                committed,
                partition.log().readForReplica(from.offset(), maxBytes, true, Math.max(committed, from.offset())));
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
