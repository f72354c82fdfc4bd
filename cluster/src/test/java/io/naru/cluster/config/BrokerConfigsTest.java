package io.naru.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.QuotaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of broker configs, against Apache Kafka's own. */
class BrokerConfigsTest {

    /** Where Naru's default is another, for the reason that its documentation gives. */
    private static final Set<String> OTHER_DEFAULTS = Set.of(
            "node.id", // Kafka has none
            "broker.id", // the same
            "listeners", // on the loopback address
            "auto.create.topics.enable",
            "broker.session.timeout.ms",
            "broker.heartbeat.interval.ms",
            "max.connections",
            "max.connections.per.ip",
            "log.cleaner.dedupe.buffer.size",
            "log.cleaner.io.max.bytes.per.second");

    /** Kafka can move to another port while it runs. */
    private static final String AT_START_ONLY = "listeners";

    private static final List<String> PROBES = List.of(
            "-9223372036854775809",
            "-2",
            "-1",
            "0",
            "0.5",
            "1",
            "168",
            "1048576",
            "2147483648",
            "yes",
            "",
            "x",
            "true");

    static List<BrokerConfig> table() {
        return List.copyOf(BrokerConfigs.all());
    }

    @ParameterizedTest
    @MethodSource("table")
    void agreesWithApacheKafka(BrokerConfig ours) {
        ConfigKey theirs = Objects.requireNonNullElseGet(
                AbstractKafkaConfig.CONFIG_DEF.configKeys().get(ours.name()),
                () -> QuotaConfig.brokerQuotaConfigs().configKeys().get(ours.name()));
        assertThat(theirs).as("a config that Kafka has").isNotNull();
        assertThat(ours.type()).isEqualTo(theirs.type);
        if (!OTHER_DEFAULTS.contains(ours.name())) {
            assertThat(ours.defaultValue() == null ? null : ours.parse(ours.defaultValue()))
                    .isEqualTo(theirs.defaultValue);
        }
        assertThat(ours.scope() != ConfigScope.READ_ONLY)
                .as("can be set while the cluster runs")
                .isEqualTo(DynamicBrokerConfig.dynamicConfigUpdateModes().containsKey(ours.name())
                        && !ours.name().equals(AT_START_ONLY));
        for (String probe : PROBES) {
            if (BrokerConfigs.problem(Map.of(ours.name(), probe)).isEmpty()) {
                assertThat(kafkaAccepts(theirs, probe))
                        .as("%s=%s", ours.name(), probe)
                        .isTrue();
            }
        }
    }

    @Test
    void everyDefaultIsAllowed() {
        for (BrokerConfig config : BrokerConfigs.all()) {
            if (config.defaultValue() != null) {
                assertThat(config.parse(config.defaultValue()))
                        .as(config.name())
                        .isNotNull();
            }
            assertThat(config.documentation()).as(config.name()).endsWith(".");
        }
    }

    @Test
    void problemsNameTheConfig() {
        assertThat(BrokerConfigs.problem(Map.of("no.such", "1")).orElseThrow()).contains("no.such");
        assertThat(BrokerConfigs.problem(Map.of("log.retention.hours", "soon")).orElseThrow())
                .contains("log.retention.hours", "soon");
        assertThat(BrokerConfigs.problem(Map.of("log.roll.hours", "0")).orElseThrow())
                .contains("log.roll.hours");
        assertThat(BrokerConfigs.problem(Map.of("log.cleanup.policy", "keep")).orElseThrow())
                .contains("log.cleanup.policy");
    }

    @Test
    void passwordsAreSensitive() {
        BrokerConfig secret = new BrokerConfig(
                "ssl.key.password", ConfigDef.Type.PASSWORD, null, null, "A key.", ConfigScope.READ_ONLY, null);
        assertThat(secret.sensitive()).isTrue();
        assertThat(BrokerConfigs.find("log.dirs").orElseThrow().sensitive()).isFalse();
    }

    private static boolean kafkaAccepts(ConfigKey theirs, String value) {
        try {
            Object parsed = ConfigDef.parseType(theirs.name, value, theirs.type);
            if (theirs.validator != null) {
                theirs.validator.ensureValid(theirs.name, parsed);
            }
            return true;
        } catch (ConfigException refused) {
            return false;
        }
    }
}
