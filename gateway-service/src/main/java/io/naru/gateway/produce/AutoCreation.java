package io.naru.gateway.produce;

import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.naru.protocol.client.NodeAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;

/**
 * Whether the cluster creates topics by itself. Apache Kafka answers "unknown topic" both when it does not and when it has just begun
 * to, so the broker's setting decides whether asking again is worth the wait. Asked when first needed, believed for a minute.
 */
final class AutoCreation {

    private static final String SETTING = "auto.create.topics.enable";
    private static final long BELIEVED_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final KafkaClient client;
    private final MetadataCache metadata;
    private volatile CompletableFuture<Boolean> known = CompletableFuture.completedFuture(false);
    private volatile long askedNanos = System.nanoTime() - BELIEVED_NANOS;

    AutoCreation(KafkaClient client, MetadataCache metadata) {
        this.client = client;
        this.metadata = metadata;
    }

    /** Never fails: a cluster that does not tell does not create. */
    CompletableFuture<Boolean> isEnabled() {
        if (System.nanoTime() - askedNanos >= BELIEVED_NANOS) {
            askedNanos = System.nanoTime();
            known = ask().exceptionally(untold -> false);
        }
        return known;
    }

    private CompletableFuture<Boolean> ask() {
        return client.send(metadata.anyNode(), new DescribeClusterRequestData(), DescribeClusterResponseData.class)
                .thenCompose(answer -> {
                    DescribeClusterResponseData.DescribeClusterBroker broker =
                            answer.brokers().iterator().next();
                    DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                            .setResources(List.of(new DescribeConfigsResource()
                                    .setResourceType(ConfigResource.Type.BROKER.id())
                                    .setResourceName(Integer.toString(broker.brokerId()))
                                    .setConfigurationKeys(List.of(SETTING))));
                    return client.send(
                            new NodeAddress(broker.host(), broker.port()), request, DescribeConfigsResponseData.class);
                })
                .thenApply(answer -> answer.results().stream()
                        .flatMap(result -> result.configs().stream())
                        .anyMatch(config -> config.name().equals(SETTING) && "true".equals(config.value())));
    }
}
