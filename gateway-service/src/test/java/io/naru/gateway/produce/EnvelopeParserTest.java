package io.naru.gateway.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.gateway.format.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeParserTest {

    private final EnvelopeParser parser = new EnvelopeParser(64);
    private final RecordInput record = new RecordInput();

    private void parse(String text) {
        byte[] bytes = ("##" + text + "##").getBytes(StandardCharsets.UTF_8);
        parser.parse(bytes, 2, bytes.length - 2, record);
    }

    private String value() {
        return record.valueLength < 0
                ? null
                : new String(record.value, record.valueOffset, record.valueLength, StandardCharsets.UTF_8);
    }

    private String key() {
        return record.keyLength < 0
                ? null
                : new String(record.key, record.keyOffset, record.keyLength, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"value\":{\"a\": 1}}|{\"a\": 1}",
                "{\"value\":\"text\"}|\"text\"",
                "{\"value\":12.50}|12.50",
                "{ \"value\" : [1,2] }|[1,2]",
                "{\"value\":{\"$text\":\"a\\n\\u00e9\"}}|`a\n\u00e9`",
                "{\"value\":{\"$binary\":\"aGk=\"}}|hi",
                "{\"value\":{\"$binary\":\"aGk=\",\"x\":1}}|{\"$binary\":\"aGk=\",\"x\":1}",
                "{\"val\\u0075e\":true}|true"
            })
    void valuesAreStoredAsTheyStand(String envelope, String expected) {
        parse(envelope);
        assertThat(value()).isEqualTo(expected);
    }

    @Test
    void everythingElseOfTheEnvelope() {
        parse("{\"key\":{\"$text\":\"k\"},\"value\":null,\"partition\":3,\"timestamp\":\"2023-11-14T22:13:20Z\","
                + "\"headers\":{\"a\":\"1\",\"b\":[null,{\"$binary\":\"/w==\"}]}}");
        assertThat(key()).isEqualTo("k");
        assertThat(value()).isNull();
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.timestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(record.headers().count()).isEqualTo(3);
        byte[] headers =
                Arrays.copyOf(record.headers().array(), record.headers().length());
        assertThat(headers).containsExactly(2, 'a', 2, '1', 2, 'b', 1, 2, 'b', 2, 0xff);
    }

    @Test
    void theNextEnvelopeStartsFromNothing() {
        parse("{\"key\":1,\"value\":2,\"partition\":1,\"timestamp\":5,\"headers\":{\"h\":\"x\"}}");
        parse("{\"value\":3}");
        assertThat(key()).isNull();
        assertThat(record.partition()).isEqualTo(RecordInput.ANY_PARTITION);
        assertThat(record.timestamp()).isEqualTo(RecordInput.NOW);
        assertThat(record.headers().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "1",
                "{}",
                "{\"key\":1}",
                "{\"value\":1,\"foo\":2}",
                "{\"value\":1,\"value\":2}",
                "{\"value\":1} x",
                "{\"value\":1",
                "{\"value\":}",
                "{\"value\":1,\"partition\":-1}",
                "{\"value\":1,\"partition\":1.5}",
                "{\"value\":1,\"partition\":\"1\"}",
                "{\"value\":1,\"partition\":2147483648}",
                "{\"value\":1,\"partition\":true}",
                "{\"value\":1,\"timestamp\":\"soon\"}",
                "{\"value\":1,\"timestamp\":-1}",
                "{\"value\":1,\"headers\":[]}",
                "{\"value\":1,\"headers\":{\"a\":1}}",
                "{\"value\":{\"$binary\":\"!!\"}}",
                "{\"value\":{\"$binary\":1}}",
                "{\"value\":\"\\ud800\"}",
                "{\"value\":NaN}",
                "{\"value\":1}{\"value\":2}"
            })
    void refusesEverythingElse(String envelope) {
        assertThatThrownBy(() -> parse(envelope)).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void tellsWhatIsNotJsonFromWhatIsNotAnEnvelope() {
        assertThatThrownBy(() -> parse("{\"value\":1"))
                .isInstanceOfSatisfying(
                        JsonSyntaxException.class,
                        e -> assertThat(e.isMalformed()).isTrue());
        assertThatThrownBy(() -> parse("{\"value\":1,\"x\":2}"))
                .isInstanceOfSatisfying(JsonSyntaxException.class, e -> {
                    assertThat(e.isMalformed()).isFalse();
                    assertThat(e.position()).isEqualTo(2 + 15);
                });
    }
}
