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
import java.util.stream.Stream;

/** References to tests in documents, {@code `FooTest#bar`}: what they name is there. */
final class TestReferences {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Map<String, String> SOURCES = new HashMap<>();

    private TestReferences() {}

    /** How many tests a text names; fails if one of them does not exist. */
    static int check(String row, String text) throws IOException {
        Matcher reference = REFERENCE.matcher(text);
        int references = 0;
        while (reference.find()) {
            references++;
            assertThat(source(reference.group(1)))
                    .as(row + " names " + reference.group())
                    .contains("void " + reference.group(2) + "(");
        }
        return references;
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
