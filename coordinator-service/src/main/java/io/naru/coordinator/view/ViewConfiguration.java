package io.naru.coordinator.view;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the resources need. */
@Configuration(proxyBeanMethods = false)
class ViewConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    LagReader lagReader(ClusterView cluster, Clock clock) {
        return new LagReader(cluster, clock);
    }
}
