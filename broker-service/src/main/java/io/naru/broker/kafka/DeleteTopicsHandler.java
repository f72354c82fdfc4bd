package io.naru.broker.kafka;

import io.naru.cluster.control.DeleteTopics;
import io.naru.cluster.control.TopicResult;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** DeleteTopics, versions 1–6: 5 adds error messages, 6 deletion by id (KIP-516). Relayed. */
final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequestData> {

    private final ControllerRelay relay;

    DeleteTopicsHandler(ControllerRelay relay) {
        this.relay = relay;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DeleteTopicsRequestData request, RequestContext context) {
        List<String> names = new ArrayList<>(request.topicNames());
        List<String> ids = new ArrayList<>();
        for (DeleteTopicState topic : request.topics()) {
            if (topic.name() != null) {
                names.add(topic.name());
            } else {
                ids.add(topic.topicId().toString());
            }
        }
        return relay.delete(new DeleteTopics(names, ids), context).handle((results, error) -> {
            DeletableTopicResultCollection answers = new DeletableTopicResultCollection();
            if (error != null) {
                short code = KafkaErrors.ofControlPlane(error).code();
                String message = KafkaErrors.message(error);
                names.forEach(n -> answers.add(answer(n, null, code, message)));
                ids.forEach(i -> answers.add(answer(null, i, code, message)));
            } else {
                for (TopicResult result : results.results()) {
                    answers.add(answer(result.name(), result.topicId(), result.errorCode(), result.message()));
                }
            }
            return new DeleteTopicsResponseData().setResponses(answers);
        });
    }

    private static DeletableTopicResult answer(
            @Nullable String name, @Nullable String topicId, short code, @Nullable String message) {
        return new DeletableTopicResult()
                .setName(name)
                .setTopicId(topicId == null ? Uuid.ZERO_UUID : Uuid.fromString(topicId))
                .setErrorCode(code)
                .setErrorMessage(code == Errors.NONE.code() ? null : message);
    }
}
