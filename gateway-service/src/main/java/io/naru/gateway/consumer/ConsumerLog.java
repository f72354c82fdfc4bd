package io.naru.gateway.consumer;

import io.naru.gateway.cursor.CursorSigner;
import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Problem;
import io.naru.gateway.produce.Acks;
import io.naru.gateway.produce.ProduceBatcher;
import io.naru.gateway.produce.RecordInput;
import io.naru.gateway.produce.RecordOutcome;
import io.naru.gateway.produce.TopicDirectory;
import io.naru.gateway.produce.TopicState;
import io.naru.gateway.read.PartitionReads;
import io.naru.gateway.topic.TopicCalls;
import io.naru.gateway.topic.TopicSpec;
import io.naru.protocol.client.UnknownTopicException;
import io.netty.util.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * All instances, in a compacted topic that every gateway reads and writes. Reads see every write that was acknowledged before they
 * began; of two writes that go on from the same record the first in the log wins, and the other is told. Thread-safe and non-blocking.
 */
final class ConsumerLog {

    private static final int CREATION_ATTEMPTS_MAX = 50;
    private static final long CREATION_RETRY_MS = 100;

    private final ConsumerProperties properties;
    private final TopicCalls topics;
    private final TopicDirectory directory;
    private final ProduceBatcher batcher;
    private final PartitionReads reads;
    private final Timer timer;
    private @Nullable CompletableFuture<List<ConsumerPartition>> opened;

    ConsumerLog(
            ConsumerProperties properties,
            TopicCalls topics,
            TopicDirectory directory,
            ProduceBatcher batcher,
            PartitionReads reads,
            Timer timer) {
        this.properties = properties;
        this.topics = topics;
        this.directory = directory;
        this.batcher = batcher;
        this.reads = reads;
        this.timer = timer;
    }

    /** The instance as it is now; null when there is none. */
    CompletableFuture<ConsumerPartition.@Nullable Entry> find(ConsumerKey key, CursorSigner signer) {
        return open(signer).thenCompose(partitions -> {
            ConsumerPartition partition = partition(partitions, key);
            return partition.refresh().thenApply(x -> {
                ConsumerPartition.Entry entry = partition.find(key);
                return entry == null || entry.state() == null ? null : entry;
            });
        });
    }

    /** How many instances this gateway has seen. */
    CompletableFuture<Integer> size(CursorSigner signer) {
        return open(signer)
                .thenApply(partitions ->
                        partitions.stream().mapToInt(ConsumerPartition::size).sum());
    }

    /**
     * Writes an instance.
     *
     * @param base  offset of the record that it goes on from, −1 for a new one
     * @param state null to delete
     * @return the record's offset, or −1 when another write came first and this one has no effect
     */
    CompletableFuture<Long> write(ConsumerKey key, long base, @Nullable ConsumerState state, CursorSigner signer) {
        byte[] keyBytes = ConsumerFormat.key(key);
        byte[] valueBytes = state == null ? null : ConsumerFormat.value(base, state, signer);
        return open(signer).thenCompose(partitions -> {
            ConsumerPartition partition = partition(partitions, key);
            return directory
                    .find(properties.topic())
                    .thenCompose(topic -> append(topic, index(partitions, key), keyBytes, valueBytes))
                    .thenCompose(offset -> partition.refresh().thenApply(x -> {
                        ConsumerPartition.Entry entry = partition.find(key);
                        return state == null || (entry != null && entry.offset() == offset) ? offset : -1L;
                    }));
        });
    }

    /** Goes through all instances as this gateway knows them now; none when it has not been asked for any yet. */
    void forEach(long nowMs, BiConsumer<ConsumerKey, ConsumerPartition.Entry> each) {
        CompletableFuture<List<ConsumerPartition>> now;
        synchronized (this) {
            now = opened;
        }
        if (now != null && now.isDone() && !now.isCompletedExceptionally()) {
            now.join().forEach(partition -> partition.forEach(nowMs, each));
        }
    }

    private static ConsumerPartition partition(List<ConsumerPartition> partitions, ConsumerKey key) {
        return partitions.get(index(partitions, key));
    }

    private static int index(List<ConsumerPartition> partitions, ConsumerKey key) {
        return Math.floorMod(31 * key.group().hashCode() + key.name().hashCode(), partitions.size());
    }

    private CompletableFuture<Long> append(TopicState topic, int partition, byte[] key, byte @Nullable [] value) {
        CompletableFuture<Long> written = new CompletableFuture<>();
        RecordInput record = new RecordInput();
        record.partition(partition);
        record.key(key, 0, key.length);
        if (value != null) {
            record.value(value, 0, value.length);
        }
        boolean taken = batcher.append(
                topic,
                partition,
                Acks.ALL,
                record,
                new RecordOutcome() {
                    @Override
                    public void written(int tag, int to, long offset, long timestamp) {
                        written.complete(offset);
                    }

                    @Override
                    public void failed(int tag, Problem problem) {
                        written.completeExceptionally(problem.exception());
                    }
                },
                0);
        if (!taken) {
            written.completeExceptionally(ProduceBatcher.full().exception());
        }
        return written;
    }

    private CompletableFuture<List<ConsumerPartition>> open(CursorSigner signer) {
        CompletableFuture<List<ConsumerPartition>> mine = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<List<ConsumerPartition>> known = opened;
            if (known != null) {
                return known;
            }
            opened = mine;
        }
        findOrCreate(0).whenComplete((count, error) -> {
            if (error != null) {
                synchronized (this) {
                    opened = null;
                }
                mine.completeExceptionally(error);
                return;
            }
            List<ConsumerPartition> partitions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                partitions.add(new ConsumerPartition(new TopicPartition(properties.topic(), i), reads, signer));
            }
            mine.complete(partitions);
        });
        return mine;
    }

    private CompletableFuture<Integer> findOrCreate(int attempt) {
        return reads.topic(properties.topic())
                .thenApply(topic -> topic.partitions().size())
                .exceptionallyCompose(error -> {
                    Throwable cause =
                            error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
                    if (!(cause instanceof UnknownTopicException) || attempt == CREATION_ATTEMPTS_MAX) {
                        return CompletableFuture.failedFuture(cause);
                    }
                    return (attempt == 0 ? create() : CompletableFuture.<Void>completedFuture(null))
                            .thenCompose(x -> later())
                            .thenCompose(x -> findOrCreate(attempt + 1));
                });
    }

    private CompletableFuture<Void> create() {
        TopicSpec spec = new TopicSpec(
                properties.topicPartitions(),
                (short) TopicSpec.CLUSTER_DEFAULT,
                Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(16 * 1024 * 1024)));
        return topics.create(properties.topic(), spec).thenCompose(result -> {
            Errors error = Errors.forCode(result.errorCode());
            return error == Errors.NONE || error == Errors.TOPIC_ALREADY_EXISTS
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(
                            KafkaProblems.of(error, result.errorMessage()).exception());
        });
    }

    private CompletableFuture<Void> later() {
        CompletableFuture<Void> due = new CompletableFuture<>();
        timer.newTimeout(t -> due.complete(null), CREATION_RETRY_MS, TimeUnit.MILLISECONDS);
        return due;
    }
}
