package io.naru.broker.kafka;

import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.AlterConfigs.Resource;
import io.naru.cluster.control.ConfigTarget;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** AlterConfigs, versions 0–2: what a request does not name is unset (KIP-133); 2 is flexible. Relayed. */
final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequestData> {

    private final ConfigRelay relay;

    AlterConfigsHandler(ConfigRelay relay) {
        this.relay = relay;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(AlterConfigsRequestData request, RequestContext context) {
        List<ConfigRelay.Wanted> wanted = new ArrayList<>();
        request.resources().forEach(resource -> wanted.add(wanted(resource)));
        return relay.alter(wanted, request.validateOnly(), context).thenApply(answers -> {
            AlterConfigsResponseData response = new AlterConfigsResponseData();
            answers.forEach((named, outcome) -> response.responses()
                    .add(new AlterConfigsResourceResponse()
                            .setResourceType(named.type().id())
                            .setResourceName(named.name())
                            .setErrorCode(outcome.error().code())
                            .setErrorMessage(outcome.message())));
            return response;
        });
    }

    private static ConfigRelay.Wanted wanted(AlterConfigsResource resource) {
        ConfigResource named =
                new ConfigResource(ConfigResource.Type.forId(resource.resourceType()), resource.resourceName());
        ConfigTarget target = ConfigRelay.target(named);
        if (target == null) {
            return ConfigRelay.Wanted.refused(
                    named, Errors.INVALID_REQUEST, "Unknown resource type " + resource.resourceType());
        }
        List<ConfigOp> ops = new ArrayList<>();
        resource.configs().forEach(config -> ops.add(new ConfigOp(config.name(), ConfigOp.Kind.SET, config.value())));
        return new ConfigRelay.Wanted(named, new Resource(target, ops, true, null), null);
    }
}
