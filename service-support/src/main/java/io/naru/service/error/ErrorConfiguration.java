package io.naru.service.error;

import io.naru.service.http.StrictHttpCustomizer;
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
    StrictHttpCustomizer strictHttpCustomizer() {
        return new StrictHttpCustomizer();
    }

    @Bean
    MvcErrors mvcErrors() {
        return new MvcErrors();
    }
}
