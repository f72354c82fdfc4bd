package io.naru.broker.kafka;

import io.naru.cluster.TopicImage;
import io.naru.cluster.config.ConfigLayers;
import io.naru.cluster.control.CreateTopics;
import io.naru.cluster.control.NewTopic;
import io.naru.cluster.control.TopicResult;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** CreateTopics, versions 2–7: 4 takes −1 for the cluster's defaults, 5 returns the configs (KIP-525), 7 the topic id. Relayed. */
final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequestData> {

    private final ControllerRelay relay;
    private final Supplier<ConfigLayers> layers;

    /**
     * @param layers what is set on this broker now
     */
    CreateTopicsHandler(ControllerRelay relay, Supplier<ConfigLayers> layers) {
        this.relay = relay;
        this.layers = layers;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(CreateTopicsRequestData request, RequestContext context) {
        Set<String> repeated = repeatedNames(request);
        List<NewTopic> topics = new ArrayList<>();
        CreatableTopicResultCollection answers = new CreatableTopicResultCollection();
        for (CreatableTopic topic : request.topics()) {
            if (!repeated.contains(topic.name())) {
                topics.add(toNewTopic(topic));
            }
        }
        repeated.forEach(name -> answers.add(failed(name, Errors.INVALID_REQUEST, "Duplicate topic name.")));
        return relay.create(new CreateTopics(topics, request.validateOnly()), context)
                .handle((results, error) -> {
                    if (error != null) {
                        Errors code = KafkaErrors.ofControlPlane(error);
                        topics.forEach(t -> answers.add(failed(t.name(), code, KafkaErrors.message(error))));
                    } else {
                        results.results().forEach(r -> answers.add(toAnswer(r)));
                    }
                    return new CreateTopicsResponseData().setTopics(answers);
                });
    }

    private static Set<String> repeatedNames(CreateTopicsRequestData request) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (CreatableTopic topic : request.topics()) {
            if (!seen.add(topic.name())) {
                repeated.add(topic.name());
            }
        }
        return repeated;
    }

    private static NewTopic toNewTopic(CreatableTopic topic) {
        Map<Integer, List<Integer>> assignments = new HashMap<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            assignments.put(assignment.partitionIndex(), assignment.brokerIds());
        }
        Map<String, String> configs = new HashMap<>();
        for (CreatableTopicConfig config : topic.configs()) {
            configs.put(config.name(), config.value() == null ? "" : config.value());
        }
        return new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor(), assignments, configs);
    }

    private static CreatableTopicResult failed(String name, Errors error, String message) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }

    private CreatableTopicResult toAnswer(TopicResult result) {
        String name = result.name() == null ? "" : result.name();
        TopicImage topic = result.topic();
        if (result.errorCode() != Errors.NONE.code() || topic == null) {
            return new CreatableTopicResult()
                    .setName(name)
                    .setErrorCode(result.errorCode())
                    .setErrorMessage(result.message());
        }
        return new CreatableTopicResult()
                .setName(name)
                .setTopicId(result.topicId() == null ? Uuid.ZERO_UUID : Uuid.fromString(result.topicId()))
                .setNumPartitions(topic.partitions().size())
                .setReplicationFactor((short) topic.replicationFactor())
                .setConfigs(configs(topic));
    }

    private List<CreatableTopicConfigs> configs(TopicImage topic) {
        return layers.get().describeTopic(topic.configs()).stream()
                .map(config -> new CreatableTopicConfigs()
                        .setName(config.config().name())
                        .setValue(config.value())
                        .setConfigSource(ConfigSources.id(config.source())))
                .toList();
    }
}
