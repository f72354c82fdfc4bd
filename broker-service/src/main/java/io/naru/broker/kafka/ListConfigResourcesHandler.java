package io.naru.broker.kafka;

import io.naru.cluster.ClusterImage;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * ListConfigResources, versions 0–1: 0 lists client metrics only (KIP-1000), 1 whatever has configs (KIP-1142). Loggers, client metrics
 * and groups have none here.
 */
final class ListConfigResourcesHandler implements RequestHandler<ListConfigResourcesRequestData> {

    private static final List<Byte> ALL = Stream.of(
                    ConfigResource.Type.TOPIC,
                    ConfigResource.Type.BROKER,
                    ConfigResource.Type.BROKER_LOGGER,
                    ConfigResource.Type.CLIENT_METRICS,
                    ConfigResource.Type.GROUP)
            .map(ConfigResource.Type::id)
            .toList();

    private final Supplier<ClusterImage> image;

    ListConfigResourcesHandler(Supplier<ClusterImage> image) {
        this.image = image;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.LIST_CONFIG_RESOURCES;
    }

    @Override
    public CompletionStage<ApiMessage> handle(ListConfigResourcesRequestData request, RequestContext context) {
        ListConfigResourcesResponseData answer = new ListConfigResourcesResponseData();
        List<Byte> types = new ArrayList<>();
        if (context.apiVersion() == 0) {
            types.add(ConfigResource.Type.CLIENT_METRICS.id());
        } else {
            types.addAll(request.resourceTypes().isEmpty() ? ALL : request.resourceTypes());
        }
        if (!ALL.containsAll(types)) {
            return CompletableFuture.completedFuture(answer.setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
        }
        ClusterImage now = image.get();
        if (types.contains(ConfigResource.Type.TOPIC.id())) {
            add(answer, ConfigResource.Type.TOPIC, now.topics().keySet().stream());
        }
        if (types.contains(ConfigResource.Type.BROKER.id())) {
            add(
                    answer,
                    ConfigResource.Type.BROKER,
                    now.brokers().keySet().stream().map(String::valueOf));
        }
        return CompletableFuture.completedFuture(answer);
    }

    private static void add(ListConfigResourcesResponseData answer, ConfigResource.Type type, Stream<String> names) {
        names.forEach(name -> answer.configResources()
                .add(new ListConfigResourcesResponseData.ConfigResource()
                        .setResourceType(type.id())
                        .setResourceName(name)));
    }
}
