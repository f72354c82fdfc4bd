package io.naru.coordinator.shard;

import io.naru.cluster.TopicImage;
import io.naru.coordinator.record.CoordinatorRecord;
import io.naru.coordinator.record.RecordSerde;
import io.naru.coordinator.record.UnreadableRecordException;
import io.naru.coordinator.shard.ShardPartitions.Leader;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.OutcomeUnknownException;
import io.naru.protocol.client.RequestNotSentException;
import io.naru.protocol.client.UnknownTopicException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
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
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard's partition for one owner. It writes as an idempotent producer whose epoch is the ownership epoch, so the broker itself
 * refuses an owner that has been replaced (error 47), and a retry never writes twice. See {@link ShardProducer} for its id.
 *
 * <p>Calls never overlap, so fields need no guard beyond the hand-over between their futures.
 */
final class KafkaShardLog implements ShardLog {

    private static final Logger log = LoggerFactory.getLogger(KafkaShardLog.class);
    private static final Lane READ = new Lane("shard-read", 0);
    private static final int FETCH_BYTES = 4 * 1024 * 1024;
    /** Well below {@code max.message.bytes}. A request's records may be cut apart: each prefix of them is a state to go on from. */
    private static final int BATCH_BYTES = 512 * 1024;

    private static final int TIMEOUT_MS = 10_000;
    private static final long RETRY_MS = 100;

    private final ShardPartitions partitions;
    private final Clock clock;
    private final int shard;
    private final int epoch;
    private final ShardProducer producer;
    private int nextSequence;
    private boolean formerEraClosed;
    private boolean sequenceLost;
    private int lastSequenceRead;
    /** Everything below has been appended, by us or before us, so it must come when the log is read. */
    private long appendedThrough;

    private volatile boolean closed;

    KafkaShardLog(ShardPartitions partitions, Clock clock, int shard, int epoch) {
        this.partitions = partitions;
        this.clock = clock;
        this.shard = shard;
        this.epoch = epoch;
        this.producer = ShardProducer.of(shard, epoch);
    }

    @Override
    public CompletableFuture<Void> append(List<CoordinatorRecord> records) {
        long now = clock.millis();
        CompletableFuture<Void> appended = findSequence().thenCompose(found -> closeFormerEra(now));
        List<SimpleRecord> batch = new ArrayList<>();
        int bytes = 0;
        for (CoordinatorRecord record : records) {
            SimpleRecord next = new SimpleRecord(now, RecordSerde.key(record), RecordSerde.value(record));
            int size = next.key().remaining()
                    + (next.value() == null ? 0 : next.value().remaining());
            if (!batch.isEmpty() && bytes + size > BATCH_BYTES) {
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
        return append(producer, sequence, records.toArray(SimpleRecord[]::new))
                .thenAccept(firstOffset -> {
                    nextSequence = (int) ((sequence + (long) records.size()) & Integer.MAX_VALUE);
                    if (firstOffset >= 0) {
                        appendedThrough = firstOffset + records.size();
                    }
                })
                .whenComplete((appended, error) -> sequenceLost = error != null && isOutOfSequence(error));
    }

    private static boolean isOutOfSequence(Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        return cause instanceof OutOfOrderSequenceException || cause instanceof UnknownProducerIdException;
    }

    /** The broker has lost the end of its log, and our place with it: take up where the log now ends. */
    private CompletableFuture<Void> findSequence() {
        if (!sequenceLost) {
            return CompletableFuture.completedFuture(null);
        }
        lastSequenceRead = -1;
        appendedThrough = 0;
        return readAll(record -> {}).thenRun(() -> {
            nextSequence = lastSequenceRead + 1;
            sequenceLost = false;
        });
    }

    /** Owners of the era before write under another producer id: fence them all off, once. */
    private CompletableFuture<Void> closeFormerEra(long nowMs) {
        Optional<ShardProducer> end = producer.endOfFormerEra();
        if (formerEraClosed || end.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        SimpleRecord barrier = new SimpleRecord(nowMs, RecordSerde.key(CoordinatorRecord.barrier()), null);
        return append(end.get(), 0, new SimpleRecord[] {barrier}).thenAccept(offset -> formerEraClosed = true);
    }

    private CompletableFuture<Long> append(ShardProducer as, int sequence, SimpleRecord[] records) {
        MemoryRecords batch =
                MemoryRecords.withIdempotentRecords(Compression.NONE, as.id(), as.epoch(), sequence, records);
        return retrying(() -> partitions.leader(shard).thenCompose(leader -> produce(leader, batch)));
    }

    /** Offset of the batch, or −1 when it was appended before and the broker does not say where. */
    private CompletableFuture<Long> produce(Leader leader, MemoryRecords batch) {
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
        return partitions
                .send(leader.address(), Lane.PRODUCE, request, ProduceResponseData.class)
                .thenApply(answer -> {
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
                    return result.baseOffset();
                });
    }

    @Override
    public CompletableFuture<Void> readAll(Consumer<CoordinatorRecord> replay) {
        return retrying(() -> partitions.leader(shard).thenCompose(this::bounds))
                // A leader that has just taken over may not know yet how far its log is committed.
                .thenCompose(bounds -> read(bounds[0], Math.max(bounds[1], appendedThrough), replay));
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
        return partitions
                .send(leader.address(), READ, request, ListOffsetsResponseData.class)
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
        if (closed) {
            return CompletableFuture.failedFuture(new ShardFencedException(shard, epoch, "not owned any more"));
        }
        return retrying(() -> partitions.leader(shard).thenCompose(leader -> fetch(leader, from)))
                .thenComposeAsync(records -> replayed(records, from, end, replay), partitions.after(0));
    }

    private CompletableFuture<Void> replayed(
            MemoryRecords records, long from, long end, Consumer<CoordinatorRecord> replay) {
        long next = replayBatches(records, from, end, replay);
        if (next > from) {
            return read(next, end, replay);
        }
        // Nothing there: a gap that compaction has left, or not committed yet as far as the leader knows.
        return from >= appendedThrough ? CompletableFuture.completedFuture(null) : later(() -> read(from, end, replay));
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
        return partitions
                .send(leader.address(), READ, request, FetchResponseData.class)
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
                    return checked(result.records() instanceof MemoryRecords records ? records : MemoryRecords.EMPTY);
                });
    }

    /** A broker that has found a batch damaged has it repaired from another replica: what is read then is good. */
    private static MemoryRecords checked(MemoryRecords records) {
        var batches = records.batchIterator();
        if (batches.hasNext()) {
            batches.next().ensureValid();
        }
        return records;
    }

    private long replayBatches(MemoryRecords records, long from, long end, Consumer<CoordinatorRecord> replay) {
        long next = from;
        for (RecordBatch batch : records.batches()) {
            if (!batch.isValid()) {
                // Of what a broker hands to clients it checks the first batch's CRC only: ask for this one first.
                break;
            }
            if (batch.producerId() == producer.id() && batch.producerEpoch() == producer.epoch()) {
                lastSequenceRead = batch.lastSequence();
            }
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
            partitions.forgetLeaders();
            return later(() -> retrying(call));
        });
    }

    private <T> CompletableFuture<T> later(Supplier<CompletableFuture<T>> call) {
        return CompletableFuture.supplyAsync(call, partitions.after(RETRY_MS)).thenCompose(f -> f);
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
