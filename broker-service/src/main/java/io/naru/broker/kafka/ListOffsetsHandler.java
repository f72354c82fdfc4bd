package io.naru.broker.kafka;

import io.naru.broker.log.TimestampAndOffset;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/**
 * ListOffsets, versions 1–11: 4 adds the leader epoch (KIP-320), 5 says when a new leader does not know yet how far all is committed
 * (KIP-207), 7 the largest timestamp (KIP-734), 8 the earliest local offset
 * (KIP-405), 9 the latest tiered one (KIP-1005), 11 the first that waits to be tiered
 * (KIP-1023). Nothing is tiered: all of the log is local, none of it remote.
 */
final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequestData> {

    private static final TimestampAndOffset NOT_FOUND =
            new TimestampAndOffset(ListOffsetsResponse.UNKNOWN_TIMESTAMP, ListOffsetsResponse.UNKNOWN_OFFSET);

    private static final short OFFSET_NOT_AVAILABLE_VERSION = 5;

    private final PartitionTable partitions;

    ListOffsetsHandler(PartitionTable partitions) {
        this.partitions = partitions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(ListOffsetsRequestData request, RequestContext context) {
        List<ListOffsetsTopicResponse> topics = new ArrayList<>(request.topics().size());
        for (ListOffsetsTopic topic : request.topics()) {
            List<ListOffsetsPartitionResponse> answers =
                    new ArrayList<>(topic.partitions().size());
            for (ListOffsetsPartition wanted : topic.partitions()) {
                answers.add(answer(topic.name(), wanted, context.apiVersion()));
            }
            topics.add(new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(answers));
        }
        return CompletableFuture.completedFuture(new ListOffsetsResponseData().setTopics(topics));
    }

    private ListOffsetsPartitionResponse answer(String topic, ListOffsetsPartition wanted, short version) {
        ListOffsetsPartitionResponse answer =
                new ListOffsetsPartitionResponse().setPartitionIndex(wanted.partitionIndex());
        try {
            Partition partition = partitions.require(topic, Uuid.ZERO_UUID, wanted.partitionIndex());
            TimestampAndOffset found = find(partition, wanted.timestamp(), wanted.currentLeaderEpoch());
            return answer.setTimestamp(found.timestamp())
                    .setOffset(found.offset())
                    .setLeaderEpoch(partition.log().epochAt(found.offset()).orElse(ListOffsetsResponse.UNKNOWN_EPOCH));
        } catch (RuntimeException e) {
            Errors error = KafkaErrors.of(e);
            if (error == Errors.OFFSET_NOT_AVAILABLE && version < OFFSET_NOT_AVAILABLE_VERSION) {
                error = Errors.LEADER_NOT_AVAILABLE;
            }
            return answer.setErrorCode(error.code())
                    .setTimestamp(ListOffsetsResponse.UNKNOWN_TIMESTAMP)
                    .setOffset(ListOffsetsResponse.UNKNOWN_OFFSET);
        }
    }

    private static TimestampAndOffset find(Partition partition, long timestamp, int leaderEpoch) {
        partition.checkEpoch(leaderEpoch);
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            return at(partition.reads().latestOffset());
        }
        if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            return at(partition.log().logStartOffset());
        }
        if (timestamp == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP) {
            return NOT_FOUND;
        }
        Optional<TimestampAndOffset> found = timestamp == ListOffsetsRequest.MAX_TIMESTAMP
                ? partition.reads().maxTimestamp(leaderEpoch)
                : partition.reads().offsetForTimestamp(timestamp, leaderEpoch);
        return found.orElse(NOT_FOUND);
    }

    private static TimestampAndOffset at(long offset) {
        return new TimestampAndOffset(ListOffsetsResponse.UNKNOWN_TIMESTAMP, offset);
    }
}
