package io.naru.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/** Where values come from when a config is set in several places. */
class ConfigLayersTest {

    private static final Map<String, String> ON_TOPIC = Map.of("retention.ms", "1");

    private final ConfigLayers layers = new ConfigLayers(
            Map.of("log.retention.ms", "2"),
            Map.of("log.retention.ms", "3", "log.cleanup.policy", "compact", "num.io.threads", "5"),
            Map.of("log.retention.hours", "4", "log.roll.hours", "2", "log.dirs", "/a"));

    private static DescribedConfig find(List<DescribedConfig> all, String name) {
        return all.stream()
                .filter(config -> config.config().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> synonyms(DescribedConfig config) {
        return config.synonyms().stream()
                .map(synonym -> synonym.name() + "=" + synonym.value() + " " + synonym.source())
                .toList();
    }

    @Test
    void topicBeforeBrokerBeforeClusterBeforeStartBeforeDefault() {
        DescribedConfig retention = find(layers.describeTopic(ON_TOPIC), "retention.ms");
        assertThat(retention.value()).isEqualTo("1");
        assertThat(retention.source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(synonyms(retention))
                .containsExactly(
                        "retention.ms=1 DYNAMIC_TOPIC_CONFIG",
                        "log.retention.ms=2 DYNAMIC_BROKER_CONFIG",
                        "log.retention.ms=3 DYNAMIC_DEFAULT_BROKER_CONFIG",
                        "log.retention.hours=4 STATIC_BROKER_CONFIG",
                        "log.retention.hours=168 DEFAULT_CONFIG");
        DescribedConfig policy = find(layers.describeTopic(Map.of()), "cleanup.policy");
        assertThat(synonyms(policy))
                .containsExactly(
                        "log.cleanup.policy=compact DYNAMIC_DEFAULT_BROKER_CONFIG",
                        "log.cleanup.policy=delete DEFAULT_CONFIG");
        DescribedConfig inHours = find(layers.describeTopic(Map.of()), "segment.ms");
        assertThat(inHours.value()).isEqualTo("7200000");
        assertThat(inHours.synonyms()).as("as Kafka does").isEmpty();
        DescribedConfig unset = find(layers.describeTopic(Map.of()), "retention.ms");
        assertThat(unset.value()).isEqualTo("2");
        assertThat(unset.source()).isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG);
    }

    @Test
    void topicsFollowTheirDefaultsInTheirOwnUnits() {
        Map<String, String> values = layers.topicValues(Map.of());
        assertThat(values)
                .containsEntry("retention.ms", "2")
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("segment.ms", "7200000")
                .containsEntry("flush.ms", "9223372036854775807")
                .containsEntry("segment.jitter.ms", "0");
        assertThat(layers.topicValues(ON_TOPIC)).containsEntry("retention.ms", "1");
        ConfigLayers forEver = new ConfigLayers(Map.of(), Map.of(), Map.of("log.retention.hours", "-1"));
        assertThat(forEver.topicValues(Map.of())).containsEntry("retention.ms", "-1");
        assertThat(ConfigLayers.DEFAULTS.topicValues(Map.of()))
                .allSatisfy((name, value) -> assertThat(value)
                        .isEqualTo(TopicConfigs.find(name).orElseThrow().defaultValue()));
    }

    @Test
    void brokersShowEveryConfigAndItsOrigin() {
        List<DescribedConfig> all = layers.describeBroker();
        assertThat(all).hasSize(BrokerConfigs.all().size());
        DescribedConfig dirs = find(all, "log.dirs");
        assertThat(dirs.value()).isEqualTo("/a");
        assertThat(dirs.source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        assertThat(dirs.readOnly()).isTrue();
        DescribedConfig threads = find(all, "num.io.threads");
        assertThat(threads.readOnly()).isFalse();
        assertThat(synonyms(threads))
                .containsExactly("num.io.threads=5 DYNAMIC_DEFAULT_BROKER_CONFIG", "num.io.threads=8 DEFAULT_CONFIG");
        assertThat(find(all, "log.retention.hours").value()).isEqualTo("4");
        assertThat(find(all, "log.retention.minutes").value()).isNull();
        assertThat(find(all, "broker.rack").isDefault()).isTrue();
    }

    @Test
    void allBrokersTogetherShowOnlyWhatIsSetOnThem() {
        assertThat(layers.describeClusterWide().stream()
                        .map(config -> config.config().name()))
                .containsExactlyInAnyOrder("log.retention.ms", "log.cleanup.policy", "num.io.threads");
        assertThat(layers.describeClusterWide())
                .allMatch(config -> config.source() == ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG
                        && config.synonyms().size() == 1);
    }

    @Test
    void aPasswordIsNotShown() {
        assertThat(ConfigLayers.shown(ofType(ConfigDef.Type.PASSWORD), "secret"))
                .isNull();
        assertThat(ConfigLayers.shown(ofType(ConfigDef.Type.STRING), "open")).isEqualTo("open");
    }

    private static BrokerConfig ofType(ConfigDef.Type type) {
        return new BrokerConfig("some.config", type, null, null, "For the test.", ConfigScope.CLUSTER_WIDE, null);
    }
}
