package io.naru.coordinator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.group.state.GroupSettings;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.DurationStyle;

/** {@code docs/coordinator-configs.md} is made of this table and the properties; -Dnaru.update-docs=true writes it anew. */
class CoordinatorConfigPageTest {

    private static final Path PAGE = Path.of("..", "docs", "coordinator-configs.md");
    private static final String PREFIX = "naru.coordinator.group";
    private static final String NO_NAME = "–";

    /** What a property is to Kafka. */
    private record Setting(String property, String kafkaName, String documentation) {}

    private static final List<Setting> SETTINGS = List.of(
            new Setting(
                    "session-timeout",
                    "group.consumer.session.timeout.ms",
                    "Silence after which a member of the new protocol is taken for lost."),
            new Setting(
                    "heartbeat-interval",
                    "group.consumer.heartbeat.interval.ms",
                    "How often members of the new protocol are told to call."),
            new Setting(
                    "members-max",
                    "group.consumer.max.size",
                    "Most members of a group. Bounded, unlike Kafka's default."),
            new Setting(
                    "offset-metadata-max", "offset.metadata.max.bytes", "Longest text that is kept with an offset."),
            new Setting(
                    "offsets-retention",
                    "offsets.retention.minutes",
                    "How long offsets are kept once nobody uses their group any more."),
            new Setting(
                    "offsets-check",
                    "offsets.retention.check.interval.ms",
                    "How often it is looked for offsets that are too old."),
            new Setting(
                    "classic.session-timeout-min",
                    "group.min.session.timeout.ms",
                    "Shortest session that a member of a classic group may ask for."),
            new Setting(
                    "classic.session-timeout-max",
                    "group.max.session.timeout.ms",
                    "Longest session that a member of a classic group may ask for."),
            new Setting(
                    "classic.initial-rebalance-delay",
                    "group.initial.rebalance.delay.ms",
                    "How long a new classic group waits for more members before its first rebalance."),
            new Setting(
                    "classic.newcomer-timeout",
                    NO_NAME,
                    "How long a member's first rebalance may take before it is taken for lost. Fixed in Kafka."));

    @Test
    void everyPropertyIsOnThePageAndThePageIsUpToDate() throws IOException {
        assertThat(defaults().keySet())
                .containsExactlyElementsOf(
                        SETTINGS.stream().map(Setting::property).toList());
        String page = page();
        if (Boolean.getBoolean("naru.update-docs")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content(StandardCharsets.UTF_8).isEqualTo(page);
    }

    @Test
    void everyPropertyReachesTheGroups() {
        GroupSettings unset = bound(Map.of());
        defaults().forEach((property, value) -> {
            String other = isNumber(value)
                    ? Integer.toString(Integer.parseInt(value) + 1)
                    : DurationStyle.detectAndParse(value).plusSeconds(1).toMillis() + "ms";
            assertThat(bound(Map.of(PREFIX + "." + property, other)))
                    .as(property)
                    .isNotEqualTo(unset);
        });
    }

    private static GroupSettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("naru", CoordinatorProperties.class)
                .coordinator()
                .group()
                .settings();
    }

    /** By property, as the class declares them. */
    private static Map<String, String> defaults() {
        Map<String, String> found = new LinkedHashMap<>();
        collect("", CoordinatorProperties.Group.class, found);
        return found;
    }

    private static void collect(String prefix, Class<?> type, Map<String, String> found) {
        for (Parameter component : type.getDeclaredConstructors()[0].getParameters()) {
            String name =
                    prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                collect(name + ".", component.getType(), found);
            } else {
                found.put(
                        name,
                        Objects.requireNonNull(component.getAnnotation(DefaultValue.class))
                                .value()[0]);
            }
        }
    }

    private static boolean isNumber(String value) {
        return value.chars().allMatch(Character::isDigit);
    }

    private static String page() {
        Map<String, String> defaults = defaults();
        return """
                # Configs of the coordinator

                Generated from `CoordinatorProperties`; `CoordinatorConfigPageTest` holds it up to date. Each is told to coordinator-service at
                its start and counts for all groups; none can be set while it runs, and no broker shows them. Defaults are given as they
                would be written under Kafka's name.

                | Kafka's name | Default | Property | What it does |
                |---|---|---|---|
                """
                + SETTINGS.stream()
                        .map(setting -> "| " + code(setting.kafkaName) + " | "
                                + code(inKafkasUnit(
                                        setting.kafkaName, Objects.requireNonNull(defaults.get(setting.property))))
                                + " | " + code(PREFIX + "." + setting.property) + " | " + setting.documentation
                                + " |\n")
                        .collect(Collectors.joining());
    }

    private static String inKafkasUnit(String kafkaName, String value) {
        if (isNumber(value) || kafkaName.equals(NO_NAME)) {
            return value;
        }
        Duration duration = DurationStyle.detectAndParse(value);
        return Long.toString(kafkaName.endsWith(".minutes") ? duration.toMinutes() : duration.toMillis());
    }

    private static String code(String text) {
        return text.equals(NO_NAME) ? text : "`" + text + "`";
    }
}
