package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.log.Batches;
import io.naru.broker.log.Log;
import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogSettings;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTableTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final String ID = Uuid.randomUuid().toString();

    @TempDir
    private Path data;

    private LogManager manager;
    private PartitionTable table;
    private long version;
    private Map<String, String> clusterConfigs = Map.of();

    @BeforeEach
    void open() throws IOException {
        manager = LogManager.open(LogSettings.of(data, "cluster", 1), NOW);
        table = new PartitionTable(ReplicaSettings.of(1), new Logs(manager), partition -> {});
    }

    @AfterEach
    void close() {
        manager.close(NOW, 1);
    }

    record Logs(LogManager manager) implements PartitionTable.LogSource {

        @Override
        public Log open(TopicPartition name, Uuid topicId, LogConfig config, boolean mayBeNew) {
            return manager.getOrCreate(name, topicId, config, mayBeNew, NOW);
        }

        @Override
        public long checkpointedHighWatermark(TopicPartition name) {
            return manager.highWatermarksAtStart().getOrDefault(name, 0L);
        }

        @Override
        public void delete(TopicPartition name) {
            manager.delete(name, NOW);
        }

        @Override
        public LogConfig config(Map<String, String> topicConfigs) {
            return LogConfig.from(topicConfigs);
        }

        @Override
        public void checkpointLogStartOffsets() throws IOException {
            manager.checkpointLogStartOffsets();
        }
    }

    private Partition orders() {
        return table.require("orders", Uuid.ZERO_UUID, 0);
    }

    /** An image with one topic, orders, of one partition. */
    private void apply(int leader, int leaderEpoch, Map<String, String> configs) {
        TopicImage topic = new TopicImage(
                "orders",
                ID,
                configs,
                List.of(new PartitionImage(0, List.of(1), List.of(1), leader, leaderEpoch, leaderEpoch)));
        table.apply(
                new ClusterImage(
                        ++version,
                        1,
                        "cluster",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>(Map.of("orders", topic)),
                        List.of(),
                        clusterConfigs),
                NOW);
    }

    @Test
    void aChangedTopicConfigurationReachesTheLogAndItsRetention() {
        apply(1, 0, Map.of("segment.bytes", "100"));
        for (int i = 0; i < 4; i++) {
            orders().append(Batches.of(NOW, "a"), (short) 1, NOW);
        }
        manager.tick(NOW + 1_000);
        manager.tick(NOW + 10_000);
        assertThat(orders().log().logStartOffset()).isZero();
        apply(1, 0, Map.of("segment.bytes", "100", "retention.ms", "5000"));
        manager.tick(NOW + 20_000);
        assertThat(orders().log().logStartOffset()).isGreaterThanOrEqualTo(3);
        manager.tick(NOW + 30_000);
        assertThat(orders().log().logStartOffset()).isEqualTo(4);
    }

    @Test
    void whatTheTopicLeavesOpenTheClusterDecides() {
        clusterConfigs = Map.of("log.retention.bytes", "77", "log.segment.bytes", "999");
        apply(1, 0, Map.of("segment.bytes", "100"));
        assertThat(orders().log().config().retentionBytes()).isEqualTo(77);
        assertThat(orders().log().config().segmentBytes()).isEqualTo(100);
    }

    @Test
    void aTopicConfigurationThatCannotBeReadHoldsNothingUp() {
        apply(1, 0, Map.of("retention.ms", "5000"));
        apply(1, 1, Map.of("retention.ms", "soon"));
        assertThat(orders().leaderEpoch()).isEqualTo(1);
        assertThat(orders().log().config().retentionMs()).isEqualTo(5000);
        assertThat(table.offline()).isEmpty();
    }

    @Test
    void deletedRecordsStayDeletedThroughAKill() throws IOException {
        apply(1, 0, Map.of());
        orders().append(Batches.of(NOW, "a", "b", "c"), (short) 1, NOW);
        assertThat(orders().deleteRecords(1)).isEqualTo(1);
        assertThat(orders().deleteRecords(0)).isEqualTo(1);
        table.checkpointLogStartOffsets();
        Path checkpoint = data.resolve("log-start-offset-checkpoint");
        assertThat(checkpoint).hasContent("0\n1\norders 0 1\n");
        assertThat(orders().deleteRecords(-1)).isEqualTo(3);
        assertThatThrownBy(() -> orders().deleteRecords(4)).isInstanceOf(OffsetOutOfRangeException.class);
        assertThatThrownBy(() -> orders().deleteRecords(-2)).isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void recordsAreDeletedByLeadersOfTopicsWithThatPolicy() {
        apply(1, 0, Map.of("cleanup.policy", "compact"));
        assertThatThrownBy(() -> orders().deleteRecords(0)).isInstanceOf(PolicyViolationException.class);
        apply(1, 0, Map.of("cleanup.policy", "compact,delete"));
        assertThat(orders().deleteRecords(0)).isZero();
        apply(2, 1, Map.of());
        assertThatThrownBy(() -> orders().deleteRecords(0)).isInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void aTopicThatIsGoneTakesItsLogWithIt() {
        apply(1, 0, Map.of());
        table.apply(ClusterImage.empty("cluster", 1), NOW);
        assertThat(manager.all()).isEmpty();
    }
}
