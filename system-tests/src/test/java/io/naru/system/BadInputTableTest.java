package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/bad-input.md} lists every case once, and the tests that it names exist. */
class BadInputTableTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("\\| ([HW]\\d+) \\|.*\\| ([^|]*) \\|");
    private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");

    /** Rows that no test shows yet, each with its reason in the table. A row leaves this list when its case is built. */
    private static final List<String> WITHOUT_TEST =
            List.of("H81", "H82", "H83", "H84", "H93", "H96", "W75", "W76", "W77");

    private static final Map<String, String> SOURCES = new HashMap<>();

    @Test
    void everyCaseIsListedOnceAndItsTestsExist() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/bad-input.md"))) {
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
        for (String line : Files.readAllLines(ROOT.resolve("docs/api/limits.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| What ")) {
                String[] cells = line.split("\\|", -1);
                limits.add(cells[1].strip());
                check(cells[1].strip(), cells[cells.length - 2]);
            }
        }
        assertThat(limits).doesNotHaveDuplicates().hasSizeGreaterThan(20);
        String all = Files.readString(ROOT.resolve("docs/api/limits.md"));
        Matcher property = Pattern.compile("@DefaultValue\\(\"[^\"]*\"\\) \\w+ (\\w+)")
                .matcher(Files.readString(
                        ROOT.resolve("gateway-service/src/main/java/io/naru/gateway/http/LimitsProperties.java")));
        while (property.find()) {
            String name = property.group(1).replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
            assertThat(all).contains("`naru.gateway.limits." + name + "`");
        }
    }

    private static void check(String row, String shownBy) throws IOException {
        Matcher reference = REFERENCE.matcher(shownBy);
        int references = 0;
        while (reference.find()) {
            references++;
            assertThat(source(reference.group(1)))
                    .as(row + " names " + reference.group())
                    .contains("void " + reference.group(2) + "(");
        }
        if (WITHOUT_TEST.contains(row)) {
            assertThat(references).as(row).isZero();
            assertThat(shownBy).as(row + " says why").startsWith("not ");
        } else {
            assertThat(references).as(row + " is shown by a test").isPositive();
        }
    }

    private static String source(String testClass) throws IOException {
        String known = SOURCES.get(testClass);
        if (known != null) {
            return known;
        }
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.filter(file -> file.endsWith(testClass + ".java")).forEach(found::add);
                }
            }
        }
        assertThat(found).as("sources of " + testClass).hasSize(1);
        String source = Files.readString(found.get(0));
        SOURCES.put(testClass, source);
        return source;
    }
}
