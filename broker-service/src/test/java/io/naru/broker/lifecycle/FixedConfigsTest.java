package io.naru.broker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.cluster.config.BrokerConfig;
import io.naru.cluster.config.BrokerConfigs;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties under Kafka's names. */
class FixedConfigsTest {

    @Test
    void whatWasSetStandsUnderItsNameAndWhatWasNotDoesNot() {
        Map<String, String> fixed = FixedConfigs.of(
                BrokerSettings.of(7, Path.of("data"), URI.create("http://127.0.0.1:1"), Duration.ofSeconds(30)));
        assertThat(fixed)
                .containsEntry("node.id", "7")
                .containsEntry("broker.id", "7")
                .containsEntry("auto.create.topics.enable", "true")
                .containsEntry("num.io.threads", "4")
                .containsEntry("max.connections", "1000")
                .containsEntry("broker.heartbeat.interval.ms", "100")
                .containsEntry("log.cleaner.backoff.ms", "200")
                .doesNotContainKeys("replica.lag.time.max.ms", "replica.fetch.max.bytes", "broker.rack");
        assertThat(fixed.keySet())
                .allMatch(name ->
                        BrokerConfigs.find(name).map(BrokerConfig::property).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no.such.config", "min.insync.replicas", "node.id", "log.retention.ms"})
    void refusesWhatItCouldNotHonourAndNamesIt(String name) {
        assertThatThrownBy(() -> FixedConfigs.check(Map.of(name, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void takesDefaultsOfTopics() {
        FixedConfigs.check(Map.of("log.retention.hours", "1", "log.cleanup.policy", "compact"));
        assertThatThrownBy(() -> FixedConfigs.check(Map.of("num.io.threads", "3")))
                .hasMessageContaining("naru.broker.worker-threads");
        assertThatThrownBy(() -> FixedConfigs.check(Map.of("min.insync.replicas", "2")))
                .hasMessageContaining("min.insync.replicas");
    }
}
