package io.naru.broker.kafka;

import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.cluster.TopicImage;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/**
 * DeleteRecords, versions 0–2 (KIP-107): 2 is flexible. Each partition fails on its own. The answer leaves when the new log start
 * offsets survive a power cut.
 */
final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequestData> {

    private final PartitionTable partitions;

    DeleteRecordsHandler(PartitionTable partitions) {
        this.partitions = partitions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DeleteRecordsRequestData request, RequestContext context) {
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        for (DeleteRecordsTopic topic : request.topics()) {
            DeleteRecordsTopicResult answer = new DeleteRecordsTopicResult().setName(topic.name());
            for (DeleteRecordsPartition partition : topic.partitions()) {
                answer.partitions().add(delete(topic.name(), partition));
            }
            response.topics().add(answer);
        }
        try {
            partitions.checkpointLogStartOffsets();
        } catch (RuntimeException e) {
            Errors error = KafkaErrors.of(e);
            response.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> partition
                                    .setErrorCode(error.code())
                                    .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)));
        }
        return CompletableFuture.completedFuture(response);
    }

    private DeleteRecordsPartitionResult delete(String topic, DeleteRecordsPartition wanted) {
        DeleteRecordsPartitionResult answer =
                new DeleteRecordsPartitionResult().setPartitionIndex(wanted.partitionIndex());
        try {
            Partition partition = partitions.require(topic, Uuid.ZERO_UUID, wanted.partitionIndex());
            if (TopicImage.isInternal(topic)) {
                throw new InvalidTopicException("records of topic " + topic + " belong to Naru");
            }
            return answer.setLowWatermark(partition.deleteRecords(wanted.offset()));
        } catch (RuntimeException e) {
            return answer.setErrorCode(KafkaErrors.of(e).code())
                    .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK);
        }
    }
}
