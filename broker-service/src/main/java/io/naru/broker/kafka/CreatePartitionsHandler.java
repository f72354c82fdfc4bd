package io.naru.broker.kafka;

import io.naru.cluster.control.CreatePartitions;
import io.naru.cluster.control.CreatePartitions.MorePartitions;
import io.naru.cluster.control.TopicResult;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** CreatePartitions, versions 0–3 (KIP-195): 2 is flexible. Relayed. */
final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequestData> {

    private final ControllerRelay relay;

    CreatePartitionsHandler(ControllerRelay relay) {
        this.relay = relay;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(CreatePartitionsRequestData request, RequestContext context) {
        List<MorePartitions> topics = new ArrayList<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            topics.add(new MorePartitions(topic.name(), topic.count(), assignments(topic)));
        }
        return relay.createPartitions(new CreatePartitions(topics, request.validateOnly()), context)
                .handle((results, error) -> {
                    List<CreatePartitionsTopicResult> answers = new ArrayList<>();
                    if (error != null) {
                        short code = KafkaErrors.ofControlPlane(error).code();
                        String message = KafkaErrors.message(error);
                        topics.forEach(topic -> answers.add(answer(topic.topic(), code, message)));
                    } else {
                        for (TopicResult result : results.results()) {
                            String name = result.name() == null ? "" : result.name();
                            answers.add(answer(name, result.errorCode(), result.message()));
                        }
                    }
                    return new CreatePartitionsResponseData().setResults(answers);
                });
    }

    private static List<List<Integer>> assignments(CreatePartitionsTopic topic) {
        return topic.assignments() == null
                ? List.of()
                : topic.assignments().stream()
                        .map(CreatePartitionsAssignment::brokerIds)
                        .toList();
    }

    private static CreatePartitionsTopicResult answer(String name, short code, @Nullable String message) {
        return new CreatePartitionsTopicResult()
                .setName(name)
                .setErrorCode(code)
                .setErrorMessage(message);
    }
}
