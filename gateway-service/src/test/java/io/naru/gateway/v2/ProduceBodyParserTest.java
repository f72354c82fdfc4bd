package io.naru.gateway.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProduceBodyParserTest {

    private static final int RECORDS_MAX = 100;

    private record Seen(@Nullable String key, @Nullable String value, int partition) {}

    private static ProduceBody parse(EmbeddedFormat format, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ProduceBodyParser(format, ProduceShape.CONFLUENT, RECORDS_MAX, 64).parse(bytes, bytes.length);
    }

    private static List<Seen> records(EmbeddedFormat format, String records) {
        ProduceBody body = parse(format, "{\"records\":" + records + "}");
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < body.count(); i++) {
            seen.add(new Seen(text(body.key(i)), text(body.value(i)), body.partition(i)));
        }
        return seen;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void jsonIsStoredAsItsText() {
        assertThat(records(
                        EmbeddedFormat.JSON,
                        "[{\"value\":{\"a\": [1, 2]}},{\"key\":\"k\",\"value\":\"text\",\"partition\":3},"
                                + "{\"key\":1,\"value\":1.50},{\"key\":true,\"value\":false}, {\"value\":[]}]"))
                .containsExactly(
                        new Seen(null, "{\"a\":[1,2]}", -1),
                        new Seen("\"k\"", "\"text\"", 3),
                        new Seen("1", "1.50", -1),
                        new Seen("true", "false", -1),
                        new Seen(null, "[]", -1));
    }

    @Test
    void nullAndAbsentAreTheSame() {
        assertThat(
                        records(
                                EmbeddedFormat.JSON,
                                "[{\"key\":\"k\",\"value\":null},{\"key\":null,\"value\":1,\"partition\":null},{\"key\":2},{}]"))
                .containsExactly(
                        new Seen("\"k\"", null, -1),
                        new Seen(null, "1", -1),
                        new Seen("2", null, -1),
                        new Seen(null, null, -1));
    }

    @Test
    void binaryIsDecoded() {
        assertThat(records(
                        EmbeddedFormat.BINARY,
                        "[{\"key\":\"a2V5\",\"value\":\"AP8=\"},{\"value\":\"\"},{\"key\":\"aw\",\"value\":null}]"))
                .containsExactly(new Seen("key", "\u0000\u00ff", -1), new Seen(null, "", -1), new Seen("k", null, -1));
    }

    @Test
    void schemaFieldsMeanNothingHere() {
        ProduceBody body = parse(
                EmbeddedFormat.JSON,
                "{\"value_schema\":\"x\",\"value_schema_id\":1,\"key_schema\":null,\"key_schema_id\":2,"
                        + "\"records\":[{\"value\":1}]}");
        assertThat(body.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{}|422|/records",
                "{\"records\":null}|422|/records",
                "{\"records\":[]}|422|/records",
                "{\"records\":{}}|422|/records",
                "{\"records\":[null]}|422|/records/0",
                "{\"records\":[{\"value\":1},5]}|422|/records/1",
                "{\"records\":[{\"value\":1}],\"records\":[]}|422|/records",
                "{\"records\":[{\"value\":1}],\"key_schema\":1,\"key_schema\":2}|422|/key_schema",
                "{\"recordz\":[{\"value\":1}]}|422|/recordz",
                "{\"records\":[{\"value\":1},{\"value\":1,\"headers\":[]}]}|422|/records/1/headers",
                "{\"records\":[{\"value\":1,\"value\":2}]}|422|/records/0/value",
                "{\"records\":[{\"key\":1,\"k\\u0065y\":2}]}|422|/records/0/key",
                "{\"records\":[{\"partition\":-1}]}|422|/records/0/partition",
                "{\"records\":[{\"partition\":2147483648}]}|422|/records/0/partition",
                "{\"records\":[{\"partition\":1.5}]}|422|/records/0/partition",
                "{\"records\":[{\"partition\":\"1\"}]}|422|/records/0/partition",
                "{\"records\":[{\"partition\":\"\"}]}|422|/records/0/partition",
                "{\"records\":[{\"partition\":true}]}|422|/records/0/partition",
                "{\"records\":[{\"value\":NaN}]}|400|not JSON",
                "{\"records\":[{\"value\":\"\\ud800\"}]}|400|not JSON",
                "{\"records\":[{\"value\":1}]} x|400|not JSON",
                "{\"records\":[{\"value\":1}]}{}|400|not JSON",
                "{\"records\":[{\"value\":1}|400|not JSON",
                "{\"records\":[{\"value\":01}]}|400|not JSON",
                "[]|400|expected a JSON object",
                "null|400|expected a JSON object",
                "''|400|expected a JSON object",
            })
    void saysWhatIsWrongAndWhere(String text, int status, String where) {
        Problem wrong = problem(EmbeddedFormat.JSON, text);
        assertThat(wrong.kind().status()).isEqualTo(status);
        assertThat(wrong.detail()).contains(where);
    }

    private static Problem problem(EmbeddedFormat format, String text) {
        ProblemException wrong = catchThrowableOfType(ProblemException.class, () -> parse(format, text));
        assertThat(wrong).as(text).isNotNull();
        return wrong.problem();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {"\"?\"|value", "1|value", "{}|value", "true|value", "\"A\"|value"})
    void binaryThatIsNotNamesItsRecord(String value, String field) {
        Problem wrong = problem(
                EmbeddedFormat.BINARY, "{\"records\":[{\"value\":\"AAAA\"},{\"" + field + "\":" + value + "}]}");
        assertThat(wrong.kind().status()).isEqualTo(422);
        assertThat(wrong.detail()).startsWith("at /records/1/" + field);
    }

    @Test
    void thereIsAMostOfRecords() {
        String records = "{\"value\":1},".repeat(RECORDS_MAX);
        assertThat(parse(EmbeddedFormat.JSON, "{\"records\":[" + records.substring(0, records.length() - 1) + "]}")
                        .count())
                .isEqualTo(RECORDS_MAX);
        Problem wrong = problem(EmbeddedFormat.JSON, "{\"records\":[" + records + "{}]}");
        assertThat(wrong.kind().status()).isEqualTo(413);
    }

    @Test
    void deepNestingIsRefusedWithoutRecursion() {
        Problem wrong = problem(EmbeddedFormat.JSON, "{\"records\":[{\"value\":" + "[".repeat(100_000) + "]}");
        assertThat(wrong.kind().status()).isEqualTo(400);
    }
}
