package io.naru.coordinator.lifecycle;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.naru.coordinator.shard.ShardTable;
import io.naru.coordinator.view.ClusterView;
import io.naru.protocol.server.MeteredServer;
import io.naru.service.ServicePorts;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Wires the coordinator into Spring: properties in, metrics and health out. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CoordinatorProperties.class)
class CoordinatorConfiguration {

    @Bean(destroyMethod = "close")
    CoordinatorLifecycle coordinatorLifecycle(CoordinatorProperties properties, MeterRegistry registry) {
        CoordinatorLifecycle coordinator =
                new CoordinatorLifecycle(properties, new MeteredServer(registry), new MeteredGroups(registry));
        ShardTable shards = coordinator.shards();
        Gauge.builder("naru.coordinator.shards.owned", shards, ShardTable::owned)
                .description("Shards that this coordinator owns")
                .register(registry);
        Gauge.builder(
                        "naru.coordinator.shards.loading",
                        shards,
                        s -> s.loading().size())
                .description("Of these, those that do not answer yet")
                .register(registry);
        Gauge.builder(
                        "naru.coordinator.shards.unowned",
                        coordinator,
                        c -> c.unowned().size())
                .description("Shards of the cluster that no coordinator owns")
                .register(registry);
        return coordinator;
    }

    /** Closed by its lifecycle. */
    @Bean(destroyMethod = "")
    ShardTable shardTable(CoordinatorLifecycle coordinator) {
        return coordinator.shards();
    }

    @Bean
    ClusterView clusterView(CoordinatorLifecycle coordinator) {
        return coordinator.cluster();
    }

    @Bean
    ServicePorts coordinatorPorts(CoordinatorLifecycle coordinator) {
        return () -> Map.of("kafka", coordinator.kafkaPort());
    }

    @Bean
    Starter coordinatorStarter(CoordinatorLifecycle coordinator) {
        return new Starter(coordinator);
    }

    /** Up once registered and every shard owned has been loaded; until then it says what it waits for. */
    @Bean
    HealthIndicator groupCoordinatorHealthIndicator(CoordinatorLifecycle coordinator) {
        return () -> {
            Health.Builder health = coordinator
                    .notReady()
                    .map(why -> Health.outOfService().withDetail("reason", why))
                    .orElseGet(Health::up);
            return health.withDetail("shards", coordinator.shards().owned())
                    .withDetail("loading", coordinator.shards().loading())
                    .withDetail("unowned", coordinator.unowned())
                    .build();
        };
    }

    /** Registration tells the controller the HTTP port, so it waits until that is bound. */
    record Starter(CoordinatorLifecycle coordinator) {

        @EventListener
        void bound(WebServerInitializedEvent event) {
            if (!"management".equals(event.getApplicationContext().getServerNamespace())) {
                coordinator.start(event.getWebServer().getPort());
            }
        }
    }
}
