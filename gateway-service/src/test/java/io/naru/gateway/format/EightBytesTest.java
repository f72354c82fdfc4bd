package io.naru.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EightBytesTest {

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\' && b != 0x7f;
    }

    @Test
    void findsEveryByteThatCountsAtEveryPlace() {
        for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
            for (int at = 0; at < 16; at++) {
                byte[] bytes = new byte[20];
                Arrays.fill(bytes, (byte) 'a');
                bytes[at] = (byte) value;
                int expected = isPlain((byte) value) ? 16 : at;
                assertThat(EightBytes.plain(bytes, 0, bytes.length))
                        .as("byte %d at %d", value, at)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void neverPassesOverOneAndLeavesFewerThanEightUnseen() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(12) == 0 ? (byte) random.nextInt(256) : (byte) (' ' + random.nextInt(95));
            }
            int start = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int found = EightBytes.plain(bytes, start, bytes.length);
            for (int i = start; i < found; i++) {
                assertThat(isPlain(bytes[i])).isTrue();
            }
            assertThat(bytes.length - found < 8 || !isPlain(bytes[found])).isTrue();
        }
    }
}
