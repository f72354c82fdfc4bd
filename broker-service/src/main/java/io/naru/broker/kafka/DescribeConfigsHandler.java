package io.naru.broker.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.ConfigLayers;
import io.naru.cluster.config.DescribedConfig;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse;

/** DescribeConfigs, versions 1–4: 1 adds sources and synonyms (KIP-226), 3 types and documentation (KIP-569). */
final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequestData> {

    private final int brokerId;
    private final Supplier<ClusterImage> image;
    private final Supplier<ConfigLayers> layers;

    /**
     * @param layers what is set on this broker now
     */
    DescribeConfigsHandler(int brokerId, Supplier<ClusterImage> image, Supplier<ConfigLayers> layers) {
        this.brokerId = brokerId;
        this.image = image;
        this.layers = layers;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(DescribeConfigsRequestData request, RequestContext context) {
        List<DescribeConfigsResult> results = new ArrayList<>();
        for (DescribeConfigsResource resource : request.resources()) {
            DescribeConfigsResult result = new DescribeConfigsResult()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName());
            try {
                for (DescribedConfig config : describe(resource)) {
                    if (resource.configurationKeys() == null
                            || resource.configurationKeys()
                                    .contains(config.config().name())) {
                        result.configs().add(answer(config, request));
                    }
                }
            } catch (ApiException refused) {
                result.setErrorCode(Errors.forException(refused).code()).setErrorMessage(refused.getMessage());
            }
            results.add(result);
        }
        return CompletableFuture.completedFuture(new DescribeConfigsResponseData().setResults(results));
    }

    private List<DescribedConfig> describe(DescribeConfigsResource resource) {
        String name = resource.resourceName();
        return switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> topic(name);
            case BROKER -> broker(name);
            // Loggers and client metrics are not configured here, groups by their coordinators' properties.
            case CLIENT_METRICS, GROUP -> List.of();
            default ->
                throw new InvalidRequestException("Configs of resource type "
                        + ConfigResource.Type.forId(resource.resourceType()) + " are not served.");
        };
    }

    private List<DescribedConfig> topic(String name) {
        Topic.validate(name);
        TopicImage topic = image.get().topics().get(name);
        if (topic == null) {
            throw new UnknownTopicOrPartitionException("There is no topic '" + name + "'.");
        }
        return layers.get().describeTopic(topic.configs());
    }

    private List<DescribedConfig> broker(String name) {
        if (name.isEmpty()) {
            return layers.get().describeClusterWide();
        }
        int id;
        try {
            id = Integer.parseInt(name);
        } catch (NumberFormatException notANumber) {
            throw new InvalidRequestException("Broker id must be an integer, but it is: " + name, notANumber);
        }
        if (id != brokerId) {
            throw new InvalidRequestException(
                    "Unexpected broker id, expected " + brokerId + " or empty string, but received " + name);
        }
        return layers.get().describeBroker();
    }

    private static DescribeConfigsResourceResult answer(DescribedConfig config, DescribeConfigsRequestData request) {
        DescribeConfigsResourceResult result = new DescribeConfigsResourceResult()
                .setName(config.config().name())
                .setValue(config.value())
                .setReadOnly(config.readOnly())
                .setIsSensitive(config.config().sensitive())
                .setConfigSource(ConfigSources.id(config.source()))
                .setConfigType(typeId(config.config().type()))
                .setDocumentation(
                        request.includeDocumentation() ? config.config().documentation() : null);
        if (request.includeSynonyms()) {
            config.synonyms()
                    .forEach(synonym -> result.synonyms()
                            .add(new DescribeConfigsSynonym()
                                    .setName(synonym.name())
                                    .setValue(synonym.value())
                                    .setSource(ConfigSources.id(synonym.source()))));
        }
        return result;
    }

    private static byte typeId(ConfigDef.Type type) {
        return DescribeConfigsResponse.ConfigType.valueOf(type.name()).id();
    }
}
