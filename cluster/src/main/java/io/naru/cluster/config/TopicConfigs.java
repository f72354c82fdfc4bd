package io.naru.cluster.config;

import io.naru.cluster.config.TopicConfig.ServerName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;

/** Every topic config that Naru honours, in one table. Names, types, defaults and ranges are Kafka's. */
public final class TopicConfigs {

    private static final String NEVER = "9223372036854775807";
    private static final long HOUR_MS = 3_600_000;
    private static final Map<String, TopicConfig> TABLE = new LinkedHashMap<>();

    static {
        segments();
        messages();
        retention();
        compaction();
        replication();
    }

    private TopicConfigs() {}

    /** The table, in the order in which it is shown. */
    public static Collection<TopicConfig> all() {
        return Collections.unmodifiableCollection(TABLE.values());
    }

    /** The config of that name, if Naru knows it. */
    public static Optional<TopicConfig> find(String name) {
        return Optional.ofNullable(TABLE.get(name));
    }

    /**
     * Every config's value for a topic.
     *
     * @param set what is set on the topic; names that are not in the table are passed over
     * @return typed values by name, see {@link TopicConfig#parse}
     * @throws ConfigException when a value that is set is not valid
     */
    public static Map<String, Object> values(Map<String, String> set) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (TopicConfig config : TABLE.values()) {
            values.put(config.name(), config.parse(set.getOrDefault(config.name(), config.defaultValue())));
        }
        return values;
    }

    /**
     * What is wrong with configs that someone wants to set on a topic.
     *
     * @param wanted by name; a value may be null when it came off the wire
     * @return a sentence that names the config, or empty when they can be set
     */
    public static Optional<String> problem(Map<String, @Nullable String> wanted) {
        Map<String, String> set = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable String> entry : wanted.entrySet()) {
            TopicConfig config = TABLE.get(entry.getKey());
            String value = entry.getValue();
            if (config == null) {
                return Optional.of("Unknown topic config name: " + entry.getKey());
            }
            if (value == null) {
                return Optional.of("Null value not supported for topic config " + entry.getKey());
            }
            try {
                config.parse(value);
            } catch (ConfigException invalid) {
                return Optional.ofNullable(invalid.getMessage());
            }
            set.put(entry.getKey(), value);
        }
        return contradiction(values(set));
    }

    private static Optional<String> contradiction(Map<String, Object> values) {
        Object min = values.get("min.compaction.lag.ms");
        Object max = values.get("max.compaction.lag.ms");
        if (min instanceof Long least && max instanceof Long most && least > most) {
            return Optional.of("min.compaction.lag.ms (" + least + ") must not be larger than max.compaction.lag.ms ("
                    + most + ")");
        }
        return Optional.empty();
    }

    private static void segments() {
        add(
                new Row(
                        "segment.bytes",
                        ConfigDef.Type.INT,
                        "1073741824",
                        Range.atLeast(1024 * 1024),
                        "log.segment.bytes"),
                "Size at which a segment file is closed and the next one begun. Only closed segments are deleted or"
                        + " compacted.");
        add(
                new Row("segment.ms", ConfigDef.Type.LONG, "604800000", Range.atLeast(1), "log.roll.ms")
                        .or("log.roll.hours", HOUR_MS),
                "Age at which a segment is closed even if it is not full, so that retention reaches quiet topics too.");
        add(
                new Row("segment.jitter.ms", ConfigDef.Type.LONG, "0", Range.atLeast(0), "log.roll.jitter.ms")
                        .or("log.roll.jitter.hours", HOUR_MS),
                "Upper bound of a random time taken off segment.ms, so that partitions do not all begin a segment at"
                        + " once.");
        add(
                new Row(
                        "segment.index.bytes",
                        ConfigDef.Type.INT,
                        "10485760",
                        Range.atLeast(4),
                        "log.index.size.max.bytes"),
                "Size at which an offset index is full; a full index closes its segment.");
        add(
                new Row(
                        "index.interval.bytes",
                        ConfigDef.Type.INT,
                        "4096",
                        Range.atLeast(0),
                        "log.index.interval.bytes"),
                "Bytes of log between two index entries: fewer find an offset faster, more keep the index small.");
        add(
                new Row("preallocate", ConfigDef.Type.BOOLEAN, "false", null, "log.preallocate"),
                "Whether a new segment's file is made at its full size at once.");
        add(
                new Row("flush.messages", ConfigDef.Type.LONG, NEVER, Range.atLeast(1), "log.flush.interval.messages"),
                "Records appended before the log is forced to disk; 1 forces before each acknowledgement.");
        add(
                new Row("flush.ms", ConfigDef.Type.LONG, NEVER, Range.atLeast(0), "log.flush.interval.ms")
                        .or("log.flush.scheduler.interval.ms", 1),
                "Longest time that an appended record may wait to be forced to disk.");
        add(
                new Row(
                        "file.delete.delay.ms",
                        ConfigDef.Type.LONG,
                        "60000",
                        Range.atLeast(0),
                        "log.segment.delete.delay.ms"),
                "How long a deleted segment's files stay on disk, for readers that are still in them.");
    }

    private static void messages() {
        add(
                new Row("max.message.bytes", ConfigDef.Type.INT, "1048588", Range.atLeast(0), "message.max.bytes"),
                "Largest record batch that is accepted, after compression.");
        add(
                new Row(
                        "compression.type",
                        ConfigDef.Type.STRING,
                        "producer",
                        ValidString.in("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
                        "compression.type"),
                "Codec in which batches are stored; producer keeps whatever the producer chose.");
        level(CompressionType.GZIP);
        level(CompressionType.LZ4);
        level(CompressionType.ZSTD);
        add(
                new Row(
                        "message.timestamp.type",
                        ConfigDef.Type.STRING,
                        "CreateTime",
                        ValidString.in("CreateTime", "LogAppendTime"),
                        "log.message.timestamp.type"),
                "Whether a record's timestamp is the producer's or the time of the append.");
        add(
                new Row(
                        "message.timestamp.before.max.ms",
                        ConfigDef.Type.LONG,
                        NEVER,
                        Range.atLeast(0),
                        "log.message.timestamp.before.max.ms"),
                "How far a producer's timestamp may lie in the past before the record is refused.");
        add(
                new Row(
                        "message.timestamp.after.max.ms",
                        ConfigDef.Type.LONG,
                        "3600000",
                        Range.atLeast(0),
                        "log.message.timestamp.after.max.ms"),
                "How far a producer's timestamp may lie in the future before the record is refused.");
    }

    private static void level(CompressionType codec) {
        String name = "compression." + codec.name + ".level";
        add(
                new Row(name, ConfigDef.Type.INT, Integer.toString(codec.defaultLevel()), codec.levelValidator(), name),
                "How hard " + codec.name + " tries, when compression.type is " + codec.name + ".");
    }

    private static void retention() {
        add(
                new Row(
                        "cleanup.policy",
                        ConfigDef.Type.LIST,
                        "delete",
                        ValidList.in("compact", "delete"),
                        "log.cleanup.policy"),
                "delete drops whole segments by age and size; compact keeps the last record of each key; both may be"
                        + " given.");
        add(
                new Row("retention.ms", ConfigDef.Type.LONG, "604800000", Range.atLeast(-1), "log.retention.ms")
                        .or("log.retention.minutes", 60_000)
                        .or("log.retention.hours", HOUR_MS),
                "Age at which a closed segment is deleted; -1 keeps it for ever.");
        add(
                new Row("retention.bytes", ConfigDef.Type.LONG, "-1", null, "log.retention.bytes"),
                "Size of a partition beyond which its oldest segments are deleted; -1 sets no limit.");
    }

    private static void compaction() {
        add(
                new Row(
                        "min.cleanable.dirty.ratio",
                        ConfigDef.Type.DOUBLE,
                        "0.5",
                        Range.between(0, 1),
                        "log.cleaner.min.cleanable.ratio"),
                "Share of the log that must be uncompacted before it is compacted again.");
        add(
                new Row(
                        "min.compaction.lag.ms",
                        ConfigDef.Type.LONG,
                        "0",
                        Range.atLeast(0),
                        "log.cleaner.min.compaction.lag.ms"),
                "Time for which a record is safe from compaction.");
        add(
                new Row(
                        "max.compaction.lag.ms",
                        ConfigDef.Type.LONG,
                        NEVER,
                        Range.atLeast(1),
                        "log.cleaner.max.compaction.lag.ms"),
                "Time after which a record is compacted whatever the dirty ratio.");
        add(
                new Row(
                        "delete.retention.ms",
                        ConfigDef.Type.LONG,
                        "86400000",
                        Range.atLeast(0),
                        "log.cleaner.delete.retention.ms"),
                "How long a tombstone outlives the compaction that removed what it deletes, so that a slow reader"
                        + " still sees it.");
    }

    private static void replication() {
        add(
                new Row("min.insync.replicas", ConfigDef.Type.INT, "1", Range.atLeast(1), "min.insync.replicas"),
                "In-sync replicas that must hold a record before a produce with acks=all is acknowledged; with fewer"
                        + " it is refused.");
        add(
                new Row(
                        "unclean.leader.election.enable",
                        ConfigDef.Type.BOOLEAN,
                        "false",
                        null,
                        "unclean.leader.election.enable"),
                "Whether a replica that is not in sync may lead when no other is left, losing what it does not have.");
        throttled(
                "leader",
                "Replicas, as partition:broker, or * for all: whose broker, leading the partition, sends followers that are"
                        + " not in sync no more than its leader.replication.throttled.rate.");
        throttled(
                "follower",
                "Replicas, as partition:broker, or * for all: whose broker, while they are not in sync, fetches no more than"
                        + " its follower.replication.throttled.rate.");
    }

    private static void throttled(String side, String documentation) {
        add(
                new Row(
                        side + ".replication.throttled.replicas",
                        ConfigDef.Type.LIST,
                        "",
                        new ThrottledReplicasValidator(),
                        List.of()),
                documentation);
    }

    private record Row(
            String name,
            ConfigDef.Type type,
            String defaultValue,
            @Nullable Validator validator,
            List<ServerName> serverNames) {

        Row(String name, ConfigDef.Type type, String defaultValue, @Nullable Validator validator, String serverName) {
            this(name, type, defaultValue, validator, List.of(new ServerName(serverName, 1)));
        }

        /** The same, with a broker config that counts after those before. */
        Row or(String serverName, long factor) {
            List<ServerName> more = new ArrayList<>(serverNames);
            more.add(new ServerName(serverName, factor));
            return new Row(name, type, defaultValue, validator, more);
        }
    }

    private static void add(Row row, String documentation) {
        TABLE.put(
                row.name,
                new TopicConfig(row.name, row.type, row.defaultValue, row.validator, documentation, row.serverNames));
    }
}
