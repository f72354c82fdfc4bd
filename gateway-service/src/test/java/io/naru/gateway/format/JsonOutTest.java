package io.naru.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonOutTest {

    @Test
    void numbersOfEveryLength() {
        long[] numbers = {
            0, 1, 9, 10, 99, 100, 12_345, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE, 1_000_000_000_000L
        };
        for (long power = 1; power > 0; power = power > Long.MAX_VALUE / 10 ? 0 : power * 10) {
            for (long number : new long[] {power - 1, power, power + 1, power * 7 / 3, power | 1}) {
                assertThat(new JsonOut(1).number(number).toString()).isEqualTo(Long.toString(number));
            }
        }
        for (long number : numbers) {
            assertThat(new JsonOut(1).number(number).toString()).isEqualTo(Long.toString(number));
        }
    }

    @Test
    void stringsComeBackFromAParserAsTheyWere() {
        JsonMapper mapper = new JsonMapper();
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x300; c++) {
            all.append(c);
        }
        all.append("\u2028\u2029😀");
        JsonOut out = new JsonOut(1).string(all.toString());
        assertThat(mapper.readValue(out.toString(), String.class)).isEqualTo(all.toString());
        byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(new JsonScanner(1).isValue(out.array(), 0, out.length())).isTrue();
        assertThat(new JsonOut(1).string(bytes).toByteArray()).isEqualTo(out.toByteArray());
    }

    @Test
    void base64IsThatOfTheRfc() {
        Random random = new Random(7);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length + 2];
            random.nextBytes(bytes);
            String expected = Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, 1, 1 + length));
            assertThat(new JsonOut(1).base64(bytes, 1, length).toString()).isEqualTo("\"" + expected + "\"");
        }
    }

    @Test
    void stringsWithEscapesDecode() {
        String json = "\"a\\n\\\"\\\\\\/\\u00e9\\ud83d\\ude00b\"";
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        assertThat(new String(JsonStrings.decode(bytes, 1, bytes.length - 1), StandardCharsets.UTF_8))
                .isEqualTo("a\n\"\\/é😀b");
    }
}
