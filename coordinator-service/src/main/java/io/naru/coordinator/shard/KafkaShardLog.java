package io.naru.coordinator.shard;

import io.naru.cluster.TopicImage;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.RecordSerde;
import io.naru.coordinator.record.UnreadableRecordException;
import io.naru.coordinator.shard.KafkaShardLogs.Leader;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.OutcomeUnknownException;
import io.naru.protocol.client.RequestNotSentException;
import io.naru.protocol.client.UnknownTopicException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard's partition for one owner. It writes as an idempotent producer whose id is the shard's for good and whose epoch is the
 * ownership epoch, so the broker itself refuses an owner that has been replaced (error 47), and a retry never writes twice.
 *
 * <p>Calls never overlap, so fields need no guard beyond the hand-over between their futures.
 */
final class KafkaShardLog implements ShardLog {

    private static final Logger log = LoggerFactory.getLogger(KafkaShardLog.class);
    private static final Lane READ = new Lane("shard-read", 0);
    private static final int FETCH_BYTES = 4 * 1024 * 1024;
    private static final int BATCH_BYTES_MAX = 768 * 1024;
    private static final int RECORD_OVERHEAD = 32;
    private static final int TIMEOUT_MS = 10_000;
    private static final long RETRY_MS = 100;

    private final KafkaShardLogs logs;
    private final int shard;
    private final int epoch;
    private int nextSequence;
    private volatile boolean closed;

    KafkaShardLog(KafkaShardLogs logs, int shard, int epoch) {
        this.logs = logs;
        this.shard = shard;
        this.epoch = epoch;
    }

    /** The shard's own producer id: from the far end of the range, where the controller's blocks never come. */
    static long producerId(int shard) {
        return Long.MAX_VALUE - shard;
    }

    /** In one batch where they fit into one; where not, a crash may leave only the first batches. */
    @Override
    public CompletableFuture<Void> append(List<CoordinatorRecord> records) {
        if (epoch > Short.MAX_VALUE) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "ownership epoch " + epoch + " of shard " + shard + " does not fit a producer epoch"));
        }
        long now = System.currentTimeMillis();
        CompletableFuture<Void> appended = CompletableFuture.completedFuture(null);
        List<SimpleRecord> batch = new ArrayList<>();
        int bytes = 0;
        for (CoordinatorRecord record : records) {
            SimpleRecord next = new SimpleRecord(now, RecordSerde.key(record), RecordSerde.value(record));
            int size = RECORD_OVERHEAD
                    + next.key().remaining()
                    + (next.value() == null ? 0 : next.value().remaining());
            if (bytes + size > BATCH_BYTES_MAX && !batch.isEmpty()) {
                List<SimpleRecord> full = batch;
                appended = appended.thenCompose(before -> appendBatch(full));
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(next);
            bytes += size;
        }
        List<SimpleRecord> last = batch;
        return appended.thenCompose(before -> appendBatch(last));
    }

    private CompletableFuture<Void> appendBatch(List<SimpleRecord> records) {
        int sequence = nextSequence;
        MemoryRecords batch = MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId(shard), (short) epoch, sequence, records.toArray(SimpleRecord[]::new));
        return retrying(() -> logs.leader(shard).thenCompose(leader -> produce(leader, batch)))
                .thenRun(() -> nextSequence = DefaultRecordBatch.incrementSequence(sequence, records.size()));
    }

    private CompletableFuture<Void> produce(Leader leader, MemoryRecords batch) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection(1);
        topics.add(new TopicProduceData()
                .setName(TopicImage.CONSUMER_OFFSETS)
                .setTopicId(leader.topicId())
                .setPartitionData(List.of(new PartitionProduceData()
                        .setIndex(shard)
                        .setRecords(MemoryRecords.readableRecords(batch.buffer().duplicate())))));
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(TIMEOUT_MS)
                .setTopicData(topics);
        return logs.send(leader.address(), Lane.PRODUCE, request, ProduceResponseData.class)
                .thenAccept(answer -> {
                    var result = answer.responses()
                            .iterator()
                            .next()
                            .partitionResponses()
                            .get(0);
                    Errors error = Errors.forCode(result.errorCode());
                    if (error == Errors.INVALID_PRODUCER_EPOCH || error == Errors.PRODUCER_FENCED) {
                        throw new ShardFencedException(shard, epoch, error.name());
                    }
                    if (error != Errors.NONE && error != Errors.DUPLICATE_SEQUENCE_NUMBER) {
                        throw error.exception(result.errorMessage());
                    }
                });
    }

    @Override
    public CompletableFuture<Void> readAll(Consumer<CoordinatorRecord> replay) {
        return retrying(() -> logs.leader(shard).thenCompose(this::bounds))
                .thenCompose(bounds -> read(bounds[0], bounds[1], replay));
    }

    /** First offset, and the one that is committed next. */
    private CompletableFuture<long[]> bounds(Leader leader) {
        CompletableFuture<Long> start = offset(leader, ListOffsetsRequest.EARLIEST_TIMESTAMP);
        CompletableFuture<Long> end = offset(leader, ListOffsetsRequest.LATEST_TIMESTAMP);
        return start.thenCombine(end, (s, e) -> new long[] {s, e});
    }

    private CompletableFuture<Long> offset(Leader leader, long timestamp) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(TopicImage.CONSUMER_OFFSETS)
                        .setPartitions(List.of(new ListOffsetsPartition()
                                .setPartitionIndex(shard)
                                .setTimestamp(timestamp)))));
        return logs.send(leader.address(), READ, request, ListOffsetsResponseData.class)
                .thenApply(answer -> {
                    var result = answer.topics().get(0).partitions().get(0);
                    Errors error = Errors.forCode(result.errorCode());
                    if (error != Errors.NONE) {
                        throw error.exception();
                    }
                    return result.offset();
                });
    }

    private CompletableFuture<Void> read(long from, long end, Consumer<CoordinatorRecord> replay) {
        if (from >= end) {
            return CompletableFuture.completedFuture(null);
        }
        return retrying(() -> logs.leader(shard).thenCompose(leader -> fetch(leader, from)))
                .thenComposeAsync(records -> {
                    long next = replayBatches(records, from, end, replay);
                    // Nothing more below the end: compaction has left a gap.
                    return next == from ? CompletableFuture.completedFuture(null) : read(next, end, replay);
                });
    }

    private CompletableFuture<MemoryRecords> fetch(Leader leader, long from) {
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(FETCH_BYTES)
                .setTopics(List.of(new FetchTopic()
                        .setTopic(TopicImage.CONSUMER_OFFSETS)
                        .setTopicId(leader.topicId())
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(shard)
                                .setFetchOffset(from)
                                .setPartitionMaxBytes(FETCH_BYTES)))));
        return logs.send(leader.address(), READ, request, FetchResponseData.class)
                .thenApply(answer -> {
                    Errors whole = Errors.forCode(answer.errorCode());
                    if (whole != Errors.NONE) {
                        throw whole.exception();
                    }
                    var result = answer.responses().get(0).partitions().get(0);
                    Errors error = Errors.forCode(result.errorCode());
                    if (error != Errors.NONE) {
                        throw error.exception();
                    }
                    return result.records() instanceof MemoryRecords records ? records : MemoryRecords.EMPTY;
                });
    }

    private long replayBatches(MemoryRecords records, long from, long end, Consumer<CoordinatorRecord> replay) {
        long next = from;
        for (RecordBatch batch : records.batches()) {
            if (!batch.isControlBatch()) {
                for (Record record : batch) {
                    if (record.offset() >= from && record.offset() < end && record.hasKey()) {
                        replay(record, replay);
                    }
                }
            }
            next = batch.nextOffset();
        }
        return next;
    }

    private void replay(Record record, Consumer<CoordinatorRecord> replay) {
        try {
            ByteBuffer value = record.hasValue() ? record.value() : null;
            RecordSerde.read(record.key(), value).ifPresent(replay);
        } catch (UnreadableRecordException unreadable) {
            log.atError()
                    .setCause(unreadable)
                    .addKeyValue("shard", shard)
                    .addKeyValue("offset", record.offset())
                    .log("Skipped a record that cannot be read; what it said is lost");
        }
    }

    /** Tries until there is a yes or a final no. */
    private <T> CompletableFuture<T> retrying(Supplier<CompletableFuture<T>> call) {
        return call.get().exceptionallyCompose(error -> {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            if (closed) {
                return CompletableFuture.failedFuture(new ShardFencedException(shard, epoch, "not owned any more"));
            }
            if (!passes(cause)) {
                return CompletableFuture.failedFuture(cause);
            }
            logs.forgetLeaders();
            return CompletableFuture.supplyAsync(
                            () -> retrying(call), CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS))
                    .thenCompose(f -> f);
        });
    }

    private static boolean passes(Throwable cause) {
        return cause instanceof RequestNotSentException
                || cause instanceof OutcomeUnknownException
                || cause instanceof UnknownTopicException
                || (cause instanceof ApiException && cause instanceof RetriableException);
    }

    @Override
    public void close() {
        closed = true;
    }
}
