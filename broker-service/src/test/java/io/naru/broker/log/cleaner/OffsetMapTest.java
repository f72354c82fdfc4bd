package io.naru.broker.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetMapTest {

    private static ByteBuffer key(Object key) {
        return ByteBuffer.wrap(key.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void knowsTheLastOffsetOfEachKey() {
        Random random = new Random(5);
        OffsetMap map = new OffsetMap(1000, Long.MAX_VALUE);
        Map<Integer, Long> model = new HashMap<>();
        for (long offset = 0; offset < 5000; offset++) {
            int key = random.nextInt(1000);
            assertThat(map.put(key(key), offset)).isTrue();
            model.put(key, offset);
        }
        model.forEach((key, offset) -> assertThat(map.latest(key(key))).isEqualTo(offset));
        assertThat(map.size()).isEqualTo(model.size());
        assertThat(map.latest(key("another"))).isEqualTo(-1);
    }

    @Test
    void takesNoMoreMemoryThanItMay() {
        OffsetMap map = new OffsetMap(Long.MAX_VALUE / 4, 100 * OffsetMap.SLOT_BYTES);
        int taken = 0;
        while (map.put(key(taken), taken)) {
            taken++;
        }
        assertThat(taken).isEqualTo(75);
        assertThat(map.put(key(3), 1000)).as("a key that has its place").isTrue();
        assertThat(map.latest(key(3))).isEqualTo(1000);
    }

    @Test
    void emptyKeysAndKeysInTheMiddleOfABufferAreKeys() {
        OffsetMap map = new OffsetMap(10, 10_000);
        map.put(key(""), 0);
        ByteBuffer middle = key("xxabyy").position(2).limit(4);
        map.put(middle, 1);
        assertThat(middle.position()).isEqualTo(2);
        assertThat(map.latest(key("ab"))).isEqualTo(1);
        assertThat(map.latest(key(""))).isZero();
    }
}
