package io.naru.broker.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a log should contain: a list. */
final class LogModel {

    /** One batch; {@code producerId} is -1 without a producer. */
    record Batch(
            long baseOffset,
            List<String> values,
            List<Long> timestamps,
            int leaderEpoch,
            long producerId,
            short producerEpoch,
            int firstSequence) {

        long lastOffset() {
            return baseOffset + values.size() - 1;
        }

        long nextOffset() {
            return baseOffset + values.size();
        }

        int nextSequence() {
            return (firstSequence + values.size()) & Integer.MAX_VALUE;
        }
    }

    private final List<Batch> batches = new ArrayList<>();
    private long emptyEnd;
    long start;

    List<Batch> batches() {
        return batches;
    }

    long end() {
        return batches.isEmpty() ? emptyEnd : batches.get(batches.size() - 1).nextOffset();
    }

    void append(Batch batch) {
        batches.add(batch);
    }

    void truncateTo(long offset) {
        batches.removeIf(batch -> batch.lastOffset() >= offset);
        start = Math.min(start, end());
    }

    void restartAt(long offset) {
        batches.clear();
        emptyEnd = offset;
        start = offset;
    }

    /** {@code offset=value} from {@code offset} on. */
    List<String> contents(long offset, long bound) {
        List<String> all = new ArrayList<>();
        for (Batch batch : batches) {
            for (int i = 0; i < batch.values().size(); i++) {
                long at = batch.baseOffset() + i;
                if (at >= offset && at < bound) {
                    all.add(at + "=" + batch.values().get(i));
                }
            }
        }
        return all;
    }

    Optional<TimestampAndOffset> offsetForTimestamp(long timestamp) {
        for (Batch batch : batches) {
            for (int i = 0; i < batch.values().size(); i++) {
                if (batch.timestamps().get(i) >= timestamp && batch.baseOffset() + i >= start) {
                    return Optional.of(new TimestampAndOffset(batch.timestamps().get(i), batch.baseOffset() + i));
                }
            }
        }
        return Optional.empty();
    }

    Optional<TimestampAndOffset> maxTimestamp() {
        TimestampAndOffset max = new TimestampAndOffset(-1, -1);
        for (Batch batch : batches) {
            for (int i = 0; i < batch.values().size(); i++) {
                if (batch.timestamps().get(i) > max.timestamp() && batch.baseOffset() + i >= start) {
                    max = new TimestampAndOffset(batch.timestamps().get(i), batch.baseOffset() + i);
                }
            }
        }
        return max.timestamp() < 0 ? Optional.empty() : Optional.of(max);
    }

    /** The last five batches of the producer's latest epoch, oldest first. */
    List<Batch> lastBatches(long producerId) {
        List<Batch> last = new ArrayList<>();
        for (Batch batch : batches) {
            if (batch.producerId() == producerId) {
                if (!last.isEmpty() && last.get(0).producerEpoch() != batch.producerEpoch()) {
                    last.clear();
                }
                last.add(batch);
            }
        }
        return last.subList(Math.max(0, last.size() - 5), last.size());
    }

    Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        EpochEnd found = null;
        for (Batch batch : batches) {
            if (batch.lastOffset() < start) {
                continue;
            }
            if (batch.leaderEpoch() > epoch) {
                return Optional.of(found != null ? found : new EpochEnd(epoch, Math.max(batch.baseOffset(), start)));
            }
            found = new EpochEnd(batch.leaderEpoch(), batch.nextOffset());
        }
        return found != null && found.epoch() == epoch ? Optional.of(found) : Optional.empty();
    }
}
