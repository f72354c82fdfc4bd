package io.naru.gateway;

import io.naru.protocol.client.ClientOptions;
import io.naru.protocol.client.CoordinatorCache;
import io.naru.protocol.client.KafkaClient;
import io.naru.protocol.client.MetadataCache;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The way to the cluster, and the few threads that there are. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
class ClusterConfiguration {

    private static final int RESPONSE_BYTES_MAX = 128 * 1024 * 1024;
    private static final int GROUPS_MAX = 100_000;

    @Bean(destroyMethod = "close")
    KafkaClient kafkaClient(GatewayProperties properties) {
        return new KafkaClient(
                new ClientOptions("naru-gateway", 3_000, 10_000, RESPONSE_BYTES_MAX), properties.eventLoops());
    }

    @Bean
    MetadataCache metadataCache(KafkaClient client, GatewayProperties properties) {
        return new MetadataCache(
                client, properties.bootstrapNodes(), properties.metadataAge().toMillis());
    }

    @Bean
    CoordinatorCache coordinatorCache(KafkaClient client, MetadataCache metadata) {
        return new CoordinatorCache(client, metadata, GROUPS_MAX);
    }

    @Bean(destroyMethod = "stop")
    Timer gatewayTimer() {
        return new HashedWheelTimer(
                new DefaultThreadFactory("gateway-timer", true), 50, TimeUnit.MILLISECONDS, 512, false);
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService gatewayWorkers(GatewayProperties properties) {
        return Executors.newFixedThreadPool(
                properties.workerThreads(), new DefaultThreadFactory("gateway-worker", true));
    }

    /** Its name is what readiness includes. */
    @Bean("broker")
    BrokerProbe brokerProbe(KafkaClient client, MetadataCache metadata, Timer timer) {
        return new BrokerProbe(client, metadata, timer);
    }
}
