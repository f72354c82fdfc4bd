package io.naru.broker.kafka;

import io.naru.broker.log.EpochEnd;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionTable;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** OffsetForLeaderEpoch, versions 2–4 (KIP-101, KIP-320): where an epoch ends, so that a reader notices a truncation. */
final class OffsetForLeaderEpochHandler implements RequestHandler<OffsetForLeaderEpochRequestData> {

    private final PartitionTable partitions;

    OffsetForLeaderEpochHandler(PartitionTable partitions) {
        this.partitions = partitions;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<ApiMessage> handle(OffsetForLeaderEpochRequestData request, RequestContext context) {
        OffsetForLeaderTopicResultCollection topics =
                new OffsetForLeaderTopicResultCollection(request.topics().size());
        for (OffsetForLeaderTopic topic : request.topics()) {
            topics.add(new OffsetForLeaderTopicResult()
                    .setTopic(topic.topic())
                    .setPartitions(topic.partitions().stream()
                            .map(wanted -> answer(topic.topic(), wanted))
                            .toList()));
        }
        return CompletableFuture.completedFuture(new OffsetForLeaderEpochResponseData().setTopics(topics));
    }

    private EpochEndOffset answer(String topic, OffsetForLeaderPartition wanted) {
        EpochEndOffset answer = new EpochEndOffset().setPartition(wanted.partition());
        try {
            Partition partition = partitions.require(topic, Uuid.ZERO_UUID, wanted.partition());
            return partition
                    .reads()
                    .endOfEpoch(wanted.leaderEpoch(), wanted.currentLeaderEpoch())
                    .map(end -> filled(answer, end))
                    .orElse(answer);
        } catch (RuntimeException e) {
            return answer.setErrorCode(KafkaErrors.of(e).code());
        }
    }

    private static EpochEndOffset filled(EpochEndOffset answer, EpochEnd end) {
        return answer.setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset());
    }
}
