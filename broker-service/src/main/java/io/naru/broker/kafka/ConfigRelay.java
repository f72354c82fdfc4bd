package io.naru.broker.kafka;

import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterConfigs.Resource;
import io.naru.cluster.control.ConfigResults;
import io.naru.cluster.control.ConfigResults.ConfigResult;
import io.naru.cluster.control.ConfigTarget;
import io.naru.protocol.server.RequestContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** What AlterConfigs and IncrementalAlterConfigs share: the resources that the controller decides on, and those that nobody can alter. */
final class ConfigRelay {

    private final ControllerRelay relay;

    ConfigRelay(ControllerRelay relay) {
        this.relay = relay;
    }

    /** A resource of a request. The resource is null when the request makes no sense of its own; then {@code refusal} says why. */
    record Wanted(
            ConfigResource named,
            @Nullable Resource resource,
            @Nullable ApiError refusal) {

        static Wanted refused(ConfigResource named, Errors error, String message) {
            return new Wanted(named, null, new ApiError(error, message));
        }
    }

    /** The controller's target; null for what has no configs that can be altered here. */
    static @Nullable ConfigTarget target(ConfigResource named) {
        return switch (named.type()) {
            case TOPIC -> ConfigTarget.topic(named.name());
            case BROKER -> new ConfigTarget(ConfigTarget.Kind.BROKER, named.name());
            default -> null;
        };
    }

    /** What became of each, by its name. */
    CompletionStage<Map<ConfigResource, ApiError>> alter(
            List<Wanted> wanted, boolean validateOnly, RequestContext client) {
        Map<ConfigResource, ApiError> answers = new HashMap<>();
        Map<ConfigTarget, ConfigResource> asked = new HashMap<>();
        List<Resource> resources = new ArrayList<>();
        Set<ConfigResource> named = new HashSet<>();
        for (Wanted one : wanted) {
            if (!named.add(one.named)) {
                answers.put(one.named, new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once."));
            } else if (one.resource != null) {
                resources.add(one.resource);
                asked.put(one.resource.target(), one.named);
            } else if (one.refusal != null) {
                answers.put(one.named, one.refusal);
            }
        }
        resources.removeIf(resource -> answers.containsKey(asked.get(resource.target())));
        if (resources.isEmpty()) {
            return CompletableFuture.completedFuture(answers);
        }
        return relay.alterConfigs(new AlterConfigs(resources, validateOnly), client)
                .handle((results, error) -> {
                    if (results != null) {
                        answer(results, asked, answers);
                    } else {
                        ApiError failed = new ApiError(
                                error == null ? Errors.UNKNOWN_SERVER_ERROR : KafkaErrors.ofControlPlane(error),
                                error == null ? null : KafkaErrors.message(error));
                        resources.forEach(resource -> answers.put(asked.get(resource.target()), failed));
                    }
                    return answers;
                });
    }

    private static void answer(
            ConfigResults results, Map<ConfigTarget, ConfigResource> asked, Map<ConfigResource, ApiError> answers) {
        for (ConfigResult result : results.results()) {
            ConfigResource named = asked.get(result.target());
            if (named != null) {
                answers.put(named, new ApiError(Errors.forCode(result.errorCode()), result.message()));
            }
        }
    }
}
