package io.naru.broker.kafka;

import io.naru.broker.log.Log;
import io.naru.broker.log.LogAppend;
import io.naru.broker.log.UnexpectedEndException;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.GroupShards;
import io.naru.cluster.TopicImage;
import io.naru.protocol.extension.ConditionalAppend;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import io.netty.util.Timer;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponseCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Produce, versions 3–13: 5 adds the log start offset to the response, 8 record errors and messages (KIP-467), 9 flexible fields,
 * 10 the current leader on error (KIP-951), 13 topic ids instead of names (KIP-516). Appends may be conditional
 * ({@link ConditionalAppend}). Each partition fails on its own. With acks=all the
 * answer waits, as a {@link WaitingProduce}, until the records are committed; with one replica they are at once. With acks=0 there
 * is no response, and an error closes the connection, which is all that a client can notice.
 */
final class ProduceHandler implements RequestHandler<ProduceRequestData> {

    private static final short ALL = -1;
    private static final long WAIT_MS_MAX = 600_000;

    private final PartitionTable partitions;
    private final CurrentLeaders leaders;
    private final Clock clock;
    private final Timer timer;

    ProduceHandler(PartitionTable partitions, CurrentLeaders leaders, Clock clock, Timer timer) {
        this.partitions = partitions;
        this.leaders = leaders;
        this.clock = clock;
        this.timer = timer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public Set<Integer> extensions() {
        return Set.of(ConditionalAppend.TAG);
    }

    /** Everything is in the logs when {@link #handle} returns, whatever the answer waits for. */
    @Override
    public boolean holdsFrame() {
        return false;
    }

    @Override
    public CompletionStage<@Nullable ApiMessage> handle(ProduceRequestData request, RequestContext context) {
        Call call = new Call(request, context);
        TopicProduceResponseCollection topics =
                new TopicProduceResponseCollection(request.topicData().size());
        for (TopicProduceData topic : request.topicData()) {
            TopicProduceResponse answer =
                    new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
            for (PartitionProduceData partition : topic.partitionData()) {
                answer.partitionResponses().add(call.produce(topic, partition));
            }
            topics.add(answer);
        }
        ProduceResponseData response = new ProduceResponseData().setResponses(topics);
        if (request.acks() == 0) {
            return call.failed
                    ? CompletableFuture.failedFuture(new org.apache.kafka.common.errors.InvalidRequestException(
                            "a batch sent with acks=0 was refused"))
                    : CompletableFuture.completedFuture(null);
        }
        WaitingProduce waiting = call.waiting;
        if (waiting == null) {
            return CompletableFuture.completedFuture(call.failed ? withLeaders(response) : response);
        }
        long waitMs = Math.max(1, Math.min(request.timeoutMs(), WAIT_MS_MAX));
        return waiting.start(timer, waitMs).thenApply(done -> withLeaders(response));
    }

    private ProduceResponseData withLeaders(ProduceResponseData response) {
        for (TopicProduceResponse topic : response.responses()) {
            for (PartitionProduceResponse partition : topic.partitionResponses()) {
                leaders.afterError(partition.errorCode(), topic.name(), topic.topicId(), partition.index())
                        .ifPresent(leader -> tell(response, partition, leader));
            }
        }
        return response;
    }

    private static void tell(
            ProduceResponseData response, PartitionProduceResponse partition, CurrentLeaders.Leader leader) {
        partition.setCurrentLeader(
                new LeaderIdAndEpoch().setLeaderId(leader.id()).setLeaderEpoch(leader.epoch()));
        if (response.nodeEndpoints().find(leader.id()) == null) {
            response.nodeEndpoints()
                    .add(new NodeEndpoint()
                            .setNodeId(leader.id())
                            .setHost(leader.endpoint().host())
                            .setPort(leader.endpoint().port())
                            .setRack(leader.rack()));
        }
    }

    /** One request on its way through the partitions. */
    private final class Call {

        private final ProduceRequestData request;
        private final RequestContext context;
        private boolean failed;
        private @Nullable WaitingProduce waiting;

        Call(ProduceRequestData request, RequestContext context) {
            this.request = request;
            this.context = context;
        }

        PartitionProduceResponse produce(TopicProduceData topic, PartitionProduceData data) {
            short acks = request.acks();
            PartitionProduceResponse answer = new PartitionProduceResponse().setIndex(data.index());
            try {
                if (acks < ALL || acks > 1) {
                    throw new InvalidRequiredAcksException("acks is " + acks + ", not -1, 0 or 1");
                }
                return append(topic, data, answer);
            } catch (UnexpectedEndException e) {
                failed = true;
                return fail(answer, Errors.OFFSET_OUT_OF_RANGE, KafkaErrors.message(e))
                        .setBaseOffset(e.logEndOffset());
            } catch (RuntimeException e) {
                failed = true;
                return fail(answer, KafkaErrors.of(e), KafkaErrors.message(e));
            }
        }

        private PartitionProduceResponse append(
                TopicProduceData topic, PartitionProduceData data, PartitionProduceResponse answer) {
            Partition partition = partitions.require(topic.name(), topic.topicId(), data.index());
            if (!(data.records() instanceof MemoryRecords records) || records.sizeInBytes() == 0) {
                throw new InvalidRecordException("no records for " + partition.name());
            }
            refuseTransactions(request, records);
            refuseStrangers(partition.name().topic());
            int leaderEpoch = partition.leaderEpoch();
            long ifEnd = ConditionalAppend.required(data).orElse(Log.ANY_END);
            LogAppend appended = partition.append(records, request.acks(), ifEnd, clock.millis());
            if (request.acks() == ALL && partition.highWatermark() < appended.nextOffset()) {
                if (waiting == null) {
                    waiting = new WaitingProduce();
                }
                waiting.add(partition, appended, leaderEpoch, answer);
            }
            return answer.setBaseOffset(appended.firstOffset())
                    .setLogAppendTimeMs(appended.logAppendTimeMs())
                    .setLogStartOffset(appended.logStartOffset());
        }

        private void refuseStrangers(String topic) {
            if (TopicImage.isReserved(topic) && !GroupShards.WRITER_CLIENT_ID.equals(context.clientId())) {
                throw new InvalidTopicException("topic " + topic + " belongs to Naru; clients read it only");
            }
        }
    }

    /** Transactions are not served yet: a batch of one is refused before it can look committed to a reader. */
    private static void refuseTransactions(ProduceRequestData request, MemoryRecords records) {
        if (request.transactionalId() != null) {
            throw new TransactionalIdAuthorizationException("transactions are not served by this broker");
        }
        for (RecordBatch batch : records.batches()) {
            if (batch.magic() >= RecordBatch.MAGIC_VALUE_V2 && batch.isTransactional()) {
                throw new TransactionalIdAuthorizationException(
                        "a transactional batch needs a transactional id, and transactions are not served by this broker");
            }
        }
    }

    /** Makes an answer say that it failed. */
    static PartitionProduceResponse fail(PartitionProduceResponse answer, Errors error, String message) {
        return answer.setErrorCode(error.code())
                .setErrorMessage(message)
                .setBaseOffset(-1)
                .setLogAppendTimeMs(RecordBatch.NO_TIMESTAMP)
                .setLogStartOffset(-1);
    }
}
