package io.naru.gateway.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.gateway.cursor.Subscription;
import io.naru.gateway.format.RecordFormat;
import io.naru.gateway.http.LimitsProperties;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.read.PartitionReads;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class GroupBodiesTest {

    private final GroupBodies bodies =
            new GroupBodies(defaults(GroupProperties.class), defaults(LimitsProperties.class));

    /** The defaults that Spring binds. */
    private static <T> T defaults(Class<T> type) {
        return new Binder(new MapConfigurationPropertySource(Map.of())).bindOrCreate("naru", type);
    }

    private PollRequest poll(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return bodies.poll(bytes, bytes.length);
    }

    @Test
    void saysNothingByDefault() {
        PollRequest poll = poll("{}");
        assertThat(poll)
                .isEqualTo(new PollRequest(
                        null,
                        List.of(),
                        List.of(),
                        Set.of(),
                        null,
                        null,
                        null,
                        500,
                        1024 * 1024,
                        5_000,
                        -1,
                        null,
                        RecordFormat.AUTO,
                        RecordFormat.AUTO));
        assertThat(poll("")).isEqualTo(poll);
    }

    @Test
    void takesEveryField() {
        PollRequest poll = poll("""
                {"topics":["b","a","b"],"member":"m","cursor":"c","ack":"k","max_records":3,"max_bytes":4,
                 "wait_ms":0,"session_timeout_ms":6000,"from":"earliest","key_format":"text","value_format":"base64"}
                """);
        assertThat(poll)
                .isEqualTo(new PollRequest(
                        Subscription.ofTopics(List.of("a", "b")),
                        List.of(),
                        List.of(),
                        Set.of(),
                        "m",
                        "c",
                        "k",
                        3,
                        4,
                        0,
                        6_000,
                        true,
                        RecordFormat.TEXT,
                        RecordFormat.BASE64));
        assertThat(poll("{\"pattern\":\"a.*\",\"from\":\"latest\"}").subscription())
                .isEqualTo(Subscription.ofPattern("a.*"));
    }

    @Test
    void takesPartitionsAndPlacesInThem() {
        PollRequest poll = poll("""
                {"assign":[{"topic":"a","partition":1}],"pause":[{"topic":"a","partition":1}],
                 "seek":[{"topic":"a","partition":1,"offset":7},{"topic":"b","partition":0,"to":"beginning"},
                         {"topic":"b","partition":2,"timestamp":"1970-01-01T00:00:02Z"}]}
                """);
        TopicPartition chosen = new TopicPartition("a", 1);
        assertThat(poll.subscription()).isEqualTo(Subscription.ASSIGNED);
        assertThat(poll.assign()).containsExactly(chosen);
        assertThat(poll.pause()).containsExactly(chosen);
        assertThat(poll.seek())
                .containsExactly(
                        Seek.to(chosen, 7),
                        Seek.toTime(new TopicPartition("b", 0), PartitionReads.EARLIEST),
                        Seek.toTime(new TopicPartition("b", 2), 2_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"seek\":[{\"topic\":\"a\",\"partition\":0}]}|/seek/0/offset",
                "{\"seek\":[{\"topic\":\"a\",\"partition\":0,\"offset\":-7}]}|/seek/0/offset",
                "{\"seek\":[{\"topic\":\"a\",\"partition\":0,\"offset\":7,\"to\":\"end\"}]}|/seek/0/offset",
                "{\"pause\":[{\"topic\":\"a\"}]}|/pause/0/partition",
                "{\"assign\":[{\"partition\":0}]}|/assign/0/topic",
                "{\"assign\":[{\"topic\":\"..\",\"partition\":0}]}|/assign/0/topic",
                "{\"assign\":[3]}|/assign/0",
                "{\"assign\":[],\"topics\":[\"a\"]}|/assign"
            })
    void saysWhichElementIsWrong(String body, String where) {
        assertThatThrownBy(() -> poll(body)).hasMessageContaining(where);
    }

    @Test
    void nullIsAsGoodAsNothing() {
        assertThat(poll("{\"member\":null,\"cursor\":null,\"ack\":null}")).isEqualTo(poll("{}"));
        assertThat(poll(
                        "{\"topics\":[\"a\"],\"pattern\":null,\"assign\":null,\"seek\":null,\"pause\":null,\"max_records\":null,"
                                + "\"max_bytes\":null,\"wait_ms\":null,\"session_timeout_ms\":null,\"from\":null,"
                                + "\"key_format\":null,\"value_format\":null}"))
                .isEqualTo(poll("{\"topics\":[\"a\"]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"topic":["a"]}               | 42202 | /topic is not a field of this call
                    {"a/b~c":1}                   | 42202 | /a~1b~0c is not a field of this call
                    {"topics":["a"],"topics":["a"]} | 42202 | /topics comes twice
                    {"topics":"a"}                | 42202 | /topics expected an array of strings
                    {"topics":[]}                 | 42202 | /topics must have at least one topic
                    {"topics":["a",1]}            | 42202 | /topics/1 must be a string
                    {"topics":["a",""]}           | 42202 | /topics/1 must have 1 to 249 characters
                    {"topics":["a","b c"]}        | 42201 | /topics/1 is no topic's name
                    {"topics":["a"],"pattern":"b"} | 42202 | /pattern cannot stand beside /topics
                    {"pattern":""}                | 42202 | /pattern must not be empty
                    {"member":7}                  | 42202 | /member expected a string
                    {"cursor":{}}                 | 42202 | /cursor expected a string
                    {"max_records":0}             | 42202 | /max_records expected a number between 1 and 10000
                    {"max_records":1.0}           | 42202 | /max_records expected a whole number
                    {"max_records":"1"}           | 42202 | /max_records expected a whole number
                    {"max_bytes":99999999999}     | 42202 | /max_bytes expected a number between 1 and 8388608
                    {"wait_ms":-1}                | 42202 | /wait_ms expected a number between 0 and 60000
                    {"session_timeout_ms":999}    | 42202 | /session_timeout_ms expected a number between 1000 and 1800000
                    {"from":"now"}                | 42202 | /from must be one of earliest, latest
                    {"value_format":"xml"}        | 42202 | /value_format must be one of auto, json, text, base64
                    {                             | 40003 | the body is not a JSON object
                    []                            | 40003 | the body is not a JSON object
                    {"wait_ms":1}x                | 40003 | the body is not a JSON object
                    {"member":"\\ud800"}          | 40003 | the body is not a JSON object
                    topics=a                      | 40003 | the body is not a JSON object
                    """)
    void refusesWithAPointer(String json, int code, String detail) {
        assertThatThrownBy(() -> poll(json)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().kind().code()).as(e.problem().detail()).isEqualTo(code);
            assertThat(e.problem().detail()).startsWith(detail);
        });
    }

    @Test
    void ackNeedsItsCursor() {
        byte[] good = "{\"cursor\":\"c\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(bodies.ack(good, good.length)).isEqualTo("c");
        for (String bad : List.of("", "{}", "{\"cursor\":null}", "{\"cursor\":\"c\",\"x\":1}")) {
            byte[] bytes = bad.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> bodies.ack(bytes, bytes.length))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().kind().status()).isEqualTo(422));
        }
    }
}
