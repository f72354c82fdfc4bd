package io.naru.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

    @Test
    void decodesOnceAndLiterally() {
        Query query = Query.parse("key=a%20b%2Bc+d%25&empty=&bare&x=%C3%A9&y=a=b");
        assertThat(query.text("key")).isEqualTo("a b+c d%");
        assertThat(query.text("empty")).isEmpty();
        assertThat(query.text("bare")).isEmpty();
        assertThat(query.text("x")).isEqualTo("é");
        assertThat(query.text("y")).isEqualTo("a=b");
        assertThat(query.text("none")).isNull();
    }

    @Test
    void keysMayBeAnyBytes() {
        assertThat(Query.parse("key=%ff%00").bytes("key")).containsExactly(0xff, 0);
        assertThatThrownBy(() -> Query.parse("key=%ff").text("key")).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%1", "a=%zz", "a=1&a=2", "=1", "a=é", "%ff=1"})
    void refusesWhatIsAmbiguous(String raw) {
        assertThatThrownBy(() -> Query.parse(raw))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().kind()).isEqualTo(ProblemKind.BAD_PARAMETER));
    }

    @Test
    void refusesTooMany() {
        StringBuilder raw = new StringBuilder();
        for (int i = 0; i < 65; i++) {
            raw.append("&p").append(i).append("=1");
        }
        assertThatThrownBy(() -> Query.parse(raw.toString())).hasMessageContaining("64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "-1", "11", "1.5", "+5", "9223372036854775808", "0x1", " 5"})
    void numbersAreWholeAndInRange(String value) {
        Query query = Query.parse("n=" + value.replace("+", "%2B").replace(" ", "%20"));
        assertThatThrownBy(() -> query.number("n", 0, 0, 10)).hasMessageContaining("\"n\"");
    }

    @Test
    void unknownNamesAreMisspeltOnes() {
        assertThatThrownBy(() -> Query.parse("ofset=5").allow("offset", "limit"))
                .hasMessageContaining("ofset")
                .hasMessageContaining("offset, limit");
        assertThat(Query.parse("offset=5").allow("offset").number("offset", 0, 0, 9))
                .isEqualTo(5);
    }

    @Test
    void flagsAndConstants() {
        assertThat(Query.parse("f").flag("f")).isTrue();
        assertThat(Query.parse("f=false").flag("f")).isFalse();
        assertThatThrownBy(() -> Query.parse("f=yes").flag("f")).isInstanceOf(ProblemException.class);
        assertThat(Query.parse("o=unknown").oneOf("o", Outcome.NOT_WRITTEN)).isEqualTo(Outcome.UNKNOWN);
        assertThatThrownBy(() -> Query.parse("o=UNKNOWN").oneOf("o", Outcome.UNKNOWN))
                .hasMessageContaining("not_written, unknown");
    }

    @Test
    void pathsAreCutAndDecoded() {
        assertThat(RequestPath.parse("/v1/topics/a%20b/records")).containsExactly("v1", "topics", "a b", "records");
        assertThat(RequestPath.parse("/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1//x", "/v1/", "/a;x=1", "/%zz", "/%", "/%00", "/%0d%0a", "/%ff", "/%7f"})
    void badPathsAreRefused(String path) {
        assertThatThrownBy(() -> RequestPath.parse(path)).isInstanceOf(ProblemException.class);
    }

    @Test
    void timesInBothWays() {
        assertThat(Timestamps.parse("1700000000000")).isEqualTo(1_700_000_000_000L);
        assertThat(Timestamps.parse("2023-11-14T22:13:20Z")).isEqualTo(1_700_000_000_000L);
        assertThat(Timestamps.parse("2023-11-14T23:13:20+01:00")).isEqualTo(1_700_000_000_000L);
        assertThat(Timestamps.parse("yesterday")).isNull();
        assertThat(Timestamps.parse("-5")).isNull();
        assertThat(Timestamps.parse("99999999999999999999")).isNull();
    }
}
