package io.naru.broker.kafka;

import io.naru.cluster.control.AlterReassignments;
import io.naru.cluster.control.AlterReassignments.Reassignment;
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
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** AlterPartitionReassignments, versions 0–1 (KIP-455): 1 can hold the replication factor (KIP-860). Relayed. */
final class AlterPartitionReassignmentsHandler implements RequestHandler<AlterPartitionReassignmentsRequestData> {

    private final ControllerRelay relay;

    AlterPartitionReassignmentsHandler(ControllerRelay relay) {
        this.relay = relay;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(AlterPartitionReassignmentsRequestData request, RequestContext context) {
        List<Reassignment> wanted = new ArrayList<>();
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> wanted.add(new Reassignment(
                                new PartitionName(topic.name(), partition.partitionIndex()), partition.replicas()))));
        boolean factorMayChange = request.allowReplicationFactorChange();
        return relay.reassign(new AlterReassignments(wanted, factorMayChange), context)
                .handle((results, error) -> answer(results, error).setAllowReplicationFactorChange(factorMayChange));
    }

    private static AlterPartitionReassignmentsResponseData answer(
            @Nullable PartitionResults results, @Nullable Throwable error) {
        AlterPartitionReassignmentsResponseData answer = new AlterPartitionReassignmentsResponseData();
        if (results == null) {
            Errors code = error == null ? Errors.UNKNOWN_SERVER_ERROR : KafkaErrors.ofControlPlane(error);
            return answer.setErrorCode(code.code())
                    .setErrorMessage(error == null ? code.message() : KafkaErrors.message(error));
        }
        Map<String, ReassignableTopicResponse> byTopic = new LinkedHashMap<>();
        for (PartitionResult result : results.results()) {
            byTopic.computeIfAbsent(result.partition().topic(), topic -> new ReassignableTopicResponse().setName(topic))
                    .partitions()
                    .add(new ReassignablePartitionResponse()
                            .setPartitionIndex(result.partition().partition())
                            .setErrorCode(result.errorCode())
                            .setErrorMessage(result.message()));
        }
        return answer.setErrorMessage(null).setResponses(new ArrayList<>(byTopic.values()));
    }
}
