package io.naru.broker.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.TopicConfig;
import io.naru.cluster.config.TopicConfigs;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
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
    private final Map<String, BrokerConfigs.Entry> brokerConfigs;

    DescribeConfigsHandler(int brokerId, Supplier<ClusterImage> image, Map<String, BrokerConfigs.Entry> brokerConfigs) {
        this.brokerId = brokerId;
        this.image = image;
        this.brokerConfigs = brokerConfigs;
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
            describe(resource, result, request.includeSynonyms(), request.includeDocumentation());
            results.add(result);
        }
        return CompletableFuture.completedFuture(new DescribeConfigsResponseData().setResults(results));
    }

    private void describe(
            DescribeConfigsResource resource, DescribeConfigsResult result, boolean synonyms, boolean documentation) {
        ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
        if (type == ConfigResource.Type.TOPIC) {
            TopicImage topic = image.get().topics().get(resource.resourceName());
            if (topic == null) {
                result.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                        .setErrorMessage("there is no topic " + resource.resourceName());
                return;
            }
            for (TopicConfig config : TopicConfigs.all()) {
                if (wanted(resource, config.name())) {
                    result.configs().add(topicConfig(topic, config, synonyms, documentation));
                }
            }
        } else if (type == ConfigResource.Type.BROKER) {
            if (!resource.resourceName().isEmpty() && !resource.resourceName().equals(Integer.toString(brokerId))) {
                result.setErrorCode(Errors.INVALID_REQUEST.code())
                        .setErrorMessage("this is broker " + brokerId + "; ask broker " + resource.resourceName());
                return;
            }
            if (resource.resourceName().isEmpty()) {
                return;
            }
            brokerConfigs.forEach((name, entry) -> {
                if (wanted(resource, name)) {
                    result.configs().add(brokerConfig(name, entry, synonyms, documentation));
                }
            });
        } else {
            result.setErrorCode(Errors.INVALID_REQUEST.code())
                    .setErrorMessage("configs of " + type + " are not served; topics and brokers are");
        }
    }

    private static boolean wanted(DescribeConfigsResource resource, String name) {
        return resource.configurationKeys() == null
                || resource.configurationKeys().contains(name);
    }

    private static DescribeConfigsResourceResult topicConfig(
            TopicImage topic, TopicConfig config, boolean synonyms, boolean documentation) {
        String set = topic.configs().get(config.name());
        DescribeConfigsResourceResult result = new DescribeConfigsResourceResult()
                .setName(config.name())
                .setValue(set == null ? config.defaultValue() : set)
                .setConfigSource(set == null ? ConfigSources.DEFAULT : ConfigSources.TOPIC)
                .setConfigType(typeId(config.type()))
                .setDocumentation(documentation ? config.documentation() : null);
        if (synonyms) {
            if (set != null) {
                result.synonyms().add(synonym(config.name(), set, ConfigSources.TOPIC));
            }
            result.synonyms().add(synonym(config.serverName(), config.defaultValue(), ConfigSources.DEFAULT));
        }
        return result;
    }

    private static DescribeConfigsResourceResult brokerConfig(
            String name, BrokerConfigs.Entry entry, boolean synonyms, boolean documentation) {
        byte source = entry.isDefault() ? ConfigSources.DEFAULT : ConfigSources.STATIC_BROKER;
        DescribeConfigsResourceResult result = new DescribeConfigsResourceResult()
                .setName(name)
                .setValue(entry.value())
                .setReadOnly(true)
                .setConfigSource(source)
                .setConfigType(typeId(entry.type()))
                .setDocumentation(documentation ? entry.documentation() : null);
        if (synonyms) {
            result.synonyms().add(synonym(name, entry.value(), source));
        }
        return result;
    }

    private static DescribeConfigsSynonym synonym(String name, String value, byte source) {
        return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source);
    }

    private static byte typeId(ConfigDef.Type type) {
        return DescribeConfigsResponse.ConfigType.valueOf(type.name()).id();
    }
}
