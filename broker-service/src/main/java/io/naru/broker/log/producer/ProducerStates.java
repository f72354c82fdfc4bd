package io.naru.broker.log.producer;

import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Idempotence state of one partition (KIP-98, KIP-360): the last five batches of every producer id that wrote lately. Guarded by
 * the lock of its log.
 *
 * <p>Rules: a batch with the sequences of a kept one is a repeat and is not stored again; the first batch of an unknown producer id
 * may have any sequence, that of a new epoch has 0, every other follows the last one without a gap (else 45); an epoch below the
 * known one is refused (47). What is forgotten, by time or because {@link #PRODUCERS_MAX} others wrote since, is unknown again.
 */
public final class ProducerStates {

    /** Bound on producer ids remembered per partition, so that inventing ids cannot take the heap. */
    public static final int PRODUCERS_MAX = 50_000;

    /** In order of last write, oldest first. */
    private final LinkedHashMap<Long, ProducerState> producers = new LinkedHashMap<>();

    /**
     * The stored batch that a batch with these sequences would repeat, or null when it is to be stored.
     *
     * @throws InvalidProducerEpochException when a later epoch of the producer is known
     * @throws OutOfOrderSequenceException   when records before it are missing or it is an old one no longer kept
     */
    public @Nullable ProducerBatch check(long producerId, short producerEpoch, int firstSequence, int count) {
        ProducerState state = producers.get(producerId);
        if (state == null) {
            return null;
        }
        ProducerBatch repeated = state.repeated(producerEpoch, firstSequence, Sequences.plus(firstSequence, count - 1));
        if (repeated != null) {
            return repeated;
        }
        if (producerEpoch < state.epoch()) {
            throw new InvalidProducerEpochException(
                    "producer " + producerId + " has epoch " + state.epoch() + ", the batch has " + producerEpoch);
        }
        int last = state.lastSequence();
        boolean starts = producerEpoch > state.epoch() || last == RecordBatch.NO_SEQUENCE;
        int expected = starts ? 0 : Sequences.plus(last, 1);
        if (firstSequence != expected) {
            throw new OutOfOrderSequenceException("producer " + producerId + " of epoch " + producerEpoch
                    + " sent sequence " + firstSequence + " where " + expected + " follows");
        }
        return null;
    }

    /** Takes note of a stored batch; every append and every replay of the log goes through here. */
    public void stored(ProducerBatch batch, boolean transactional, long nowMs) {
        state(batch.producerId(), batch.producerEpoch()).add(batch, transactional, nowMs);
        if (producers.size() > PRODUCERS_MAX) {
            forgetOldest();
        }
    }

    /** Takes note of a batch that was damaged when the log was replayed, and is whole again: later ones of its producer are known already. */
    public void repaired(ProducerBatch batch, boolean transactional, long nowMs) {
        ProducerState known = producers.get(batch.producerId());
        if (known == null || known.epoch() < batch.producerEpoch()) {
            stored(batch, transactional, nowMs);
        } else if (known.epoch() == batch.producerEpoch()) {
            known.insert(batch);
        }
    }

    /** Takes note of a stored transaction marker. */
    public void transactionEnded(long producerId, short producerEpoch, int coordinatorEpoch, long nowMs) {
        state(producerId, producerEpoch).endTransaction(producerEpoch, coordinatorEpoch, nowMs);
    }

    /** The state of a producer that writes now, moved to the end of the order. */
    private ProducerState state(long producerId, short producerEpoch) {
        ProducerState known = producers.remove(producerId);
        ProducerState state = known != null ? known : new ProducerState(producerId, producerEpoch);
        producers.put(producerId, state);
        return state;
    }

    private void forgetOldest() {
        Iterator<ProducerState> oldest = producers.values().iterator();
        while (oldest.hasNext()) {
            if (oldest.next().transactionFirstOffset().isEmpty()) {
                oldest.remove();
                return;
            }
        }
    }

    /** Forgets producers that have written nothing for longer than {@code expirationMs} and have no open transaction. */
    public void expire(long nowMs, long expirationMs) {
        Iterator<ProducerState> oldest = producers.values().iterator();
        while (oldest.hasNext()) {
            ProducerState state = oldest.next();
            if (nowMs - state.updatedMs() <= expirationMs) {
                return;
            }
            if (state.transactionFirstOffset().isEmpty()) {
                oldest.remove();
            }
        }
    }

    /** First offset of the earliest open transaction, if there is one. */
    public OptionalLong firstOpenTransaction() {
        return producers.values().stream()
                .map(ProducerState::transactionFirstOffset)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .min();
    }

    /** Last offsets of all batches that are remembered. */
    public Set<Long> lastOffsets() {
        Set<Long> offsets = new HashSet<>();
        producers.values().forEach(state -> state.batches().forEach(batch -> offsets.add(batch.lastOffset())));
        return offsets;
    }

    /** All of them, the one that has been silent longest first. */
    public List<ActiveProducer> active() {
        return producers.values().stream().map(ProducerState::active).toList();
    }

    /** Forgets everything. */
    public void clear() {
        producers.clear();
    }

    /** Producer ids known. */
    public int size() {
        return producers.size();
    }

    Collection<ProducerState> oldestFirst() {
        return producers.values();
    }

    void restore(Map<Long, ProducerState> restored) {
        producers.clear();
        producers.putAll(restored);
    }
}
