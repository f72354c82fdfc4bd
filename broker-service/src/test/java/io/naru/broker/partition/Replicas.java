package io.naru.broker.partition;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogConfig;
import io.naru.broker.log.LogEnvironment;
import io.naru.broker.log.LogManager;
import io.naru.broker.log.LogSettings;
import io.naru.broker.log.disk.Disk;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.Endpoint;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** One broker's table with real logs, and an image of a topic, {@code orders}, of one partition, to be changed by hand. */
public final class Replicas implements AutoCloseable {

    /** The time of day when it begins. */
    public static final long NOW = 1_700_000_000_000L;

    private static final Uuid TOPIC_ID = Uuid.randomUuid();

    private final int brokerId;
    private final Path directory;
    private final long lagMaxMs;
    private final Disk disk;
    private LogManager manager;
    private PartitionTable table;
    private final List<Partition> proposing = new ArrayList<>();
    private final Map<Integer, BrokerImage> brokers = new TreeMap<>();
    private final Map<String, String> configs = new TreeMap<>();
    private final Map<String, String> brokerConfigs = new TreeMap<>();
    private long version;

    /** A broker that holds nothing; brokers 1 to 3 are alive, each in an epoch of ten times its id. */
    public Replicas(int brokerId, Path directory) throws IOException {
        this(brokerId, directory, 1_000);
    }

    /** The same, with another {@code replica.lag.time.max.ms}. */
    public Replicas(int brokerId, Path directory, long lagMaxMs) throws IOException {
        this(brokerId, directory, lagMaxMs, Disk.local());
    }

    /** The same, on another disk. */
    public Replicas(int brokerId, Path directory, long lagMaxMs, Disk disk) throws IOException {
        this.lagMaxMs = lagMaxMs;
        this.disk = disk;
        this.brokerId = brokerId;
        this.directory = directory;
        for (int id = 1; id <= 3; id++) {
            broker(id, 10L * id, false);
        }
        open();
    }

    private void open() throws IOException {
        manager = LogManager.open(
                new LogSettings(
                        List.of(directory),
                        "cluster",
                        brokerId,
                        new LogEnvironment(disk, new Random(1)),
                        topic -> LogConfig.DEFAULT,
                        2,
                        (done, total) -> {}),
                NOW);
        table = new PartitionTable(
                new ReplicaSettings(brokerId, lagMaxMs),
                new PartitionTable.LogSource() {
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
                },
                proposing::add);
    }

    /** Stops cleanly and starts anew. */
    public void restart() throws IOException {
        manager.checkpointHighWatermarks(table.highWatermarks());
        manager.close(NOW, 1);
        open();
    }

    /** What the next image says of a broker. */
    public void broker(int id, long epoch, boolean fenced) {
        Endpoint endpoint = new Endpoint("broker-" + id, 9092);
        brokers.put(id, new BrokerImage(id, epoch, endpoint, endpoint, null, fenced, Map.of()));
    }

    /** What the next image says of the topic. */
    public void config(String name, String value) {
        configs.put(name, value);
    }

    /** What the next image says of all brokers. */
    public void brokerConfig(String name, String value) {
        brokerConfigs.put(name, value);
    }

    /** The next image says nothing of the topic's configs and the brokers' any more. */
    public void noConfigs() {
        configs.clear();
        brokerConfigs.clear();
    }

    /** Applies an image in which {@code orders-0} is replicated on brokers 1 to 3. */
    public Partition image(int leader, int leaderEpoch, int partitionEpoch, Set<Integer> isr, long nowMs) {
        return image(
                new PartitionImage(0, List.of(1, 2, 3), List.copyOf(isr), leader, leaderEpoch, partitionEpoch), nowMs);
    }

    /** Applies an image with this partition. */
    public Partition image(PartitionImage partition, long nowMs) {
        TopicImage topic = new TopicImage("orders", TOPIC_ID.toString(), configs, List.of(partition));
        table.apply(
                new ClusterImage(
                        ++version,
                        1,
                        "cluster",
                        new TreeMap<>(brokers),
                        new TreeMap<>(),
                        new TreeMap<>(Map.of("orders", topic)),
                        List.of(),
                        brokerConfigs),
                nowMs);
        return table.require("orders", Uuid.ZERO_UUID, 0);
    }

    /** Id of the topic. */
    public static Uuid topicId() {
        return TOPIC_ID;
    }

    /** The table. */
    public PartitionTable table() {
        return table;
    }

    /** Partitions that have said that they want their ISR changed. */
    public List<Partition> proposing() {
        return proposing;
    }

    @Override
    public void close() {
        manager.close(NOW, 1);
    }
}
