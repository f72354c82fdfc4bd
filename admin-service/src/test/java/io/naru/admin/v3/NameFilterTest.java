package io.naru.admin.v3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameFilterTest {

    @ParameterizedTest
    @CsvSource({
        "orders, orders, true",
        "orders, order, false",
        "order, orders, false",
        "*, orders, true",
        "*, '', true",
        "'', '', true",
        "'', a, false",
        "or*, orders, true",
        "*rs, orders, true",
        "*d*r*, orders, true",
        "o?ders, orders, true",
        "o?ders, oders, false",
        "?, '', false",
        "a*b*c, aXbXbXc, true",
        "a*b*c, aXbXbX, false",
        "a**, a, true",
        "orders.v1, orders-v1, false",
        "[a], a, false"
    })
    void patternMatchesTheWholeName(String pattern, String name, boolean admitted) {
        assertThat(new NameFilter(null, pattern).admits(name)).isEqualTo(admitted);
    }

    @Test
    void prefixAndPatternHoldTogether() {
        NameFilter filter = new NameFilter("or", "*s");
        assertThat(filter.admits("orders")).isTrue();
        assertThat(filter.admits("order")).isFalse();
        assertThat(filter.admits("cars")).isFalse();
        assertThat(new NameFilter(null, null).admits("anything")).isTrue();
    }

    @Test
    void patternsMadeToTakeForeverDoNot() {
        NameFilter filter = new NameFilter(null, "*a".repeat(120) + "b");
        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThat(filter.admits("a".repeat(249))).isFalse());
    }
}
