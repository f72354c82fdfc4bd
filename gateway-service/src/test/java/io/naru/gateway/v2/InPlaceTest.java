package io.naru.gateway.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.gateway.format.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class InPlaceTest {

    private static final int SEEDS = 300;

    /** With something before and after that must stay. */
    private static byte[] framed(String text) {
        return ("<<" + text + ">>").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] base64(String text) {
        byte[] bytes = framed(text);
        int end = InPlace.base64(bytes, 2, bytes.length - 2);
        assertThat(new String(bytes, 0, 2, StandardCharsets.US_ASCII)).isEqualTo("<<");
        assertThat(new String(bytes, bytes.length - 2, 2, StandardCharsets.US_ASCII))
                .isEqualTo(">>");
        return end < 0 ? null : Arrays.copyOfRange(bytes, 2, end);
    }

    private static String compact(String text) {
        byte[] bytes = framed(text);
        assertThat(new JsonScanner(64).isValue(bytes, 2, bytes.length - 4))
                .as(text)
                .isTrue();
        int end = InPlace.compact(bytes, 2, bytes.length - 2);
        assertThat(new String(bytes, bytes.length - 2, 2, StandardCharsets.US_ASCII))
                .isEqualTo(">>");
        return new String(bytes, 2, end - 2, StandardCharsets.UTF_8);
    }

    @Test
    void decodesWhatTheJdkEncodes() {
        Random random = new Random(7);
        for (int length = 0; length < 200; length++) {
            byte[] source = new byte[length];
            random.nextBytes(source);
            String text = Base64.getEncoder().encodeToString(source);
            assertThat(base64(text)).isEqualTo(source);
            assertThat(base64(Base64.getEncoder().withoutPadding().encodeToString(source)))
                    .isEqualTo(source);
            assertThat(base64(text.replace("/", "\\/").replace("=", "\\u003d"))).isEqualTo(source);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A", "AAAAA", "=", "====", "A===", "AA=A", "AA===", "AAA==", "AAAA=", "AA=", "A-_A", "AA A", "é",
                "AA\\n=="
            })
    void refusesWhatIsNotBase64(String text) {
        assertThat(base64(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{\"a\":1}|{\"a\":1}",
                "{ \"a b\" : [ 1 , 2.50 ,\t{ } ] }|{\"a b\":[1,2.50,{}]}",
                "\" keep  this \"|\" keep  this \"",
                "\"\\u00e9\\u20ac\\ud83d\\ude00\"|\"é€😀\"",
                "\"a\\/b\"|\"a/b\"",
                "\"\\u0041\\u0022\\u005c\\u002f\"|\"A\\\"\\\\/\"",
                "\"\\u000a\\u0001\\u001F\\n\"|\"\\n\\u0001\\u001F\\n\"",
                "[ \"\\\"\" , \" \\\\\" , \"x\" ]|[\"\\\"\",\" \\\\\",\"x\"]",
                "true|true",
                "-1.50E+3|-1.50E+3",
                "\"é\"|\"é\"",
            })
    void bringsJsonIntoOneForm(String text, String expected) {
        assertThat(compact(text)).isEqualTo(expected);
    }

    /** Against Jackson, which writes strings as most JSON on the JVM is written. */
    @Test
    void writesStringsLikeJackson() {
        JsonMapper jackson = new JsonMapper();
        for (int seed = 0; seed < SEEDS; seed++) {
            String escaped = randomString(new Random(seed));
            String expected = jackson.writeValueAsString(jackson.readTree(escaped));
            assertThat(compact(" [ " + escaped + " ] "))
                    .as("seed %d: %s", seed, escaped)
                    .isEqualTo("[" + expected + "]");
        }
    }

    private static String randomString(Random random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(30); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) ('a' + random.nextInt(26)));
                case 1 -> text.append("\\u%04x".formatted(random.nextInt(0x80)));
                case 2 -> text.append("\\u%04X".formatted(0x80 + random.nextInt(0xd000)));
                case 3 -> text.append("\\ud8%02x\\udc%02x".formatted(random.nextInt(256), random.nextInt(256)));
                case 4 -> text.append("\\").append("\"\\/bfnrt".charAt(random.nextInt(8)));
                default -> text.append(" é{,:");
            }
        }
        return text.append('"').toString();
    }
}
