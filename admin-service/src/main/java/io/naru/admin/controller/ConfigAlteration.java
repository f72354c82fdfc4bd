package io.naru.admin.controller;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.config.BrokerConfig;
import io.naru.cluster.config.BrokerConfigs;
import io.naru.cluster.config.ConfigScope;
import io.naru.cluster.config.TopicConfigs;
import io.naru.cluster.control.AlterConfigs;
import io.naru.cluster.control.AlterConfigs.Resource;
import io.naru.cluster.control.ConfigResults.ConfigResult;
import io.naru.cluster.control.ConfigTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Decides on one AlterConfigs request: each resource on its own, with Kafka's error codes. */
final class ConfigAlteration {

    private final ClusterImage image;
    private final List<Change> changes = new ArrayList<>();

    ConfigAlteration(ClusterImage image) {
        this.image = image;
    }

    /** The changes that {@link #alter} has decided on; none for a request that only validates. */
    List<Change> changes() {
        return changes;
    }

    /** What becomes of each resource of the request, in its order. */
    List<ConfigResult> alter(AlterConfigs request) {
        Map<ConfigTarget, Integer> timesNamed = new HashMap<>();
        request.resources().forEach(resource -> timesNamed.merge(resource.target(), 1, Integer::sum));
        List<ConfigResult> results = new ArrayList<>();
        for (Resource resource : request.resources()) {
            ConfigTarget target = resource.target();
            try {
                if (timesNamed.getOrDefault(target, 0) > 1) {
                    throw new RefusedException(
                            Errors.INVALID_REQUEST,
                            "Each resource must appear at most once; this one appears more often.");
                }
                Map<String, String> now = target.kind() == ConfigTarget.Kind.TOPIC
                        ? topic(resource, request.validateOnly())
                        : broker(resource, request.validateOnly());
                results.add(new ConfigResult(target, Errors.NONE.code(), null, now));
            } catch (RefusedException refused) {
                results.add(new ConfigResult(target, refused.error().code(), refused.getMessage(), null));
            }
        }
        return results;
    }

    private Map<String, String> topic(Resource resource, boolean validateOnly) {
        if (resource.target().name().isEmpty()) {
            throw new RefusedException(Errors.INVALID_REQUEST, "Configs of all topics at once are set on all brokers.");
        }
        TopicImage topic = image.topics().get(resource.target().name());
        if (topic == null) {
            throw new RefusedException(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    "There is no topic '" + resource.target().name() + "'.");
        }
        Map<String, String> now = ConfigEdit.edit(topic.configs(), resource, TopicConfigs::find);
        TopicConfigs.problem(new HashMap<>(now)).ifPresent(ConfigAlteration::invalid);
        if (!validateOnly && !now.equals(topic.configs())) {
            changes.add(new Change.TopicConfigured(topic.name(), now));
        }
        return now;
    }

    private Map<String, String> broker(Resource resource, boolean validateOnly) {
        if (resource.target().name().isEmpty()) {
            return allBrokers(resource, validateOnly);
        }
        BrokerImage broker = image.brokers().get(brokerId(resource.target().name()));
        if (broker == null) {
            throw new RefusedException(
                    Errors.BROKER_ID_NOT_REGISTERED,
                    "There is no broker " + resource.target().name() + ".");
        }
        Map<String, String> now = ConfigEdit.edit(broker.configs(), resource, BrokerConfigs::find);
        check(broker.configs(), now, Set.of(ConfigScope.CLUSTER_WIDE));
        if (!validateOnly && !now.equals(broker.configs())) {
            changes.add(new Change.BrokerConfigured(broker.id(), now));
        }
        return now;
    }

    private Map<String, String> allBrokers(Resource resource, boolean validateOnly) {
        Map<String, String> now = ConfigEdit.edit(image.configs(), resource, BrokerConfigs::find);
        check(image.configs(), now, Set.of(ConfigScope.CLUSTER_WIDE, ConfigScope.CLUSTER_ONLY));
        if (!validateOnly && !now.equals(image.configs())) {
            changes.add(new Change.ClusterConfigured(now));
        }
        return now;
    }

    private static void check(Map<String, String> before, Map<String, String> now, Set<ConfigScope> allowed) {
        Set<String> differing = new HashSet<>(now.keySet());
        differing.removeIf(name -> Objects.equals(before.get(name), now.get(name)));
        for (String name : differing) {
            ConfigScope scope =
                    BrokerConfigs.find(name).map(BrokerConfig::scope).orElse(null);
            if (scope == ConfigScope.READ_ONLY) {
                throw new RefusedException(
                        Errors.INVALID_REQUEST,
                        "Cannot update these configs dynamically: " + name + " is told to a broker at its start.");
            }
            if (scope != null && !allowed.contains(scope)) {
                throw new RefusedException(
                        Errors.INVALID_REQUEST,
                        "Cannot set " + name + " on one broker: controller and leaders must agree on it. Set it on all"
                                + " brokers (--entity-default), or on topics.");
            }
        }
        for (String name : now.keySet()) {
            if (BrokerConfigs.find(name).isEmpty()) {
                invalid("Unknown broker config name: " + name);
            }
        }
        BrokerConfigs.problem(now).ifPresent(problem -> {
            // So with Kafka: 40 is for topics, 42 for brokers.
            throw new RefusedException(Errors.INVALID_REQUEST, problem);
        });
    }

    private static void invalid(String problem) {
        throw new RefusedException(Errors.INVALID_CONFIG, problem);
    }

    private static int brokerId(String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException notANumber) {
            throw new RefusedException(Errors.INVALID_REQUEST, "Node id must be an integer, but it is: " + name);
        }
    }
}
