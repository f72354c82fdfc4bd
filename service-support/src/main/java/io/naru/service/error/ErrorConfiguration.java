package io.naru.service.error;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** JSON for errors of the container and of Spring MVC. */
@Configuration(proxyBeanMethods = false)
public class ErrorConfiguration {

    @Bean
    JsonErrorsCustomizer jsonErrorsCustomizer() {
        return new JsonErrorsCustomizer();
    }

    @Bean
    MvcErrors mvcErrors() {
        return new MvcErrors();
    }
}
