package io.naru.gateway.produce;

import io.naru.gateway.http.KafkaProblems;
import io.naru.gateway.http.Outcome;
import io.naru.gateway.http.Problem;
import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.KafkaConnection;
import io.naru.protocol.client.Lane;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import io.naru.protocol.client.RequestNotSentException;
import io.naru.protocol.extension.ConditionalAppend;
import io.netty.util.Timer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Writes records that do not share a batch: one batch of one record, under a producer id, epoch and sequence that its client chose or that
 * follow from what it sent, or on the condition that the partition ends somewhere, or both. The broker's duplicate detection (KIP-98) does the rest, so any gateway can take a
 * repetition, and its producer snapshots keep what is known over restarts. Thread-safe, non-blocking.
 */
public final class IdentifiedWrites {

    private static final long RETRY_MS = 50;
    private static final int LANES = 4;

    private final KafkaClient client;
    private final MetadataCache metadata;
    private final TopicDirectory directory;
    private final Timer timer;
    private final ProduceProperties properties;
    private final AtomicInteger nextLane = new AtomicInteger();

    /** Writes through a client that its owner closes. */
    public IdentifiedWrites(
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
    }

    /**
     * Where a record stands.
     *
     * @param offset        its offset, or −1 when the broker has forgotten where it put it
     * @param logAppendTime the broker's time for it, or −1 when it kept the record's own
     */
    record Written(long offset, long logAppendTime) {}

    /** One write and its attempts. One at a time. */
    private static final class Attempts {
        private final TopicState topic;
        private final int partition;
        private final Batch batch;
        private final long ifEnd;
        private final CompletableFuture<Written> done = new CompletableFuture<>();

        Attempts(TopicState topic, int partition, Batch batch, long ifEnd) {
            this.topic = topic;
            this.partition = partition;
            this.batch = batch;
            this.ifEnd = ifEnd;
        }
    }

    /**
     * Writes a record, or finds that it has been written. Its bytes are copied before this returns. Fails with a problem.
     *
     * @param timestamp of the record
     * @param identity  who writes it, or null: then it is not sent again once it may have been written
     * @param ifEnd     where the partition must end, or {@link IfMatch#ANY_END}
     */
    CompletableFuture<Written> write(
            TopicState topic,
            int partition,
            RecordInput record,
            long timestamp,
            @Nullable ProducerIdentity identity,
            int sequence,
            long ifEnd) {
        Batch batch = new Batch(new byte[record.size() + 128], System.nanoTime());
        batch.append(record, timestamp, Untold.INSTANCE, 0);
        batch.identity = identity;
        batch.sequence = identity == null ? RecordBatch.NO_SEQUENCE : sequence;
        Attempts attempts = new Attempts(topic, partition, batch, ifEnd);
        attempt(attempts);
        return attempts.done;
    }

    private void attempt(Attempts of) {
        int leader = of.topic.leader(of.partition);
        NodeAddress node = leader < 0 ? null : metadata.node(leader).orElse(null);
        if (node == null) {
            directory.refresh(of.topic);
            again(of, Errors.LEADER_NOT_AVAILABLE, null);
            return;
        }
        Lane lane = new Lane("produce-once", Math.floorMod(nextLane.getAndIncrement(), LANES));
        KafkaConnection connection = client.connection(node, lane);
        CompletableFuture<ProduceResponseData> sent = of.ifEnd == IfMatch.ANY_END
                ? send(connection, of)
                : connection.opened().thenCompose(open -> {
                    if (!open.extensions().contains(ConditionalAppend.TAG)) {
                        throw IfMatch.notServed().exception();
                    }
                    return send(open, of);
                });
        sent.whenComplete((answer, error) -> {
            Throwable cause = error == null || error.getCause() == null ? error : error.getCause();
            if (cause instanceof ProblemException known) {
                fail(of, known.problem());
            } else if (cause != null) {
                of.batch.maybeWritten |= !(cause instanceof RequestNotSentException);
                directory.refresh(of.topic);
                again(of, Errors.NETWORK_EXCEPTION, cause.getMessage());
            } else {
                answered(of, answer);
            }
        });
    }

    private CompletableFuture<ProduceResponseData> send(KafkaConnection connection, Attempts of) {
        return connection.send(request(of), properties.ackTimeout().toMillis(), ProduceResponseData.class);
    }

    private ProduceRequestData request(Attempts of) {
        PartitionProduceData data =
                new PartitionProduceData().setIndex(of.partition).setRecords(of.batch.seal());
        if (of.ifEnd != IfMatch.ANY_END) {
            ConditionalAppend.require(data, of.ifEnd);
        }
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName(of.topic.name())
                .setTopicId(of.topic.topicId())
                .setPartitionData(List.of(data)));
        return new ProduceRequestData()
                .setAcks(Acks.ALL.code())
                .setTimeoutMs((int) properties.ackTimeout().toMillis())
                .setTopicData(topics);
    }

    private void answered(Attempts of, ProduceResponseData answer) {
        PartitionProduceResponse one = answer.responses().stream()
                .flatMap(topic -> topic.partitionResponses().stream())
                .filter(partition -> partition.index() == of.partition)
                .findFirst()
                .orElseGet(() -> new PartitionProduceResponse().setErrorCode(Errors.UNKNOWN_SERVER_ERROR.code()));
        Errors error = Errors.forCode(one.errorCode());
        switch (error) {
            case NONE -> of.done.complete(new Written(one.baseOffset(), one.logAppendTimeMs()));
            case OFFSET_OUT_OF_RANGE -> fail(of, IfMatch.endsAt(of.ifEnd, one.baseOffset()));
            case DUPLICATE_SEQUENCE_NUMBER -> of.done.complete(new Written(-1, -1));
            case REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS_AFTER_APPEND, UNKNOWN_SERVER_ERROR -> {
                of.batch.maybeWritten = true;
                again(of, error, one.errorMessage());
            }
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> { // also when it was appended, and lost sight of since
                of.batch.maybeWritten = true;
                directory.refresh(of.topic);
                again(of, error, one.errorMessage());
            }
            case LEADER_NOT_AVAILABLE,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    REPLICA_NOT_AVAILABLE,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    INCONSISTENT_TOPIC_ID -> {
                directory.refresh(of.topic);
                again(of, error, one.errorMessage());
            }
            case NOT_ENOUGH_REPLICAS, THROTTLING_QUOTA_EXCEEDED, CORRUPT_MESSAGE, NETWORK_EXCEPTION ->
                again(of, error, one.errorMessage());
            default -> fail(of, problem(error, one.errorMessage()));
        }
    }

    private void again(Attempts of, Errors error, @Nullable String message) {
        long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - of.batch.createdNanos);
        long limitMs = (of.batch.maybeWritten ? properties.deliveryTimeout() : properties.retryFor()).toMillis();
        boolean mustNotRepeat = of.batch.maybeWritten && of.batch.identity == null;
        if (mustNotRepeat || waitedMs > limitMs || of.topic.isGone()) {
            fail(of, problem(of.topic.isGone() ? Errors.UNKNOWN_TOPIC_OR_PARTITION : error, message));
        } else {
            timer.newTimeout(t -> attempt(of), RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static void fail(Attempts of, Problem problem) {
        Outcome outcome = of.batch.maybeWritten ? Outcome.UNKNOWN : Outcome.NOT_WRITTEN;
        of.done.completeExceptionally(problem.withOutcome(outcome).exception());
    }

    private static Problem problem(Errors error, @Nullable String message) {
        return switch (error) {
            case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED ->
                Problem.of(
                        ProblemKind.PRODUCER_FENCED,
                        "this producer id has been seen with a higher epoch: somebody has taken its place");
            case OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID ->
                Problem.of(
                        ProblemKind.OUT_OF_SEQUENCE,
                        "this is not the next sequence number of the producer in this partition: one before it is missing");
            default -> KafkaProblems.of(error, message);
        };
    }

    /** The batch's own way of telling is not used. */
    private enum Untold implements RecordOutcome {
        INSTANCE;

        @Override
        public void written(int tag, int partition, long offset, long timestamp) {
            throw new IllegalStateException("nobody told");
        }

        @Override
        public void failed(int tag, Problem problem) {
            throw new IllegalStateException("nobody told");
        }
    }
}
