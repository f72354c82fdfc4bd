package io.naru.broker.partition;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogConfig;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.ConfigLayers;
import io.naru.cluster.control.ReplicaName;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of this broker, as the latest cluster image wants them. {@link #apply} runs on the image thread; everything else may
 * be called from anywhere.
 *
 * <p>A log is deleted only when a topic was in the image before and is gone from the next one. A directory on disk that the image
 * does not know is left alone: an image can be wrong, deleted data stays deleted.
 */
public final class PartitionTable {

    private static final Logger log = LoggerFactory.getLogger(PartitionTable.class);

    private static final String PRODUCER_ID_EXPIRATION = "producer.id.expiration.ms";

    private final ReplicaSettings settings;
    private final LogSource logs;
    private final IsrListener isrListener;
    private final IsrCounts isrCounts = new IsrCounts();
    private final ReplicaThrottle.Quotas quotas = new ReplicaThrottle.Quotas();
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final Set<TopicPartition> offline = ConcurrentHashMap.newKeySet();
    private volatile Map<Uuid, String> namesById = Map.of();
    private volatile Set<TopicPartition> elsewhere = Set.of();
    private volatile BrokerEpochs brokers = BrokerEpochs.NONE;
    private volatile boolean imageSeen;

    /** Where logs come from and go to. */
    public interface LogSource {

        /**
         * Opens the partition's log, or makes a new one; a directory of an earlier topic of the same name is put aside.
         *
         * @param mayBeNew false when the partition was there before this broker started: then no empty log may take the place of one
         *     that cannot be read at the moment
         */
        Log open(TopicPartition name, Uuid topicId, LogConfig config, boolean mayBeNew) throws IOException;

        /** The partition's high watermark as of the last checkpoint before the start; 0 when there is none. */
        long checkpointedHighWatermark(TopicPartition name);

        /** Deletes the partition's log: out of the way at once, from the disk after {@code file.delete.delay.ms}. */
        void delete(TopicPartition name) throws IOException;

        /**
         * The topic's configuration on top of the broker's.
         *
         * @throws IllegalArgumentException naming the key whose value cannot be read
         */
        LogConfig config(Map<String, String> topicConfigs);

        /** When this returns, all log start offsets survive a power cut. */
        void checkpointLogStartOffsets() throws IOException;
    }

    /** An empty table. */
    public PartitionTable(ReplicaSettings settings, LogSource logs, IsrListener isrListener) {
        this.settings = settings;
        this.logs = logs;
        this.isrListener = isrListener;
    }

    /**
     * The partition a request names.
     *
     * @param topic   name, used when {@code topicId} is zero
     * @param topicId id, or zero in versions that name topics
     * @throws UnknownTopicIdException          no topic has that id (100)
     * @throws UnknownTopicOrPartitionException there is no such topic or partition (3)
     * @throws NotLeaderOrFollowerException     it is on other brokers (6)
     * @throws KafkaStorageException            its log could not be opened (56)
     */
    public Partition require(String topic, Uuid topicId, int index) {
        String name = topic;
        if (!Uuid.ZERO_UUID.equals(topicId)) {
            name = namesById.get(topicId);
            if (name == null) {
                throw new UnknownTopicIdException("no topic has id " + topicId);
            }
        }
        TopicPartition wanted = new TopicPartition(name, index);
        Partition partition = partitions.get(wanted);
        if (partition != null) {
            return partition;
        }
        if (elsewhere.contains(wanted)) {
            throw new NotLeaderOrFollowerException("this broker does not hold " + wanted);
        }
        if (offline.contains(wanted)) {
            throw new KafkaStorageException("the log of " + wanted + " is offline; the broker's own log says why");
        }
        throw new UnknownTopicOrPartitionException("there is no " + wanted);
    }

    /** The partition a request names, if it is here. */
    public Optional<Partition> find(String topic, Uuid topicId, int index) {
        String name = Uuid.ZERO_UUID.equals(topicId) ? topic : namesById.get(topicId);
        return name == null ? Optional.empty() : Optional.ofNullable(partitions.get(new TopicPartition(name, index)));
    }

    /** Name of the topic with that id. */
    public Optional<String> nameOf(Uuid topicId) {
        return Optional.ofNullable(namesById.get(topicId));
    }

    /** All partitions here. */
    public Collection<Partition> all() {
        return partitions.values();
    }

    /** Partitions whose log could not be opened, or has failed since. */
    public Set<TopicPartition> offline() {
        Set<TopicPartition> all = new HashSet<>(offline);
        partitions.values().stream()
                .filter(Partition::offline)
                .map(Partition::name)
                .forEach(all::add);
        return all;
    }

    /**
     * The same by their topics' ids, for the controller; and those that it leads though its disk takes nothing, for as long as it does: others
     * are to lead then, and what can be read here still is.
     */
    public List<ReplicaName> offlineReplicas() {
        Set<TopicPartition> names = offline();
        partitions.values().stream()
                .filter(Partition::hadBetterNotLead)
                .map(Partition::name)
                .forEach(names::add);
        if (names.isEmpty()) {
            return List.of();
        }
        Map<String, Uuid> ids = new HashMap<>();
        namesById.forEach((id, name) -> ids.put(name, id));
        return names.stream()
                .filter(name -> ids.containsKey(name.topic()))
                .map(name -> new ReplicaName(String.valueOf(ids.get(name.topic())), name.partition()))
                .toList();
    }

    /**
     * What time brings about; to be called about every half second.
     *
     * @param confirmed whether the controller has answered this broker lately
     * @param nowMs     of a clock that only goes forward
     */
    public void tick(boolean confirmed, long nowMs) {
        for (Partition partition : partitions.values()) {
            partition.tick(nowMs);
            partition.contact(confirmed, nowMs);
        }
    }

    /** When this returns, log start offsets moved by {@link Partition#deleteRecords} survive a power cut. */
    public void checkpointLogStartOffsets() {
        try {
            logs.checkpointLogStartOffsets();
        } catch (IOException e) {
            throw new KafkaStorageException("log start offsets cannot be written", e);
        }
    }

    /**
     * Checks that a follower is what the image says, so that neither a client nor a broker's earlier life passes for it.
     *
     * @throws StaleBrokerEpochException it is not registered, or in another epoch, here (77)
     */
    public void checkFollower(FollowerId follower) {
        long registered = brokers.epochOf(follower.brokerId());
        if (registered < 0 || registered != follower.brokerEpoch()) {
            throw new StaleBrokerEpochException("broker " + follower.brokerId() + " fetches in epoch "
                    + follower.brokerEpoch() + "; the image here shows " + registered);
        }
    }

    /** Whether an image has been applied: before that this broker knows of no topic. */
    public boolean hasImage() {
        return imageSeen;
    }

    /** How often in-sync replicas became fewer and more. */
    public IsrCounts isrCounts() {
        return isrCounts;
    }

    /** What throttled replication may take, here. */
    public ReplicaThrottle.Quotas quotas() {
        return quotas;
    }

    /** High watermarks to be written down. */
    public Map<TopicPartition, Long> highWatermarks() {
        Map<TopicPartition, Long> all = new HashMap<>();
        partitions.forEach((name, partition) -> all.put(name, partition.highWatermark()));
        return all;
    }

    /**
     * Makes the table what {@code image} says. One partition that fails leaves the others alone.
     *
     * @param nowMs of a clock that only goes forward
     */
    public void apply(ClusterImage image, long nowMs) {
        brokers = new BrokerEpochs(image.brokers());
        Map<Uuid, String> names = new HashMap<>();
        Set<TopicPartition> others = new HashSet<>();
        ConfigLayers layers = ConfigLayers.of(image, settings.brokerId(), settings.fixedConfigs());
        quotas.leader().rate(rate(layers, "leader.replication.throttled.rate"), nowMs);
        quotas.follower().rate(rate(layers, "follower.replication.throttled.rate"), nowMs);
        Map<String, String> defaults = defaults(layers);
        Map<Map<String, String>, Optional<LogConfig>> configs = new HashMap<>();
        for (TopicImage topic : image.topics().values()) {
            Uuid topicId = Uuid.fromString(topic.topicId());
            names.put(topicId, topic.name());
            Optional<LogConfig> config =
                    configs.computeIfAbsent(topic.configs(), set -> config(topic.name(), set, defaults));
            ThrottledReplicas throttled = ThrottledReplicas.of(topic.configs());
            for (PartitionImage partition : topic.partitions()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.partition());
                if (partition.replicas().contains(settings.brokerId())) {
                    hold(new Wanted(name, topicId, config, throttled, partition), nowMs);
                } else {
                    others.add(name);
                }
            }
        }
        elsewhere = others;
        namesById = names;
        for (Partition partition : partitions.values()) {
            boolean wanted = names.containsKey(partition.topicId()) && !others.contains(partition.name());
            if (!wanted) {
                drop(partition);
            }
        }
        imageSeen = true;
        offline.removeIf(name -> image.partition(name.topic(), name.partition()).isEmpty());
    }

    /** What counts for topics that do not set it themselves, and the broker configs that logs read. */
    private static Map<String, String> defaults(ConfigLayers layers) {
        Map<String, String> defaults = new HashMap<>(layers.topicValues(Map.of()));
        layers.value(PRODUCER_ID_EXPIRATION).ifPresent(value -> defaults.put(PRODUCER_ID_EXPIRATION, value));
        return defaults;
    }

    private static long rate(ConfigLayers layers, String name) {
        return Long.parseLong(layers.value(name).orElseThrow().trim());
    }

    /** Empty when it cannot be read: logs keep what they have, for one topic must not hold up the others. */
    private Optional<LogConfig> config(String topic, Map<String, String> set, Map<String, String> defaults) {
        Map<String, String> merged = new HashMap<>(defaults);
        merged.putAll(set);
        try {
            return Optional.of(logs.config(merged));
        } catch (IllegalArgumentException e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue("topic", topic)
                    .log("The topic's configuration cannot be read and is not put in force");
            return Optional.empty();
        }
    }

    private record Wanted(
            TopicPartition name,
            Uuid topicId,
            Optional<LogConfig> config,
            ThrottledReplicas throttled,
            PartitionImage image) {}

    private void hold(Wanted wanted, long nowMs) {
        TopicPartition name = wanted.name();
        try {
            Partition partition = opened(wanted);
            Log held = partition.log();
            wanted.config().filter(wished -> !held.config().equals(wished)).ifPresent(held::reconfigure);
            PartitionImage image = wanted.image();
            partition.throttle().set(wanted.throttled(), image);
            if (image.leader() != settings.brokerId()) {
                partition.follow(image.leaderEpoch(), image.leader());
            } else if (!partition.offline()) {
                partition.lead(image, nowMs);
            }
            partitions.put(name, partition);
            offline.remove(name);
        } catch (IOException | RuntimeException e) {
            offline.add(name);
            log.atError()
                    .setCause(e)
                    .addKeyValue("topic", name.topic())
                    .addKeyValue("partition", name.partition())
                    .log("Cannot open the log; the partition is offline");
        }
    }

    private Partition opened(Wanted wanted) throws IOException {
        TopicPartition name = wanted.name();
        Uuid topicId = wanted.topicId();
        Partition known = partitions.get(name);
        if (known != null && known.topicId().equals(topicId)) {
            return known;
        }
        if (known != null) {
            drop(known);
        }
        Log opened = logs.open(name, topicId, wanted.config().orElse(LogConfig.DEFAULT), mayBeNew(name));
        long committed = logs.checkpointedHighWatermark(name);
        ReplicaThrottle throttle = new ReplicaThrottle(name.partition(), settings.brokerId(), quotas);
        return new Partition(
                name, topicId, opened, committed, settings, () -> brokers, isrListener, isrCounts, throttle);
    }

    /** In the first image anything may be old; later only what could not be opened before. */
    private boolean mayBeNew(TopicPartition name) {
        return imageSeen && !offline.contains(name);
    }

    private void drop(Partition partition) {
        partitions.remove(partition.name());
        partition.follow(partition.leaderEpoch(), PartitionImage.NO_LEADER);
        try {
            logs.delete(partition.name());
        } catch (IOException | RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue("topic", partition.name().topic())
                    .addKeyValue("partition", partition.name().partition())
                    .log("Cannot delete the log; its directory stays");
        }
    }
}
