package io.naru.broker.kafka;

import io.naru.cluster.control.AlterConfigs.ConfigOp;
import io.naru.cluster.control.AlterConfigs.Resource;
import io.naru.cluster.control.ConfigTarget;
import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** IncrementalAlterConfigs, versions 0–1 (KIP-339): 1 is flexible. Relayed. */
final class IncrementalAlterConfigsHandler implements RequestHandler<IncrementalAlterConfigsRequestData> {

    private final ConfigRelay relay;

    IncrementalAlterConfigsHandler(ConfigRelay relay) {
        this.relay = relay;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<ApiMessage> handle(IncrementalAlterConfigsRequestData request, RequestContext context) {
        List<ConfigRelay.Wanted> wanted = new ArrayList<>();
        request.resources().forEach(resource -> wanted.add(wanted(resource)));
        return relay.alter(wanted, request.validateOnly(), context).thenApply(answers -> {
            IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
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
        for (AlterableConfig config : resource.configs()) {
            OpType type = OpType.forId(config.configOperation());
            if (type == null) {
                return ConfigRelay.Wanted.refused(
                        named, Errors.INVALID_REQUEST, "Unknown operation type " + config.configOperation());
            }
            ops.add(new ConfigOp(config.name(), kind(type), config.value()));
        }
        return new ConfigRelay.Wanted(named, new Resource(target, ops), null);
    }

    private static ConfigOp.Kind kind(OpType type) {
        return switch (type) {
            case SET -> ConfigOp.Kind.SET;
            case DELETE -> ConfigOp.Kind.DELETE;
            case APPEND -> ConfigOp.Kind.APPEND;
            case SUBTRACT -> ConfigOp.Kind.SUBTRACT;
        };
    }
}
