package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/bad-input.md} lists every case once, and the tests that it names exist. */
class BadInputTableTest {

    private static final Pattern ROW = Pattern.compile("\\| ([HW]\\d+) \\|.*\\| ([^|]*) \\|");

    /** Rows that no test shows yet, each with its reason in the table. A row leaves this list when its case is built. */
    private static final List<String> WITHOUT_TEST = List.of("H81", "H82", "H83", "H84", "H93", "W75", "W76", "W77");

    @Test
    void everyCaseIsListedOnceAndItsTestsExist() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(TestReferences.ROOT.resolve("docs/bad-input.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(row.group(1));
                check(row.group(1), row.group(2));
            }
        }
        assertThat(rows)
                .containsExactlyElementsOf(Stream.concat(
                                IntStream.rangeClosed(1, 98).mapToObj(i -> "H" + i),
                                IntStream.rangeClosed(1, 80).mapToObj(i -> "W" + i))
                        .toList());
    }

    @Test
    void everyLimitOfTheGatewayIsShownByATest() throws IOException {
        List<String> limits = new ArrayList<>();
        for (String line : Files.readAllLines(TestReferences.ROOT.resolve("docs/api/limits.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| What ")) {
                String[] cells = line.split("\\|", -1);
                limits.add(cells[1].strip());
                check(cells[1].strip(), cells[cells.length - 2]);
            }
        }
        assertThat(limits).doesNotHaveDuplicates().hasSizeGreaterThan(20);
        String all = Files.readString(TestReferences.ROOT.resolve("docs/api/limits.md"));
        Matcher property = Pattern.compile("@DefaultValue\\(\"[^\"]*\"\\) \\w+ (\\w+)")
                .matcher(Files.readString(TestReferences.ROOT.resolve(
                        "gateway-service/src/main/java/io/naru/gateway/http/LimitsProperties.java")));
        while (property.find()) {
            String name = property.group(1).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(all).contains("`naru.gateway.limits." + name + "`");
        }
    }

    private static void check(String row, String shownBy) throws IOException {
        int references = TestReferences.check(row, shownBy);
        if (WITHOUT_TEST.contains(row)) {
            assertThat(references).as(row).isZero();
            assertThat(shownBy).as(row + " says why").startsWith("not ");
        } else {
            assertThat(references).as(row + " is shown by a test").isPositive();
        }
    }
}
