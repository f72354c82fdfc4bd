package io.naru.broker.kafka;

import io.naru.broker.log.LogAppend;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.GroupShards;
import io.naru.cluster.TopicImage;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
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
 * 10 the current leader on error (KIP-951), 13 topic ids instead of names (KIP-516). Each partition fails on its own. With acks=0
 * there is no response, and an error closes the connection, which is all that a client can notice.
 */
final class ProduceHandler implements RequestHandler<ProduceRequestData> {

    private final PartitionTable partitions;
    private final Clock clock;

    ProduceHandler(PartitionTable partitions, Clock clock) {
        this.partitions = partitions;
        this.clock = clock;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public CompletionStage<@Nullable ApiMessage> handle(ProduceRequestData request, RequestContext context) {
        short acks = request.acks();
        boolean acksKnown = acks >= -1 && acks <= 1;
        TopicProduceResponseCollection topics =
                new TopicProduceResponseCollection(request.topicData().size());
        boolean failed = false;
        for (TopicProduceData topic : request.topicData()) {
            TopicProduceResponse answer =
                    new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
            for (PartitionProduceData partition : topic.partitionData()) {
                PartitionProduceResponse result = acksKnown
                        ? produce(request, topic, partition, context)
                        : error(
                                partition.index(),
                                Errors.INVALID_REQUIRED_ACKS,
                                "acks is " + acks + ", not -1, 0 or 1");
                failed |= result.errorCode() != Errors.NONE.code();
                answer.partitionResponses().add(result);
            }
            topics.add(answer);
        }
        if (acks == 0) {
            return failed
                    ? CompletableFuture.failedFuture(new org.apache.kafka.common.errors.InvalidRequestException(
                            "a batch sent with acks=0 was refused"))
                    : CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.completedFuture(new ProduceResponseData().setResponses(topics));
    }

    private PartitionProduceResponse produce(
            ProduceRequestData request, TopicProduceData topic, PartitionProduceData data, RequestContext context) {
        try {
            Partition partition = partitions.require(topic.name(), topic.topicId(), data.index());
            if (!(data.records() instanceof MemoryRecords records) || records.sizeInBytes() == 0) {
                throw new InvalidRecordException("no records for " + partition.name());
            }
            refuseTransactions(request, records);
            if (TopicImage.isInternal(partition.name().topic())
                    && !GroupShards.WRITER_CLIENT_ID.equals(context.clientId())) {
                throw new InvalidTopicException(
                        "topic " + partition.name().topic() + " belongs to Naru; clients read it only");
            }
            LogAppend appended = partition.append(records, request.acks(), clock.millis());
            return new PartitionProduceResponse()
                    .setIndex(data.index())
                    .setBaseOffset(appended.firstOffset())
                    .setLogAppendTimeMs(appended.logAppendTimeMs())
                    .setLogStartOffset(appended.logStartOffset());
        } catch (RuntimeException e) {
            return error(data.index(), KafkaErrors.of(e), KafkaErrors.message(e));
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

    private static PartitionProduceResponse error(int partition, Errors error, String message) {
        return new PartitionProduceResponse()
                .setIndex(partition)
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setBaseOffset(-1)
                .setLogAppendTimeMs(RecordBatch.NO_TIMESTAMP)
                .setLogStartOffset(-1);
    }
}
