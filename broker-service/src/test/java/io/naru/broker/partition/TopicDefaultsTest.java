package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogSettings;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.BrokerConfig;
import io.naru.cluster.config.BrokerConfigs;
import io.naru.cluster.config.ConfigScope;
import io.naru.cluster.config.TopicConfig;
import io.naru.cluster.config.TopicConfig.ServerName;
import io.naru.cluster.config.TopicConfigs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every broker config that is the default of a topic config is in force in the logs of topics that do not set it. */
class TopicDefaultsTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final String ID = Uuid.randomUuid().toString();

    @TempDir
    private Path data;

    static Stream<Arguments> names() {
        return TopicConfigs.all().stream()
                .flatMap(topic -> topic.serverNames().stream().map(name -> Arguments.of(name.name(), topic, name)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void countsForTopicsThatSetNothing(String server, TopicConfig topic, ServerName name) throws IOException {
        BrokerConfig config = BrokerConfigs.find(server).orElseThrow();
        String value = otherThanDefault(topic);
        Map<String, String> onTopic = topic.name().matches("compression\\..*\\.level")
                ? Map.of("compression.type", topic.name().replaceAll("compression\\.(.*)\\.level", "$1"))
                : Map.of();
        boolean fixed = config.scope() == ConfigScope.READ_ONLY;
        LogConfig unset = inForce(Map.of(), Map.of(), onTopic);
        LogConfig set =
                inForce(fixed ? Map.of(server, value) : Map.of(), fixed ? Map.of() : Map.of(server, value), onTopic);
        Map<String, String> same = new TreeMap<>(onTopic);
        same.put(topic.name(), name.toTopic(value));
        assertThat(set).isEqualTo(LogConfig.from(same)).isNotEqualTo(unset);
    }

    private static String otherThanDefault(TopicConfig topic) {
        return switch (topic.type()) {
            case BOOLEAN -> topic.defaultValue().equals("true") ? "false" : "true";
            case DOUBLE -> "0.25";
            case LIST -> "compact";
            case STRING -> topic.name().equals("compression.type") ? "gzip" : "LogAppendTime";
            default -> topic.name().endsWith(".level") ? "5" : "2097152";
        };
    }

    /** What the log of a topic works with. */
    private LogConfig inForce(Map<String, String> fixed, Map<String, String> onAll, Map<String, String> onTopic)
            throws IOException {
        LogManager manager = LogManager.open(LogSettings.of(data, "cluster", 1), NOW);
        try {
            PartitionTable table = new PartitionTable(
                    new ReplicaSettings(1, 30_000, fixed), new PartitionTableTest.Logs(manager), partition -> {});
            TopicImage topic = new TopicImage(
                    "orders", ID, onTopic, List.of(new PartitionImage(0, List.of(1), List.of(1), 1, 0, 0)));
            table.apply(
                    new ClusterImage(
                            1,
                            1,
                            "cluster",
                            new TreeMap<>(),
                            new TreeMap<>(),
                            new TreeMap<>(Map.of("orders", topic)),
                            List.of(),
                            onAll),
                    NOW);
            return table.require("orders", Uuid.ZERO_UUID, 0).log().config();
        } finally {
            manager.close(NOW, 1);
        }
    }
}
