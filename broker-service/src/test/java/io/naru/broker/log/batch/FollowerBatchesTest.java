package io.naru.broker.log.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.junit.jupiter.api.Test;

class FollowerBatchesTest {

    private static ByteBuffer batch(long baseOffset, int epoch) {
        ByteBuffer bytes = new RawBatch().record("a").record("b").build();
        BatchHeader.stamp(bytes, 0, baseOffset, epoch);
        return bytes;
    }

    private static ByteBuffer all(ByteBuffer... batches) {
        ByteBuffer all = ByteBuffer.allocate(10_000);
        for (ByteBuffer batch : batches) {
            all.put(batch);
        }
        return all.flip();
    }

    @Test
    void aBatchCutShortIsLeftOut() {
        ByteBuffer both = all(batch(0, 0), batch(2, 0));
        int size = both.limit() / 2;
        for (int length = 0; length <= both.limit(); length++) {
            assertThat(FollowerBatches.whole(both.duplicate().limit(length)).limit())
                    .isEqualTo(length / size * size);
        }
    }

    @Test
    void anyFlippedBitUnderTheCrcIsFound() {
        ByteBuffer both = all(batch(0, 0), batch(2, 0));
        int size = both.limit() / 2;
        for (int bit = (size + BatchHeader.CRC) * 8; bit < 2 * size * 8; bit++) {
            ByteBuffer damaged =
                    ByteBuffer.allocate(both.limit()).put(both.duplicate()).flip();
            damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ (1 << (bit % 8))));
            assertThatThrownBy(() -> FollowerBatches.whole(damaged)).isInstanceOf(CorruptRecordException.class);
        }
    }

    @Test
    void whatIsNoBatchIsRefused() {
        assertThatThrownBy(() -> FollowerBatches.whole(all(batch(0, 0).putInt(8, -5))))
                .isInstanceOf(CorruptRecordException.class);
        assertThatThrownBy(() -> FollowerBatches.whole(all(batch(0, 0).put(16, (byte) 1))))
                .isInstanceOf(CorruptRecordException.class);
        assertThatThrownBy(() -> FollowerBatches.whole(ByteBuffer.allocate(100)))
                .isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void offsetsAndEpochsMustNotFall() {
        FollowerBatches.checkFollows(all(batch(4, 1), batch(6, 1), batch(100, 2)), 3, 1);
        assertThatThrownBy(() -> FollowerBatches.checkFollows(all(batch(4, 1)), 5, 1))
                .isInstanceOf(CorruptRecordException.class);
        assertThatThrownBy(() -> FollowerBatches.checkFollows(all(batch(4, 1), batch(5, 1)), 4, 1))
                .isInstanceOf(CorruptRecordException.class);
        assertThatThrownBy(() -> FollowerBatches.checkFollows(all(batch(4, 0)), 4, 1))
                .isInstanceOf(CorruptRecordException.class);
        assertThatThrownBy(() -> FollowerBatches.checkFollows(all(batch(4, 2), batch(6, 1)), 4, 1))
                .isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void runsFitASegment() {
        ByteBuffer four = all(batch(0, 0), batch(2, 0), batch(4, 0), batch(5L + Integer.MAX_VALUE, 0));
        int size = four.limit() / 4;
        assertThat(FollowerBatches.endOfRun(four, 0, 1)).isEqualTo(size);
        assertThat(FollowerBatches.endOfRun(four, 0, 2 * size)).isEqualTo(2 * size);
        assertThat(FollowerBatches.endOfRun(four, 0, 100 * size)).isEqualTo(3 * size);
        assertThat(FollowerBatches.endOfRun(four, 3 * size, 100 * size)).isEqualTo(4 * size);
    }
}
