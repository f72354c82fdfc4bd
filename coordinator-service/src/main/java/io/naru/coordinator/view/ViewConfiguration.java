package io.naru.coordinator.view;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.servers.Server;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

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

    @Bean
    @Lazy
    OpenAPI document() {
        return new OpenAPI()
                .info(new Info()
                        .title("Naru groups")
                        .version("1")
                        .description(
                                "Consumer groups as a coordinator sees them. A group that another coordinator has is answered"
                                        + " with 307 and its place; while its shard is being loaded or has no owner, with 503 and"
                                        + " Retry-After. Every error is application/problem+json.")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .servers(List.of(new Server().url("/").description("Wherever this document came from")));
    }
}
