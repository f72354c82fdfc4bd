package io.naru.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonScannerTest {

    private final JsonScanner scanner = new JsonScanner(64);

    private boolean isValue(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return scanner.isValue(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "1.5",
                "-1.5e10",
                "1E+2",
                "\"\"",
                "\"a\\n\\u00e9\\ud83d\\ude00é😀\"",
                "[]",
                "{}",
                " [ 1 , 2 ] ",
                "{\"a\":{\"b\":[1,{\"c\":null}]}}",
                "\n{\"a\"\t:\r1}\n",
                "{\"a\":1,\"a\":2}",
                "\"\\/\\\"\""
            })
    void takesJson(String text) {
        assertThat(isValue(text)).as(scanner.reason()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "nulll",
                "True",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "1e+",
                "NaN",
                "Infinity",
                "\"",
                "\"a",
                "\"\t\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\ud800\"",
                "\"\\ud800\\u0041\"",
                "\"\\udc00\"",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "{",
                "{1:2}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1",
                "{\"a\" 1}",
                "[1}",
                "{\"a\":1]",
                "1 2",
                "{} {}",
                "'a'",
                "a",
                "\uFEFF1",
                "// c\n1",
                "[1 2]",
                "0x10",
                "1_000",
                "--1",
                "00"
            })
    void refusesWhatIsNot(String text) {
        assertThat(isValue(text)).isFalse();
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        assertThat(scanner.isValue(new byte[] {'"', (byte) 0xc3, '"'}, 0, 3)).isFalse();
        assertThat(scanner.isValue(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}, 0, 4))
                .isFalse();
        assertThat(scanner.isValue(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, 0, 5))
                .isFalse();
        assertThat(scanner.isValue(new byte[] {'"', (byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'}, 0, 6))
                .isFalse();
    }

    @Test
    void nestingIsBoundedWithoutRecursion() {
        assertThat(isValue("[".repeat(64) + "]".repeat(64))).isTrue();
        assertThat(isValue("[".repeat(65) + "]".repeat(65))).isFalse();
        assertThat(isValue("[".repeat(1_000_000))).isFalse();
        assertThat(isValue("{\"a\":".repeat(64) + "1" + "}".repeat(64))).isTrue();
    }

    @Test
    void numbersAreBounded() {
        assertThat(isValue("1".repeat(1000))).isTrue();
        assertThat(isValue("1".repeat(1001))).isFalse();
    }

    @Test
    void saysWhetherTheValueHasLineBreaks() {
        assertThat(isValue("{\"a\":\n1}")).isTrue();
        assertThat(scanner.isMultiLine()).isTrue();
        assertThat(isValue("{\"a\":1}")).isTrue();
        assertThat(scanner.isMultiLine()).isFalse();
    }

    /** Random mutations of valid JSON: this scanner and Jackson agree, but for what is stricter here. */
    @Test
    void agreesWithJackson() {
        long seed = Long.getLong("naru.seed", 20260131L);
        Random random = new Random(seed);
        String[] seeds = {
            "{\"a\":[1,2.5,-3e4,true,false,null],\"b\":{\"c\":\"d\\n\\u0041\"}}",
            "[\"\\\"\",{},[],[[{}]],0,-0.0,\"é\"]",
            "{\"k\" : \"v\" , \"n\" : [ 1 , 2 ] }"
        };
        JsonFactory jackson = JsonFactory.builder().build();
        String alphabet = "{}[]:,\"\\ntrufalse0123456789.eE+- ";
        int valid = 0;
        for (int i = 0; i < 40_000; i++) {
            StringBuilder text = new StringBuilder(seeds[random.nextInt(seeds.length)]);
            for (int k = random.nextInt(3); k > 0; k--) {
                int at = random.nextInt(text.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, c);
                    case 1 -> text.insert(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            boolean ours = isValue(text.toString());
            boolean theirs = parses(jackson, text.toString());
            valid += ours ? 1 : 0;
            assertThat(ours).as("seed %d: %s", seed, text).isEqualTo(theirs);
        }
        assertThat(valid).as("mutations that stay valid").isGreaterThan(5_000);
    }

    private static boolean parses(JsonFactory jackson, String text) {
        try (JsonParser parser =
                jackson.createParser(ObjectReadContext.empty(), text.getBytes(StandardCharsets.UTF_8))) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            while (parser.currentToken() != null && parser.currentToken().isScalarValue()) {
                parser.getString();
                break;
            }
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
