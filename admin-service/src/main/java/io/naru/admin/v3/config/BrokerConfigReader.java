package io.naru.admin.v3.config;

import io.naru.admin.kafka.ClusterAdmin;
import io.naru.admin.v3.Futures;
import io.naru.cluster.ClusterImage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.springframework.stereotype.Component;

/** Asks brokers for their configs: only they know what they were told at their start. */
@Component
class BrokerConfigReader {

    private final ClusterAdmin admin;

    BrokerConfigReader(ClusterAdmin admin) {
        this.admin = admin;
    }

    /** All configs of each broker. */
    CompletableFuture<Map<Integer, List<ConfigView>>> describe(ClusterImage image, Collection<Integer> brokers) {
        List<ConfigResource> resources = brokers.stream()
                .map(id -> new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id)))
                .toList();
        if (resources.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        Map<ConfigResource, CompletableFuture<Config>> answers = admin.askEach(
                image,
                client -> client.describeConfigs(resources, new DescribeConfigsOptions().includeSynonyms(true))
                        .values());
        Map<Integer, CompletableFuture<Config>> byBroker = new HashMap<>();
        answers.forEach((resource, answer) -> byBroker.put(Integer.valueOf(resource.name()), answer));
        return Futures.all(byBroker)
                .thenApply(configs -> configs.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> entry.getValue().entries().stream()
                                        .map(ConfigView::of)
                                        .toList())));
    }
}
