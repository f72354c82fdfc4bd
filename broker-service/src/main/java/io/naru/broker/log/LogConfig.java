package io.naru.broker.log;

import io.naru.broker.log.batch.BatchRules;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;

/**
 * Topic configuration as the log needs it. Names, meaning and defaults are Kafka's; sizes in bytes, times in milliseconds.
 * Immutable; a changed topic configuration is a new instance given to {@link Log#reconfigure}.
 *
 * @param segmentBytes              {@code segment.bytes}: a segment is rolled before it grows past this
 * @param segmentMs                 {@code segment.ms}: a segment is rolled this long after its first append
 * @param segmentJitterMs           {@code segment.jitter.ms}: at most this much is taken off {@code segment.ms}, at random per segment
 * @param segmentIndexBytes         {@code segment.index.bytes}: a segment is rolled when one of its indexes reaches this
 * @param indexIntervalBytes        {@code index.interval.bytes}: one index entry about every so many bytes of log
 * @param maxMessageBytes           {@code max.message.bytes}: largest record batch, as stored
 * @param maxDecompressedBytes      {@code naru.max.decompressed.batch.bytes}: largest record batch after decompression; the default
 *                                  is what a request could carry uncompressed
 * @param timestampType             {@code message.timestamp.type}
 * @param timestampBeforeMaxMs      {@code message.timestamp.before.max.ms}
 * @param timestampAfterMaxMs       {@code message.timestamp.after.max.ms}
 * @param compression               {@code compression.type}; empty for {@code producer}
 * @param flushMessages             {@code flush.messages}: an append returns only after fsync when so many records are unflushed
 * @param flushMs                   {@code flush.ms}: longest time that an appended record stays unflushed
 * @param retentionMs               {@code retention.ms}, -1 for ever
 * @param retentionBytes            {@code retention.bytes}, -1 without limit
 * @param compact                   whether {@code cleanup.policy} names compact
 * @param delete                    whether {@code cleanup.policy} names delete
 * @param deleteRetentionMs         {@code delete.retention.ms}: how long compaction keeps tombstones
 * @param fileDeleteDelayMs         {@code file.delete.delay.ms}: how long files stay after their segment has left the log
 * @param minCleanableDirtyRatio    {@code min.cleanable.dirty.ratio}
 * @param minCompactionLagMs        {@code min.compaction.lag.ms}
 * @param maxCompactionLagMs        {@code max.compaction.lag.ms}
 * @param minInsyncReplicas         {@code min.insync.replicas}
 * @param preallocate               {@code preallocate}: whether segment files are given their full size when created
 * @param uncleanLeaderElection     {@code unclean.leader.election.enable}
 * @param producerIdExpirationMs    {@code producer.id.expiration.ms} of the broker
 */
public record LogConfig(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        int segmentIndexBytes,
        int indexIntervalBytes,
        int maxMessageBytes,
        long maxDecompressedBytes,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        Optional<Compression> compression,
        long flushMessages,
        long flushMs,
        long retentionMs,
        long retentionBytes,
        boolean compact,
        boolean delete,
        long deleteRetentionMs,
        long fileDeleteDelayMs,
        double minCleanableDirtyRatio,
        long minCompactionLagMs,
        long maxCompactionLagMs,
        int minInsyncReplicas,
        boolean preallocate,
        boolean uncleanLeaderElection,
        long producerIdExpirationMs) {

    private static final long DAY_MS = 86_400_000L;

    /** What is put in force for a log that was compacted, until its topic is known. */
    static final LogConfig COMPACTED = from(Map.of("cleanup.policy", "compact"));

    /** Kafka's defaults. */
    public static final LogConfig DEFAULT = from(Map.of());

    /**
     * Reads the keys named above; absent keys have Kafka's default, keys that are no log configuration are ignored.
     *
     * @throws IllegalArgumentException naming the key whose value cannot be read
     */
    public static LogConfig from(Map<String, String> configs) {
        ConfigReader in = new ConfigReader(configs);
        String cleanup = in.text("cleanup.policy", "delete").toLowerCase(Locale.ROOT);
        return new LogConfig(
                in.intOf("segment.bytes", 1 << 30, 1),
                in.longOf("segment.ms", 7 * DAY_MS, 1),
                in.longOf("segment.jitter.ms", 0, 0),
                in.intOf("segment.index.bytes", 10 << 20, 4),
                in.intOf("index.interval.bytes", 4096, 0),
                in.intOf("max.message.bytes", (1 << 20) + 12, 0),
                in.longOf("naru.max.decompressed.batch.bytes", 100L << 20, 0),
                in.timestampType("message.timestamp.type"),
                in.longOf("message.timestamp.before.max.ms", Long.MAX_VALUE, 0),
                in.longOf("message.timestamp.after.max.ms", 3_600_000, 0),
                in.compression(),
                in.longOf("flush.messages", Long.MAX_VALUE, 1),
                in.longOf("flush.ms", Long.MAX_VALUE, 0),
                in.longOf("retention.ms", 7 * DAY_MS, -1),
                in.longOf("retention.bytes", -1, -1),
                cleanup.contains("compact"),
                cleanup.contains("delete"),
                in.longOf("delete.retention.ms", DAY_MS, 0),
                in.longOf("file.delete.delay.ms", 60_000, 0),
                in.ratio("min.cleanable.dirty.ratio", 0.5),
                in.longOf("min.compaction.lag.ms", 0, 0),
                in.longOf("max.compaction.lag.ms", Long.MAX_VALUE, 1),
                in.intOf("min.insync.replicas", 1, 1),
                in.flag("preallocate"),
                in.flag("unclean.leader.election.enable"),
                in.longOf("producer.id.expiration.ms", DAY_MS, 1));
    }

    /** Whether the leader's clock replaces the producer's timestamps. */
    public boolean logAppendTime() {
        return timestampType == TimestampType.LOG_APPEND_TIME;
    }

    /** A segment is rolled this long after its first append: what may not wait for compaction must not wait in the active segment. */
    long segmentMsMax() {
        return compact ? Math.min(segmentMs, maxCompactionLagMs) : segmentMs;
    }

    /** Bytes that a new segment file is given at once, 0 when it grows with its appends. */
    int preallocatedBytes() {
        return preallocate ? segmentBytes : 0;
    }

    BatchRules batchRules() {
        return new BatchRules(
                maxMessageBytes,
                maxDecompressedBytes,
                logAppendTime(),
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                compression,
                compact);
    }
}
