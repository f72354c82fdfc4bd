package io.naru.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code docs/configs.md} says what the catalogue says. */
class ConfigPageTest {

    private static final Path PAGE = Path.of("..", "docs", "configs.md");

    /** After a change that is meant, run with {@code -Dnaru.update-docs=true} and commit the page. */
    @Test
    void pageIsUpToDate() throws IOException {
        String page = page();
        if (Boolean.getBoolean("naru.update-docs")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content(StandardCharsets.UTF_8).isEqualTo(page);
    }

    private static String page() {
        return """
                # Configs

                Generated from the catalogue in code (`io.naru.cluster.config`); `ConfigPageTest` holds it up to date. Names, types, ranges
                and, where nothing else is said, defaults are Apache Kafka's.

                A topic's value is the one set on the topic; else the one set on the broker that holds it, under the name it has there; else
                the one set on all brokers; else what the broker was told at its start; else the default. `DescribeConfigs` and REST show all
                of these places as synonyms. A config that is not here is refused, by name. What the coordinator is told at its start is in
                [coordinator-configs.md](coordinator-configs.md).

                ## Topics

                Set at creation, or later with IncrementalAlterConfigs (`kafka-configs --entity-type topics`) or REST.

                | Name | Type | Default | Values | On a broker | What it does |
                |---|---|---|---|---|---|
                """
                + TopicConfigs.all().stream()
                        .map(config -> row(
                                code(config.name()),
                                type(config),
                                code(config.defaultValue()),
                                values(config),
                                config.serverNames().stream()
                                        .map(name -> code(name.name()))
                                        .collect(Collectors.joining(", ")),
                                config.documentation()))
                        .collect(Collectors.joining())
                + """

                ## Brokers

                Where: *start* is the property that sets it when the service starts; *running* says whether it can be set while it runs, on
                all brokers (`kafka-configs --entity-type brokers --entity-default`) or on one in place of that (`--entity-name <id>`).

                | Name | Type | Default | Values | Start | Running | What it does |
                |---|---|---|---|---|---|---|
                """
                + BrokerConfigs.all().stream()
                        .map(config -> row(
                                code(config.name()),
                                type(config),
                                code(config.defaultValue()),
                                values(config),
                                code(config.property()),
                                running(config.scope()),
                                config.documentation()))
                        .collect(Collectors.joining());
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String code(@Nullable String text) {
        return text == null ? "–" : "`" + text + "`";
    }

    private static String type(ConfigKey config) {
        return config.type().name().toLowerCase(Locale.ROOT) + (config.sensitive() ? ", never shown" : "");
    }

    private static String values(ConfigKey config) {
        ConfigDef.Validator validator = config.validator();
        String values = validator == null ? "null" : String.valueOf(validator);
        return values.equals("null") ? "any" : values.replace("|", "\\\\|");
    }

    private static String running(ConfigScope scope) {
        return switch (scope) {
            case CLUSTER_WIDE -> "all, one";
            case CLUSTER_ONLY -> "all";
            case READ_ONLY -> "no";
            case TOPIC -> throw new IllegalArgumentException("not a broker config");
        };
    }
}
