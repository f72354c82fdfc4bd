package io.naru.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopicConfigsTest {

    private static final List<String> PROBES = List.of(
            "-9223372036854775809",
            "-2",
            "-1",
            "0",
            "0.5",
            "1",
            "1.5",
            "3",
            "4",
            "1048575",
            "1048576",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "true",
            "TRUE",
            "yes",
            "",
            " ",
            "x",
            "delete",
            "compact",
            "compact,delete",
            "delete,delete",
            "compact, delete",
            "nope,delete",
            "gzip",
            "producer",
            "brotli",
            "CreateTime",
            "createtime",
            "LogAppendTime",
            "*",
            "0:1",
            "0:1,12:2",
            "0:1, 1:2",
            "0:1,*",
            "0:x",
            "0");

    static List<TopicConfig> table() {
        return List.copyOf(TopicConfigs.all());
    }

    @ParameterizedTest
    @MethodSource("table")
    void agreesWithApacheKafka(TopicConfig ours) {
        ConfigKey theirs = LogConfig.configKeys().get(ours.name());
        assertThat(theirs).isNotNull();
        assertThat(ours.type()).isEqualTo(theirs.type);
        assertThat(ours.parse(ours.defaultValue())).isEqualTo(theirs.defaultValue);
        List<ConfigSynonym> synonyms =
                ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.getOrDefault(ours.name(), List.of());
        assertThat(ours.serverName()).isEqualTo(synonyms.stream().findFirst().map(ConfigSynonym::name));
        assertThat(ours.serverNames().stream().map(name -> name.name() + " " + name.toTopic("3")))
                .containsExactlyElementsOf(synonyms.stream()
                        .map(name -> name.name() + " " + name.converter().apply("3"))
                        .toList());
        for (String probe : PROBES) {
            assertThat(TopicConfigs.problem(Map.of(ours.name(), probe)).isEmpty())
                    .as("%s=%s", ours.name(), probe)
                    .isEqualTo(kafkaAccepts(ours.name(), probe));
        }
    }

    @Test
    void problemsNameTheConfig() {
        assertThat(TopicConfigs.problem(Map.of("retention.mss", "1")).orElseThrow())
                .contains("retention.mss");
        assertThat(TopicConfigs.problem(Map.of("retention.ms", "soon")).orElseThrow())
                .contains("retention.ms", "soon");
        assertThat(TopicConfigs.problem(Map.of("follower.replication.throttled.replicas", "1:2,".repeat(10_000)))
                        .orElseThrow())
                .contains("follower.replication.throttled.replicas", "40000", "32000");
        Map<String, String> nothing = new HashMap<>();
        nothing.put("retention.ms", null);
        assertThat(TopicConfigs.problem(nothing).orElseThrow()).contains("retention.ms");
        assertThat(TopicConfigs.problem(Map.of("min.compaction.lag.ms", "10", "max.compaction.lag.ms", "5"))
                        .orElseThrow())
                .contains("min.compaction.lag.ms", "max.compaction.lag.ms");
    }

    @Test
    void valuesAreTyped() {
        Map<String, Object> values = TopicConfigs.values(Map.of("segment.bytes", "2000000", "something.else", "x"));
        assertThat(values)
                .containsEntry("segment.bytes", 2_000_000)
                .containsEntry("retention.ms", 604_800_000L)
                .containsEntry("cleanup.policy", List.of("delete"))
                .doesNotContainKey("something.else");
        assertThat(values.values()).allMatch(Objects::nonNull);
        assertThatThrownBy(() -> TopicConfigs.values(Map.of("segment.bytes", "2")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("segment.bytes");
    }

    private static boolean kafkaAccepts(String name, String value) {
        try {
            LogConfig.validate(Map.of(name, value));
            return true;
        } catch (ConfigException | InvalidConfigurationException refused) {
            return false;
        }
    }
}
