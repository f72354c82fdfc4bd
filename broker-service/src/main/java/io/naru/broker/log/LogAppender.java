package io.naru.broker.log;

import io.naru.broker.log.batch.BatchHeader;
import io.naru.broker.log.batch.FollowerBatches;
import io.naru.broker.log.batch.LeaderBatch;
import io.naru.broker.log.producer.ProducerBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;

/** Puts checked batches at the end of one log: sequences, offsets, epochs, one write, publication. Under the log's lock. */
final class LogAppender {

    private final LogState log;
    private final LogRoller roller;

    LogAppender(LogState log, LogRoller roller) {
        this.log = log;
        this.roller = roller;
    }

    LogAppend append(LeaderBatch batch, int leaderEpoch, long ifEnd, long nowMs) {
        LogConfig config = log.config();
        if (batch.sizeInBytes() > config.segmentBytes()) {
            throw new RecordBatchTooLargeException(
                    "batch of " + batch.sizeInBytes() + " bytes, more than segment.bytes " + config.segmentBytes());
        }
        int latestEpoch = log.epochs().latest().orElse(-1);
        if (leaderEpoch < latestEpoch) {
            throw new FencedLeaderEpochException(
                    "leader epoch " + leaderEpoch + " is below " + latestEpoch + " of " + log.topicPartition());
        }
        if (batch.producerId() >= 0) {
            ProducerBatch repeated = log.producers()
                    .check(batch.producerId(), batch.producerEpoch(), batch.baseSequence(), batch.count());
            if (repeated != null) {
                long logAppendTimeMs = config.logAppendTime() ? repeated.timestampMs() : -1;
                return new LogAppend(
                        repeated.firstOffset(), repeated.lastOffset(), logAppendTimeMs, log.logStartOffset(), true);
            }
        }
        long firstOffset = log.end().offset();
        if (ifEnd != Log.ANY_END && ifEnd != firstOffset) {
            throw new UnexpectedEndException(ifEnd, firstOffset);
        }
        long lastOffset = firstOffset + batch.count() - 1;
        batch.stamp(firstOffset, leaderEpoch);
        write(batch.buffer(), firstOffset, lastOffset, nowMs);
        return new LogAppend(firstOffset, lastOffset, batch.logAppendTimeMs(), log.logStartOffset(), false);
    }

    LogAppend appendAsFollower(ByteBuffer batches, long nowMs) {
        FollowerBatches.checkFollows(
                batches, log.end().offset(), log.epochs().latest().orElse(-1));
        for (int at = 0; at < batches.limit(); ) {
            int runEnd = FollowerBatches.endOfRun(batches, at, log.config().segmentBytes());
            ByteBuffer run = batches.slice(at, runEnd - at);
            write(run, BatchHeader.baseOffset(run, 0), FollowerBatches.lastOffset(run), nowMs);
            at = runEnd;
        }
        return new LogAppend(
                BatchHeader.baseOffset(batches, 0), log.end().offset() - 1, -1, log.logStartOffset(), false);
    }

    private void write(ByteBuffer batches, long firstOffset, long lastOffset, long nowMs) {
        try {
            LogSegment segment = roller.segmentFor(firstOffset, lastOffset, batches.remaining(), nowMs);
            AppendedBatches.noteEpochs(batches, log.epochs());
            segment.append(batches, nowMs);
            AppendedBatches.noteProducers(batches, log.producers(), nowMs);
            log.publishEnd(lastOffset + 1, segment);
            log.accepted();
        } catch (SegmentWriter.TornWriteException e) {
            throw log.fail(e);
        } catch (IOException e) {
            log.refused(nowMs);
            throw log.ioError("append", e);
        }
    }
}
