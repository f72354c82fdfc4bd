package io.naru.gateway.group;

import io.naru.gateway.format.RecordCursor;
import io.naru.gateway.read.Fetched;
import io.naru.gateway.read.Isolation;
import io.naru.gateway.read.PartitionReads;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is behind: where the logs end, and how old the first record is that was not read yet. What cannot be asked is left
 * out, not waited for.
 */
final class GroupLag {

    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    /** Each costs a fetch of one batch; beyond it the age is not told. */
    private static final int AGES_MAX = 100;
    /** A fetch gives one batch at least, whatever its size. */
    private static final int ONE_BATCH = 1;

    private static final int NEVER = -1;

    private final PartitionReads reads;

    GroupLag(PartitionReads reads) {
        this.reads = reads;
    }

    /**
     * A partition.
     *
     * @param committed where the group reads on; null when it has committed nothing
     * @param end       where the log ends; null when its leader cannot be asked
     * @param lag       records between the two; null when one of them is not known
     * @param oldestMs  when the first of them was written; null when it is not known or there is none
     */
    record Partition(
            @Nullable Long committed,
            @Nullable Long end,
            @Nullable Long lag,
            @Nullable Long oldestMs) {}

    /** Of what is committed and what is assigned. Never fails. */
    CompletableFuture<Map<TopicPartition, Partition>> read(
            Map<TopicPartition, OffsetCommit> committed, Set<TopicPartition> assigned) {
        Set<TopicPartition> all = new TreeSet<>(ORDER);
        all.addAll(committed.keySet());
        all.addAll(assigned);
        return ends(all).thenCompose(ends -> {
            Map<TopicPartition, Partition> lags = new TreeMap<>(ORDER);
            Map<TopicPartition, Long> behind = new LinkedHashMap<>();
            for (TopicPartition partition : all) {
                OffsetCommit commit = committed.get(partition);
                Long end = ends.get(partition);
                Long lag = commit == null || end == null ? null : Math.max(0, end - commit.offset());
                if (commit != null && lag != null && lag > 0 && behind.size() < AGES_MAX) {
                    behind.put(partition, commit.offset());
                }
                lags.put(partition, new Partition(commit == null ? null : commit.offset(), end, lag, null));
            }
            return ages(behind).thenApply(ages -> {
                ages.forEach((partition, ms) -> lags.computeIfPresent(
                        partition, (p, known) -> new Partition(known.committed(), known.end(), known.lag(), ms)));
                return lags;
            });
        });
    }

    /** One topic at a time: one that is gone does not take the others with it. */
    private CompletableFuture<Map<TopicPartition, Long>> ends(Set<TopicPartition> partitions) {
        Map<String, Map<TopicPartition, Long>> byTopic = new HashMap<>();
        partitions.forEach(partition -> byTopic.computeIfAbsent(partition.topic(), topic -> new HashMap<>())
                .put(partition, PartitionReads.LATEST));
        Map<TopicPartition, Long> ends = new HashMap<>();
        CompletableFuture<Map<TopicPartition, Long>> all = CompletableFuture.completedFuture(ends);
        for (Map<TopicPartition, Long> topic : byTopic.values()) {
            all = all.thenCombine(
                    reads.offsets(topic, Isolation.READ_UNCOMMITTED).exceptionally(down -> Map.of()), (known, more) -> {
                        known.putAll(more);
                        return known;
                    });
        }
        return all;
    }

    /** One after the other, so that a group with large batches holds one of them at a time. */
    private CompletableFuture<Map<TopicPartition, Long>> ages(Map<TopicPartition, Long> behind) {
        Map<TopicPartition, Long> ages = new HashMap<>();
        CompletableFuture<Map<TopicPartition, Long>> chain = CompletableFuture.completedFuture(ages);
        for (Map.Entry<TopicPartition, Long> one : behind.entrySet()) {
            TopicPartition partition = one.getKey();
            long offset = one.getValue();
            chain = chain.thenCompose(known -> reads.fetch(
                            Map.of(partition, offset), ONE_BATCH, ONE_BATCH, Isolation.READ_UNCOMMITTED)
                    .handle((fetched, error) -> {
                        long ms = fetched == null ? NEVER : timestamp(fetched.get(partition), offset);
                        if (ms != NEVER) {
                            known.put(partition, ms);
                        }
                        return known;
                    }));
        }
        return chain;
    }

    private static long timestamp(@Nullable Fetched fetched, long offset) {
        if (fetched == null || fetched.error() != Errors.NONE || !fetched.hasRecords()) {
            return NEVER;
        }
        RecordCursor records = fetched.cursor(offset);
        return records.next() ? records.timestamp() : NEVER;
    }
}
