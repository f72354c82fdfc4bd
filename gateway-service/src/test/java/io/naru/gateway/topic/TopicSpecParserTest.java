package io.naru.gateway.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.gateway.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSpecParserTest {

    private static TopicSpec parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new TopicSpecParser(64).parse(bytes, bytes.length);
    }

    @Test
    void everythingIsOptional() {
        TopicSpec byDefault = new TopicSpec(-1, (short) -1, Map.of());
        assertThat(parse("")).isEqualTo(byDefault);
        assertThat(parse("{}")).isEqualTo(byDefault);
        assertThat(parse("{\"partitions\":null,\"replication_factor\":null,\"configs\":null}"))
                .isEqualTo(byDefault);
    }

    @Test
    void configsMayBeTextNumbersAndFlags() {
        TopicSpec spec = parse(" {\"partitions\" : 12, \"replication_factor\":3, \"configs\":"
                + "{\"retention.ms\":604800000,\"cleanup.policy\":\"compact\\u002cdelete\",\"preallocate\":true}} ");
        assertThat(spec.partitions()).isEqualTo(12);
        assertThat(spec.replicationFactor()).isEqualTo((short) 3);
        assertThat(spec.configs())
                .isEqualTo(
                        Map.of("retention.ms", "604800000", "cleanup.policy", "compact,delete", "preallocate", "true"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"partition\":1}|/partition",
                "{\"a/b~c\":1}|/a~1b~0c",
                "{\"partitions\":1,\"partitions\":1}|/partitions",
                "{\"partitions\":1,\"\\u0070artitions\":1}|/partitions",
                "{\"partitions\":0}|/partitions",
                "{\"partitions\":-1}|/partitions",
                "{\"partitions\":1.5}|/partitions",
                "{\"partitions\":1e1}|/partitions",
                "{\"partitions\":2147483648}|/partitions",
                "{\"partitions\":99999999999999999999}|/partitions",
                "{\"partitions\":\"1\"}|/partitions",
                "{\"partitions\":true}|/partitions",
                "{\"partitions\":[1]}|/partitions",
                "{\"replication_factor\":32768}|/replication_factor",
                "{\"configs\":[]}|/configs",
                "{\"configs\":\"x\"}|/configs",
                "{\"configs\":{\"a\":null}}|/configs/a",
                "{\"configs\":{\"a\":{}}}|/configs/a",
                "{\"configs\":{\"a\":[1]}}|/configs/a",
                "{\"configs\":{\"a\":1,\"a\":1}}|/configs/a",
            })
    void saysWhichFieldIsWrong(String text, String pointer) {
        ProblemException wrong = catchThrowableOfType(ProblemException.class, () -> parse(text));
        assertThat(wrong).as(text).isNotNull();
        assertThat(wrong.problem().kind().status()).isEqualTo(422);
        assertThat(wrong.problem().detail()).startsWith("at " + pointer + ": ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {"[]", "null", "1", "{", "{}{}", "{\"partitions\":}", "{\"partitions\":01}", "{'partitions':1}", "x"
            })
    void whatIsNoObjectIsABadBody(String text) {
        ProblemException wrong = catchThrowableOfType(ProblemException.class, () -> parse(text));
        assertThat(wrong).as(text).isNotNull();
        assertThat(wrong.problem().kind().status()).isEqualTo(400);
    }

    @Test
    void manyConfigsAreTooMany() {
        StringBuilder text = new StringBuilder("{\"configs\":{\"c\":1");
        for (int i = 0; i < 300; i++) {
            text.append(",\"c").append(i).append("\":1");
        }
        assertThat(catchThrowableOfType(
                        ProblemException.class, () -> parse(text.append("}}").toString())))
                .isNotNull()
                .hasMessageContaining("/configs: more than 256");
    }
}
