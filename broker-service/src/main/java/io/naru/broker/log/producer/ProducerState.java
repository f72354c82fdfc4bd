package io.naru.broker.log.producer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** What is remembered of one producer id: its epoch, its last five batches of that epoch, its open transaction. Not thread-safe. */
final class ProducerState {

    /** As many as a producer may have in flight ({@code max.in.flight.requests.per.connection} of an idempotent one). */
    static final int BATCHES_KEPT = 5;

    static final int NO_COORDINATOR_EPOCH = -1;

    private final long producerId;
    private final @Nullable ProducerBatch[] batches = new @Nullable ProducerBatch[BATCHES_KEPT];
    private int count;
    private short epoch;
    private int coordinatorEpoch = NO_COORDINATOR_EPOCH;
    private OptionalLong transactionFirstOffset = OptionalLong.empty();
    private long updatedMs;

    ProducerState(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    /** The kept batch with the same sequences, if the epoch is the same: the one that this would repeat. */
    @Nullable
    ProducerBatch repeated(short producerEpoch, int firstSequence, int lastSequence) {
        if (producerEpoch != epoch) {
            return null;
        }
        for (int i = 0; i < count; i++) {
            ProducerBatch batch = batches[i];
            if (batch != null && batch.firstSequence() == firstSequence && batch.lastSequence() == lastSequence) {
                return batch;
            }
        }
        return null;
    }

    void add(ProducerBatch batch, boolean transactional, long nowMs) {
        moveToEpoch(batch.producerEpoch());
        if (count == BATCHES_KEPT) {
            System.arraycopy(batches, 1, batches, 0, BATCHES_KEPT - 1);
            count--;
        }
        batches[count++] = batch;
        updatedMs = nowMs;
        if (transactional && transactionFirstOffset.isEmpty()) {
            transactionFirstOffset = OptionalLong.of(batch.firstOffset());
        }
    }

    /** Puts a batch of the same epoch where it belongs among the kept ones, if they reach back so far and it is not there. */
    void insert(ProducerBatch batch) {
        List<ProducerBatch> kept = batches();
        if (kept.stream().anyMatch(other -> other.firstOffset() == batch.firstOffset())) {
            return;
        }
        kept.add(batch);
        kept.sort(Comparator.comparingLong(ProducerBatch::firstOffset));
        List<ProducerBatch> last = kept.subList(Math.max(0, kept.size() - BATCHES_KEPT), kept.size());
        for (count = 0; count < last.size(); count++) {
            batches[count] = last.get(count);
        }
    }

    /** A transaction marker ends the open transaction, and the sequences start anew when it carries a later epoch. */
    void endTransaction(short producerEpoch, int coordinatorEpoch, long nowMs) {
        moveToEpoch(producerEpoch);
        this.coordinatorEpoch = coordinatorEpoch;
        transactionFirstOffset = OptionalLong.empty();
        updatedMs = nowMs;
    }

    private void moveToEpoch(short producerEpoch) {
        if (producerEpoch != epoch) {
            epoch = producerEpoch;
            count = 0;
        }
    }

    void restore(int coordinatorEpoch, OptionalLong transactionFirstOffset, long updatedMs) {
        this.coordinatorEpoch = coordinatorEpoch;
        this.transactionFirstOffset = transactionFirstOffset;
        this.updatedMs = updatedMs;
    }

    ActiveProducer active() {
        ProducerBatch last = count == 0 ? null : batches[count - 1];
        return new ActiveProducer(
                producerId,
                epoch,
                lastSequence(),
                last == null ? RecordBatch.NO_TIMESTAMP : last.timestampMs(),
                coordinatorEpoch,
                transactionFirstOffset.orElse(-1));
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    OptionalLong transactionFirstOffset() {
        return transactionFirstOffset;
    }

    /** Last sequence of this epoch, or -1 when it has appended nothing yet. */
    int lastSequence() {
        ProducerBatch last = count == 0 ? null : batches[count - 1];
        return last == null ? RecordBatch.NO_SEQUENCE : last.lastSequence();
    }

    long updatedMs() {
        return updatedMs;
    }

    /** Kept batches, oldest first. */
    List<ProducerBatch> batches() {
        List<ProducerBatch> kept = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ProducerBatch batch = batches[i];
            if (batch != null) {
                kept.add(batch);
            }
        }
        return kept;
    }
}
