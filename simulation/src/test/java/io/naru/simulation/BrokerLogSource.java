package io.naru.simulation;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogManager;
import io.naru.broker.partition.PartitionTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** The logs of one run of a broker, small ones. */
final class BrokerLogSource implements PartitionTable.LogSource {

    private final LogManager manager;
    private final MachineClock clock;
    private final Map<String, String> overrides;

    BrokerLogSource(LogManager manager, MachineClock clock, Map<String, String> overrides) {
        this.manager = manager;
        this.clock = clock;
        this.overrides = overrides;
    }

    @Override
    public Log open(TopicPartition name, Uuid topicId, LogConfig config, boolean mayBeNew) {
        return manager.getOrCreate(name, topicId, config, mayBeNew, clock.millis());
    }

    @Override
    public long checkpointedHighWatermark(TopicPartition name) {
        return manager.highWatermarksAtStart().getOrDefault(name, 0L);
    }

    @Override
    public void delete(TopicPartition name) {
        manager.delete(name, clock.millis());
    }

    @Override
    public LogConfig config(Map<String, String> topicConfigs) {
        Map<String, String> all = new HashMap<>(topicConfigs);
        all.putAll(overrides);
        return LogConfig.from(all);
    }

    @Override
    public void checkpointLogStartOffsets() throws IOException {
        manager.checkpointLogStartOffsets();
    }
}
