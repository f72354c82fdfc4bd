package io.naru.broker.kafka;

import io.naru.broker.log.producer.ActiveProducer;
import io.naru.broker.partition.PartitionTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** DescribeProducers, version 0 (KIP-664): the idempotent producers that a partition remembers. */
final class DescribeProducersHandler implements RequestHandler<DescribeProducersRequestData> {

    private final PartitionTable partitions;

    DescribeProducersHandler(PartitionTable partitions) {
        this.partitions = partitions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_PRODUCERS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DescribeProducersRequestData request, RequestContext context) {
        DescribeProducersResponseData answer = new DescribeProducersResponseData();
        request.topics().forEach(topic -> {
            TopicResponse described = new TopicResponse().setName(topic.name());
            topic.partitionIndexes().forEach(index -> described.partitions().add(describe(topic.name(), index)));
            answer.topics().add(described);
        });
        return CompletableFuture.completedFuture(answer);
    }

    private PartitionResponse describe(String topic, int index) {
        PartitionResponse answer = new PartitionResponse().setPartitionIndex(index);
        try {
            Topic.validate(topic);
            for (ActiveProducer producer :
                    partitions.require(topic, Uuid.ZERO_UUID, index).log().activeProducers()) {
                answer.activeProducers()
                        .add(new ProducerState()
                                .setProducerId(producer.producerId())
                                .setProducerEpoch(producer.producerEpoch())
                                .setLastSequence(producer.lastSequence())
                                .setLastTimestamp(producer.lastTimestamp())
                                .setCoordinatorEpoch(producer.coordinatorEpoch())
                                .setCurrentTxnStartOffset(producer.transactionFirstOffset()));
            }
            return answer;
        } catch (RuntimeException e) {
            return answer.setErrorCode(KafkaErrors.of(e).code()).setErrorMessage(e.getMessage());
        }
    }
}
