package io.naru.broker.kafka;

import io.naru.cluster.control.ElectLeaders;
import io.naru.cluster.control.PartitionName;
import io.naru.cluster.control.PartitionResult;
import io.naru.cluster.control.PartitionResults;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** ElectLeaders, versions 0–2: 1 adds unclean elections (KIP-460). Relayed. */
final class ElectLeadersHandler implements RequestHandler<ElectLeadersRequestData> {

    private final ControllerRelay relay;

    ElectLeadersHandler(ControllerRelay relay) {
        this.relay = relay;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(ElectLeadersRequestData request, RequestContext context) {
        boolean unclean = request.electionType() == ElectionType.UNCLEAN.value;
        return relay.elect(new ElectLeaders(unclean, partitions(request)), context)
                .handle(ElectLeadersHandler::answer);
    }

    private static @Nullable List<PartitionName> partitions(ElectLeadersRequestData request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        List<PartitionName> partitions = new ArrayList<>();
        for (TopicPartitions topic : request.topicPartitions()) {
            topic.partitions().forEach(partition -> partitions.add(new PartitionName(topic.topic(), partition)));
        }
        return partitions;
    }

    private static ApiMessage answer(@Nullable PartitionResults results, @Nullable Throwable error) {
        ElectLeadersResponseData answer = new ElectLeadersResponseData();
        if (results == null) {
            return answer.setErrorCode(
                    error == null
                            ? Errors.UNKNOWN_SERVER_ERROR.code()
                            : KafkaErrors.ofControlPlane(error).code());
        }
        Map<String, ReplicaElectionResult> byTopic = new LinkedHashMap<>();
        for (PartitionResult result : results.results()) {
            byTopic.computeIfAbsent(result.partition().topic(), topic -> new ReplicaElectionResult().setTopic(topic))
                    .partitionResult()
                    .add(new ElectLeadersResponseData.PartitionResult()
                            .setPartitionId(result.partition().partition())
                            .setErrorCode(result.errorCode())
                            .setErrorMessage(result.message()));
        }
        return answer.setReplicaElectionResults(new ArrayList<>(byTopic.values()));
    }
}
