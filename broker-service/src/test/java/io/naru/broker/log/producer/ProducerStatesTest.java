package io.naru.broker.log.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.junit.jupiter.api.Test;

class ProducerStatesTest {

    private final ProducerStates states = new ProducerStates();
    private long nextOffset = 100;

    private ProducerBatch store(long producerId, int epoch, int sequence, int count) {
        assertThat(states.check(producerId, (short) epoch, sequence, count)).isNull();
        ProducerBatch batch = new ProducerBatch(
                producerId,
                (short) epoch,
                sequence,
                Sequences.plus(sequence, count - 1),
                nextOffset,
                nextOffset + count - 1,
                nextOffset);
        states.stored(batch, false, nextOffset);
        nextOffset += count;
        return batch;
    }

    @Test
    void aRepeatOfOneOfTheLastFiveBatchesIsFound() {
        ProducerBatch[] stored = new ProducerBatch[6];
        for (int i = 0; i < 6; i++) {
            stored[i] = store(1, 0, i * 10, 10);
        }
        for (int i = 1; i < 6; i++) {
            assertThat(states.check(1, (short) 0, i * 10, 10)).isEqualTo(stored[i]);
        }
        assertThatThrownBy(() -> states.check(1, (short) 0, 0, 10)).isInstanceOf(OutOfOrderSequenceException.class);
    }

    @Test
    void aRepeatWithAnotherLengthIsNoRepeat() {
        store(1, 0, 0, 10);
        assertThatThrownBy(() -> states.check(1, (short) 0, 0, 9)).isInstanceOf(OutOfOrderSequenceException.class);
    }

    @Test
    void aGapIsRefused() {
        store(1, 0, 0, 10);
        assertThatThrownBy(() -> states.check(1, (short) 0, 11, 1)).isInstanceOf(OutOfOrderSequenceException.class);
        store(1, 0, 10, 1);
    }

    @Test
    void anUnknownProducerMayBeginAnywhere() {
        store(1, 4, 5, 1);
        store(1, 4, 6, 1);
    }

    @Test
    void aNewEpochBeginsAtZeroAndOldOnesAreRefused() {
        store(1, 3, 0, 5);
        assertThatThrownBy(() -> states.check(1, (short) 4, 5, 1)).isInstanceOf(OutOfOrderSequenceException.class);
        store(1, 4, 0, 5);
        assertThatThrownBy(() -> states.check(1, (short) 3, 5, 1)).isInstanceOf(InvalidProducerEpochException.class);
        assertThatThrownBy(() -> states.check(1, (short) 3, 0, 5)).isInstanceOf(InvalidProducerEpochException.class);
    }

    @Test
    void sequencesWrapWithinAndBetweenBatches() {
        store(1, 0, Integer.MAX_VALUE - 4, 5);
        store(1, 0, 0, 1);
        ProducerBatch across = store(2, 0, Integer.MAX_VALUE - 4, 10);
        assertThat(across.lastSequence()).isEqualTo(4);
        assertThat(states.check(2, (short) 0, Integer.MAX_VALUE - 4, 10)).isEqualTo(across);
        store(2, 0, 5, 1);
    }

    @Test
    void silentProducersAreForgotten() {
        store(1, 0, 0, 1); // at 100
        store(2, 0, 0, 1); // at 101
        store(1, 0, 1, 1); // at 102
        states.expire(1_101, 1_000);
        assertThat(states.size()).isEqualTo(2);
        states.expire(1_102, 1_000);
        assertThat(states.size()).isEqualTo(1);
        store(2, 0, 77, 1);
        assertThat(states.check(1, (short) 0, 1, 1)).isNotNull();
    }

    @Test
    void producersWithAnOpenTransactionAreKept() {
        states.stored(new ProducerBatch(1, (short) 0, 0, 0, 0, 0, 0), true, 0);
        states.expire(Long.MAX_VALUE, 1);
        assertThat(states.size()).isEqualTo(1);
        assertThat(states.firstOpenTransaction()).hasValue(0);
        states.transactionEnded(1, (short) 0, 5, 9);
        assertThat(states.firstOpenTransaction()).isEmpty();
        states.expire(1_000, 1);
        assertThat(states.size()).isZero();
    }

    @Test
    void inventedProducerIdsDoNotPileUp() {
        for (int id = 0; id < ProducerStates.PRODUCERS_MAX + 10; id++) {
            store(id, 0, 0, 1);
        }
        assertThat(states.size()).isEqualTo(ProducerStates.PRODUCERS_MAX);
    }

    @Test
    void aSnapshotBringsBackAllFiveBatches() throws IOException {
        ProducerBatch[] stored = new ProducerBatch[5];
        for (int i = 0; i < 5; i++) {
            stored[i] = store(1, 2, Sequences.plus(Integer.MAX_VALUE - 11, i * 10), 10);
        }
        states.stored(new ProducerBatch(3, (short) 0, 0, 0, 7, 7, 0), true, 9);
        states.transactionEnded(4, (short) 6, 11, 12);
        ProducerStates loaded = new ProducerStates();
        ProducerSnapshot.decode(ProducerSnapshot.encode(states), loaded);
        assertThat(loaded.size()).isEqualTo(3);
        assertThat(loaded.firstOpenTransaction()).hasValue(7);
        for (ProducerBatch batch : stored) {
            ProducerBatch found = loaded.check(1, (short) 2, batch.firstSequence(), 10);
            assertThat(found).isNotNull();
            assertThat(found.firstOffset()).isEqualTo(batch.firstOffset());
            assertThat(found.lastOffset()).isEqualTo(batch.lastOffset());
        }
        assertThatThrownBy(() -> loaded.check(4, (short) 5, 0, 1)).isInstanceOf(InvalidProducerEpochException.class);
        assertThat(loaded.check(4, (short) 6, 0, 1)).isNull();
        assertThat(ProducerSnapshot.encode(loaded)).isEqualTo(ProducerSnapshot.encode(states));
    }

    @Test
    void aDamagedSnapshotIsRefusedWhateverBitIsWrong() {
        store(1, 2, 0, 10);
        ByteBuffer good = ProducerSnapshot.encode(states);
        ProducerStates loaded = new ProducerStates();
        for (int bit = 0; bit < good.limit() * 8; bit++) {
            ByteBuffer bad =
                    ByteBuffer.allocate(good.limit()).put(good.duplicate()).flip();
            bad.put(bit / 8, (byte) (bad.get(bit / 8) ^ (1 << (bit % 8))));
            assertThatThrownBy(() -> ProducerSnapshot.decode(bad, loaded)).isInstanceOf(IOException.class);
        }
        for (int length = 0; length < good.limit(); length++) {
            ByteBuffer cut = good.duplicate().limit(length);
            assertThatThrownBy(() -> ProducerSnapshot.decode(cut, loaded)).isInstanceOf(IOException.class);
        }
        assertThat(loaded.size()).isZero();
    }
}
