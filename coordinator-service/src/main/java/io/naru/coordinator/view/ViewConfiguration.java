package io.naru.coordinator.view;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.coordinator.shard.ShardTable;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the resources need. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LagMetricsProperties.class)
class ViewConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    LagReader lagReader(ClusterView cluster, Clock clock) {
        return new LagReader(cluster, clock);
    }

    @Bean
    LagMetrics lagMetrics(ShardTable shards, LagReader lags, LagMetricsProperties properties, MeterRegistry registry) {
        return new LagMetrics(shards, lags, properties, registry);
    }
}
