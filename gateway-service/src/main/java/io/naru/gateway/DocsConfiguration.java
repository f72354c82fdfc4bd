package io.naru.gateway;

import io.naru.gateway.HttpConfiguration.Routes;
import io.naru.gateway.docs.DocsRoutes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The description of the API. */
@Configuration(proxyBeanMethods = false)
class DocsConfiguration {

    @Bean
    Routes docsRoutes(GatewayProperties properties) {
        DocsRoutes docs = new DocsRoutes(!properties.adminUrl().isEmpty());
        return docs::addTo;
    }
}
