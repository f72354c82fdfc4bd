package io.naru.gateway;

import io.naru.gateway.HttpConfiguration.Routes;
import io.naru.gateway.http.BodyReader;
import io.naru.gateway.http.Route;
import io.naru.gateway.produce.WriteServices;
import io.naru.gateway.v3.AdminForward;
import io.naru.gateway.v3.RecordsRoute;
import io.naru.protocol.client.MetadataCache;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Version 3 of the compatible API. */
@Configuration(proxyBeanMethods = false)
class V3Configuration {

    @Bean
    Routes v3Routes(WriteServices services, MetadataCache metadata) {
        return router -> router.add(
                        "POST", "/v3/clusters/*/topics/*/records", new RecordsRoute(services, metadata, false))
                .add("POST", "/v3/clusters/*/topics/*/records:batch", new RecordsRoute(services, metadata, true));
    }

    @Bean
    Routes adminRoutes(GatewayProperties properties, BodyReader bodies, ExecutorService workers) {
        if (properties.adminUrl().isEmpty()) {
            return router -> {};
        }
        Route forward = new AdminForward(properties.adminUrl(), bodies, workers);
        return router -> {
            for (String method : new String[] {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
                router.add(method, "/v3/**", forward);
            }
        };
    }
}
