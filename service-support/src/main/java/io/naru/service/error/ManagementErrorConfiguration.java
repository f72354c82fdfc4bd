package io.naru.service.error;

import io.naru.service.http.StrictHttpCustomizer;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.context.annotation.Bean;

/** JSON errors on a management port of its own; the web server there asks its own context only. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementErrorConfiguration {

    @Bean
    JsonErrorsCustomizer managementJsonErrorsCustomizer() {
        return new JsonErrorsCustomizer();
    }

    @Bean
    StrictHttpCustomizer managementStrictHttpCustomizer() {
        return new StrictHttpCustomizer();
    }
}
