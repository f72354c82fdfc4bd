package io.naru.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.config.BrokerConfigs;
import io.naru.cluster.config.ConfigKey;
import io.naru.cluster.config.TopicConfigs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/config-tests.md} names a test for every config of the catalogue, and the tests that it names exist. */
class ConfigTestTableTest {

    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9.]+)` \\| (.*) \\|");

    @Test
    void everyConfigHasATestThatSeesItsEffect() throws IOException {
        List<String> listed = new ArrayList<>();
        for (String line : Files.readAllLines(TestReferences.ROOT.resolve("docs/config-tests.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                listed.add(row.group(1));
                assertThat(TestReferences.check(row.group(1), row.group(2)))
                        .as(row.group(1) + " is seen by a test")
                        .isPositive();
            }
        }
        assertThat(listed)
                .containsExactlyElementsOf(
                        Stream.<ConfigKey>concat(TopicConfigs.all().stream(), BrokerConfigs.all().stream())
                                .map(ConfigKey::name)
                                .toList());
    }
}
