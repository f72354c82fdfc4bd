package io.naru.broker.lifecycle;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.naru.protocol.server.MeteredServer;
import io.naru.service.ServicePorts;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Wires the broker into Spring: properties in, metrics and health out. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BrokerProperties.class)
class BrokerConfiguration {

    @Bean(destroyMethod = "close")
    BrokerLifecycle brokerLifecycle(
            BrokerProperties properties, MeterRegistry registry, ConfigurableApplicationContext context) {
        BrokerLifecycle broker = new BrokerLifecycle(
                properties,
                new MeteredServer(registry),
                () -> new Thread(() -> SpringApplication.exit(context, () -> 1), "broker-stop").start());
        new PartitionMetrics(broker.partitions()).bindTo(registry);
        new ReplicationMetrics(broker.partitions(), broker.fetchers()).bindTo(registry);
        Gauge.builder("naru.broker.log.damaged", broker, b -> b.damage().size())
                .description("Damaged places known in the logs, found by the scrub or by a reader")
                .register(registry);
        FunctionCounter.builder(
                        "naru.broker.log.repaired", broker, b -> b.repairs().repaired())
                .description("Damaged places that were replaced by what another replica has")
                .register(registry);
        new CleanerMetrics(broker::cleanerStats).bindTo(registry);
        return broker;
    }

    @Bean
    TopicSizes topicSizes(BrokerLifecycle broker, MeterRegistry registry) {
        return new TopicSizes(broker.partitions(), registry);
    }

    @Bean
    ServicePorts brokerPorts(BrokerLifecycle broker) {
        return () -> Map.of("kafka", broker.kafkaPort());
    }

    @Bean
    Starter brokerStarter(BrokerLifecycle broker) {
        return new Starter(broker);
    }

    /** Up once the broker is registered, unfenced and has the image that says so. */
    @Bean
    HealthIndicator brokerHealthIndicator(BrokerLifecycle broker) {
        return () -> broker.notReady()
                .map(why -> Health.outOfService().withDetail("reason", why).build())
                .orElseGet(() -> Health.up().build());
    }

    /** Down while a log or a data directory is offline. */
    @Bean
    HealthIndicator logDirsHealthIndicator(BrokerLifecycle broker) {
        return () -> {
            var offline = broker.partitions().offline();
            var directories = broker.offlineDirectories();
            return offline.isEmpty() && directories.isEmpty()
                    ? Health.up()
                            .withDetail("partitions", broker.partitions().all().size())
                            .withDetail("damage", broker.damage().toString())
                            .build()
                    : Health.down()
                            .withDetail("offline", offline.toString())
                            .withDetail("offlineDirectories", directories.toString())
                            .build();
        };
    }

    /** Registration tells the controller the HTTP port, so it waits until that is bound. */
    record Starter(BrokerLifecycle broker) {

        @EventListener
        void bound(WebServerInitializedEvent event) {
            if (!"management".equals(event.getApplicationContext().getServerNamespace())) {
                broker.start(event.getWebServer().getPort());
            }
        }
    }
}
