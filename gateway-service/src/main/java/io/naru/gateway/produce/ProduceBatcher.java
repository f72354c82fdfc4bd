package io.naru.gateway.produce;

import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.MemoryBudget;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemKind;
import io.naru.gateway.produce.BrokerSender.Sent;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.client.RequestNotSentException;
import io.netty.util.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Writes records. Takes them from any thread, encodes them into batches, sends each broker one request at a time with all that is ready
 * for it, and tells each record its fate. Retries what may be retried under the same sequence number, so that a record is written once
 * however often it was sent. Nothing here blocks.
 *
 * <p>What an error means: certainly not written → {@code not_written}; an attempt whose answer was lost, or an answer that says that time
 * ran out after the append → retried, and {@code unknown} if that does not clear it up in time.
 */
public final class ProduceBatcher {

    private static final long RETRY_FIRST_MS = 20;
    private static final long RETRY_MAX_MS = 500;
    private static final long TOPIC_GONE_MS = 2_000;

    private final KafkaClient client;
    private final MetadataCache metadata;
    private final TopicDirectory directory;
    private final Timer timer;
    private final ProduceProperties properties;
    private final ProducerIds ids;
    private final BufferPool pool;
    private final MemoryBudget memory;
    private final int batchBytes;
    private final Map<SenderKey, BrokerSender> senders = new ConcurrentHashMap<>();

    private record SenderKey(NodeAddress node, Acks acks) {}

    /** A batcher over a client that its owner closes. */
    public ProduceBatcher(
            KafkaClient client,
            MetadataCache metadata,
            TopicDirectory directory,
            Timer timer,
            ProduceProperties properties) {
        this.client = client;
        this.metadata = metadata;
        this.directory = directory;
        this.timer = timer;
        this.properties = properties;
        this.ids = new ProducerIds(client, metadata);
        this.batchBytes = (int) properties.batchSize().toBytes();
        this.memory = new MemoryBudget(properties.bufferMemory().toBytes());
        this.pool = new BufferPool(properties.bufferMemory().toBytes() / 8);
    }

    /**
     * The partition a record belongs to: the one it names, else its key's, else the topic's sticky one.
     *
     * @return −1 when the topic has no such partition
     */
    public int place(TopicState topic, RecordInput record) {
        if (record.partition >= 0) {
            return record.partition < topic.partitions() ? record.partition : -1;
        }
        return record.keyLength >= 0
                ? Murmur2.partition(record.key, record.keyOffset, record.keyLength, topic.partitions())
                : topic.stickyPartition();
    }

    /**
     * Takes a record. Its bytes are copied before this returns.
     *
     * @param partition from {@link #place}
     * @return false when the gateway holds as many records as it may; nothing was taken then
     */
    public boolean append(
            TopicState topic, int partition, Acks acks, RecordInput record, RecordOutcome outcome, int tag) {
        if (!memory.tryReserve(record.size())) {
            return false;
        }
        long timestamp = record.timestamp == RecordInput.NOW ? System.currentTimeMillis() : record.timestamp;
        PartitionQueue queue = topic.queue(acks, partition);
        if (queue.append(record, timestamp, outcome, tag, pool, batchBytes)) {
            route(queue);
        }
        return true;
    }

    /** What to answer when {@link #append} does not take any more. */
    public static Problem full() {
        return Problem.passing(
                        ProblemKind.OVERLOADED,
                        "more records wait to be written than the gateway may hold (naru.gateway.produce.buffer-memory); retry")
                .withOutcome(Outcome.NOT_WRITTEN);
    }

    /** What to answer when {@link #place} finds no such partition. */
    public static Problem noSuchPartition(TopicState topic, int partition) {
        return Problem.of(
                        ProblemKind.NO_SUCH_PARTITION,
                        "topic " + topic.name() + " has no partition " + partition + "; it has 0 to "
                                + (topic.partitions() - 1))
                .withOutcome(Outcome.NOT_WRITTEN);
    }

    /** Whether there is memory for more records, with some to spare. */
    public boolean hasRoom() {
        return memory.held() < properties.bufferMemory().toBytes() / 4 * 3;
    }

    /** Bytes of records that wait to be sent or acknowledged. */
    public long bytesHeld() {
        return memory.held();
    }

    /** Hands a ready queue to its leader's sender, or lets it wait for a leader. */
    private void route(PartitionQueue queue) {
        BrokerSender sender = sender(queue);
        if (sender != null) {
            sender.ready(queue);
            return;
        }
        Batch batch = queue.take();
        if (batch != null) {
            retry(queue, batch, Errors.LEADER_NOT_AVAILABLE, null);
        }
    }

    private @Nullable BrokerSender sender(PartitionQueue queue) {
        int leader = queue.topic().leader(queue.partition());
        NodeAddress node = leader < 0 ? null : metadata.node(leader).orElse(null);
        return node == null
                ? null
                : senders.computeIfAbsent(
                        new SenderKey(node, queue.acks()),
                        key -> new BrokerSender(key.node(), key.acks(), client, timer, properties, this));
    }

    /** Gives a taken batch its identity; when there is none the batch waits and false is returned. */
    boolean identify(PartitionQueue queue, Batch batch) {
        return queue.identify(batch, ids, got -> {
            if (got) {
                resume(queue);
            } else {
                retry(queue, batch, Errors.BROKER_NOT_AVAILABLE, "no producer id");
            }
        });
    }

    /** A request was answered, or not. Lets the next one go before it tells anyone. */
    void answered(
            List<Sent> sent, @Nullable ProduceResponseData answer, @Nullable Throwable error, BrokerSender sender) {
        List<Runnable> told = new ArrayList<>(sent.size());
        for (Sent one : sent) {
            if (error != null) {
                lost(one, error);
            } else if (answer == null) {
                succeeded(one, RecordOutcome.NO_OFFSET, RecordOutcome.OWN_TIMESTAMP, sender, told);
            } else {
                PartitionProduceResponse partition = find(answer, one, sent.size());
                if (partition == null) {
                    one.batch().maybeWritten = true;
                    retry(one.queue(), one.batch(), Errors.UNKNOWN_SERVER_ERROR, "the answer leaves the partition out");
                } else {
                    partitionAnswered(one, partition, sender, told);
                }
            }
        }
        sender.pump();
        told.forEach(Runnable::run);
    }

    private static @Nullable PartitionProduceResponse find(ProduceResponseData answer, Sent sent, int count) {
        for (ProduceResponseData.TopicProduceResponse topic : answer.responses()) {
            boolean same = topic.name().isEmpty()
                    ? topic.topicId().equals(sent.queue().topic().topicId())
                    : topic.name().equals(sent.queue().topic().name());
            // The id may have been refreshed since the request went out; with one partition there is no doubt.
            if (same || count == 1) {
                for (PartitionProduceResponse partition : topic.partitionResponses()) {
                    if (partition.index() == sent.queue().partition()) {
                        return partition;
                    }
                }
            }
        }
        return null;
    }

    private void lost(Sent sent, Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        Batch batch = sent.batch();
        if (!(cause instanceof RequestNotSentException)) {
            batch.maybeWritten = true;
        }
        directory.refresh(sent.queue().topic());
        retry(sent.queue(), batch, Errors.NETWORK_EXCEPTION, cause.getMessage());
    }

    private void partitionAnswered(
            Sent sent, PartitionProduceResponse answer, BrokerSender sender, List<Runnable> told) {
        Errors error = Errors.forCode(answer.errorCode());
        PartitionQueue queue = sent.queue();
        Batch batch = sent.batch();
        switch (error) {
            case NONE -> succeeded(sent, answer.baseOffset(), answer.logAppendTimeMs(), sender, told);
            case DUPLICATE_SEQUENCE_NUMBER ->
                succeeded(sent, RecordOutcome.NO_OFFSET, RecordOutcome.OWN_TIMESTAMP, sender, told);
            case REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS_AFTER_APPEND, UNKNOWN_SERVER_ERROR -> {
                batch.maybeWritten = true;
                retry(queue, batch, error, answer.errorMessage());
            }
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> { // also when it was appended, and lost sight of since
                batch.maybeWritten = true;
                directory.refresh(queue.topic());
                retry(queue, batch, error, answer.errorMessage());
            }
            case LEADER_NOT_AVAILABLE,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    REPLICA_NOT_AVAILABLE,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    INCONSISTENT_TOPIC_ID -> {
                directory.refresh(queue.topic());
                retry(queue, batch, error, answer.errorMessage());
            }
            case NOT_ENOUGH_REPLICAS, THROTTLING_QUOTA_EXCEEDED, CORRUPT_MESSAGE, NETWORK_EXCEPTION ->
                retry(queue, batch, error, answer.errorMessage());
            case OUT_OF_ORDER_SEQUENCE_NUMBER,
                    UNKNOWN_PRODUCER_ID,
                    INVALID_PRODUCER_EPOCH,
                    INVALID_PRODUCER_ID_MAPPING -> {
                if (batch.maybeWritten) {
                    fail(queue, batch, error, answer.errorMessage(), told);
                } else {
                    queue.refusedIdentity(batch);
                    retry(queue, batch, error, answer.errorMessage());
                }
            }
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD, INVALID_TIMESTAMP -> {
                if (batch.count() == 1 || batch.maybeWritten) {
                    fail(queue, batch, error, answer.errorMessage(), told);
                } else {
                    split(sent, answer, error, told);
                }
            }
            default -> fail(queue, batch, error, answer.errorMessage(), told);
        }
    }

    private void succeeded(Sent sent, long baseOffset, long logAppendTime, BrokerSender sender, List<Runnable> told) {
        PartitionQueue queue = sent.queue();
        Batch batch = sent.batch();
        if (queue.written(batch)) {
            if (sender(queue) == sender) {
                sender.gather(queue);
            } else {
                route(queue);
            }
        }
        told.add(() -> {
            memory.release(batch.reserved());
            batch.written(queue.partition(), baseOffset, logAppendTime);
            if (!batch.maybeWritten && queue.acks() != Acks.NONE) {
                pool.giveBack(batch.buffer());
            }
        });
    }

    /** One record is at fault and the broker refused all: the bad ones fail, the others go out again. */
    private void split(Sent sent, PartitionProduceResponse answer, Errors error, List<Runnable> told) {
        Batch batch = sent.batch();
        boolean[] bad = new boolean[batch.count()];
        boolean named = false;
        for (ProduceResponseData.BatchIndexAndErrorMessage one : answer.recordErrors()) {
            if (one.batchIndex() >= 0 && one.batchIndex() < bad.length) {
                bad[one.batchIndex()] = true;
                named = true;
                String why =
                        one.batchIndexErrorMessage() == null ? answer.errorMessage() : one.batchIndexErrorMessage();
                Problem problem = problem(sent.queue(), batch, error, why);
                told.add(() -> batch.failed(one.batchIndex(), problem));
            }
        }
        List<Batch> parts = new ArrayList<>(2);
        if (named) {
            parts.add(batch.subset(i -> !bad[i], pool.take(batch.length())));
        } else {
            int half = batch.count() / 2;
            parts.add(batch.subset(i -> i < half, pool.take(batch.length())));
            parts.add(batch.subset(i -> i >= half, pool.take(batch.length())));
        }
        parts.removeIf(part -> part.count() == 0);
        long before = batch.reserved();
        long after = parts.stream().mapToLong(Batch::reserved).sum();
        memory.release(before - after);
        if (sent.queue().replaced(parts)) {
            route(sent.queue());
        }
    }

    /** Tries the batch again after a while, or gives it up when its time has run out. */
    private void retry(PartitionQueue queue, Batch batch, Errors error, @Nullable String message) {
        long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - batch.createdNanos);
        boolean topicGone = queue.topic().isGone() && waitedMs > TOPIC_GONE_MS;
        long limitMs = batch.maybeWritten
                ? properties.deliveryTimeout().toMillis()
                : properties.retryFor().toMillis();
        boolean exact = queue.acks() == Acks.ALL || !batch.maybeWritten;
        if (waitedMs > limitMs || topicGone || !exact) {
            List<Runnable> told = new ArrayList<>();
            fail(queue, batch, topicGone ? Errors.UNKNOWN_TOPIC_OR_PARTITION : error, message, told);
            told.forEach(Runnable::run);
            return;
        }
        queue.pause();
        long delay = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS << Math.min(batch.attempts, 8));
        batch.attempts = Math.max(1, batch.attempts);
        timer.newTimeout(
                t -> {
                    if (queue.topic().leader(queue.partition()) < 0
                            || queue.topic().isGone()) {
                        directory.refresh(queue.topic()).whenComplete((topic, e) -> resumeOrWait(queue, batch));
                    } else {
                        resumeOrWait(queue, batch);
                    }
                },
                delay,
                TimeUnit.MILLISECONDS);
    }

    private void resumeOrWait(PartitionQueue queue, Batch batch) {
        if (sender(queue) == null || queue.topic().isGone()) {
            batch.attempts++;
            retry(queue, batch, Errors.LEADER_NOT_AVAILABLE, null);
        } else {
            resume(queue);
        }
    }

    private void resume(PartitionQueue queue) {
        if (queue.resume()) {
            route(queue);
        }
    }

    private void fail(PartitionQueue queue, Batch batch, Errors error, @Nullable String message, List<Runnable> told) {
        Problem problem = problem(queue, batch, error, message);
        boolean more = queue.failed(batch);
        told.add(() -> tellFailed(batch, problem));
        if (problem.retryAfterSeconds() > 0) {
            for (Batch late :
                    queue.expired(System.nanoTime(), properties.retryFor().toMillis())) {
                Problem lateProblem = problem(queue, late, error, message);
                told.add(() -> tellFailed(late, lateProblem));
            }
        }
        if (more) {
            route(queue);
        }
    }

    private void tellFailed(Batch batch, Problem problem) {
        memory.release(batch.reserved());
        batch.failed(problem);
    }

    private static Problem problem(PartitionQueue queue, Batch batch, Errors error, @Nullable String message) {
        return queue.located(KafkaProblems.of(error, message)
                .withOutcome(batch.maybeWritten ? Outcome.UNKNOWN : Outcome.NOT_WRITTEN));
    }
}
